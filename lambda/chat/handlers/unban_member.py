"""unbanMember: let a banned user come again, as nobody in particular."""

from dataclasses import replace

from chat.domain.membership import Standing
from chat.logic.moderation import amend
from chat.pace import at_pace
from chat.ports import Request, Services
from chat.protocol import MemberUnbanned, UnbanMember


def handle(request: Request[UnbanMember], services: Services) -> MemberUnbanned:
    """Lift the ban; for who was not banned, nothing changes."""
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = at_pace(request.connection_id, "changes", services)

    def unbanned(_: Standing, target: Standing) -> Standing:
        return replace(target, banned=False) if target.banned else target

    amend(room_id, user_id, unbanned, connection, services)
    return MemberUnbanned(room_id=room_id, user_id=user_id)
