"""listMembers: return the users in a room."""

from chat.logic import history
from chat.logic.member_count import count_members
from chat.logic.permissions import require_readable
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import ListMembers, Members


def handle(request: Request[ListMembers], services: Services) -> Members:
    """Return the users in the room, once each, as many as fit, and their number."""
    room_id = request.body.room_id
    connection = throttle(request.connection_id, "reads", services)
    require_readable(room_id, connection, services)

    counted = count_members(room_id, services)
    members = history.fit(counted.members, max_bytes=services.limits.history_bytes)
    return Members(room_id=room_id, members=members, member_count=counted.count)
