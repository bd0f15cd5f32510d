"""unbanMember: lift a user's ban from a room."""

from dataclasses import replace

from chat.domain.membership import Membership
from chat.logic.moderation import update_membership
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import MemberUnbanned, UnbanMember


def handle(request: Request[UnbanMember], services: Services) -> MemberUnbanned:
    """Lift the ban. The user is then a visitor without a role. Nothing changes without a ban."""
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = throttle(request.connection_id, "changes", services)

    def unban(_: Membership, target: Membership) -> Membership:
        return replace(target, banned=False) if target.banned else target

    update_membership(room_id, user_id, unban, connection, services, event="memberUnbanned")
    return MemberUnbanned(room_id=room_id, user_id=user_id)
