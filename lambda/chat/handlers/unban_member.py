"""unbanMember: let a banned user come again, as nobody in particular."""

from dataclasses import replace

from chat.authority import amend, require_order
from chat.ports import Request, Services
from chat.protocol import MemberUnbanned, UnbanMember
from chat.words import check_user_id


def handle(request: Request[UnbanMember], services: Services) -> MemberUnbanned:
    """Lift the ban; for who was not banned, nothing changes."""
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = services.rooms.connection(request.connection_id)
    require_order(room_id, connection, services)

    check_user_id(user_id)
    if services.standings.of(room_id, user_id).banned:
        amend(room_id, user_id, lambda target: replace(target, banned=False), services)
    return MemberUnbanned(room_id=room_id, user_id=user_id)
