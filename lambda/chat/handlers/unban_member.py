"""unbanMember: let a banned user come again, as nobody in particular."""

from dataclasses import replace

from chat.domain.membership import Membership
from chat.logic.flood_control import throttle
from chat.logic.moderation import update_membership
from chat.ports import Request, Services
from chat.protocol import MemberUnbanned, UnbanMember


def handle(request: Request[UnbanMember], services: Services) -> MemberUnbanned:
    """Lift the ban; for who was not banned, nothing changes."""
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = throttle(request.connection_id, "changes", services)

    def unbanned(_: Membership, target: Membership) -> Membership:
        return replace(target, banned=False) if target.banned else target

    update_membership(room_id, user_id, unbanned, connection, services)
    return MemberUnbanned(room_id=room_id, user_id=user_id)
