"""listMembers: who is in a room."""

from chat.logic import history
from chat.logic.permissions import require_readable
from chat.logic.presence import company
from chat.ports import Request, Services
from chat.protocol import ListMembers, Members


def handle(request: Request[ListMembers], services: Services) -> Members:
    """The people in the room, once each, as many as fit, and how many they are."""
    room_id = request.body.room_id
    require_readable(room_id, request.connection_id, services)

    found = company(room_id, services)
    shown = history.fit(found.people, budget=services.limits.history_bytes)
    return Members(room_id=room_id, members=shown, member_count=found.count)
