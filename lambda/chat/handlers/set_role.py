"""setRole: make a user owner, moderator, or neither."""

from dataclasses import replace

from chat.domain.membership import Membership
from chat.errors import BadRequest
from chat.logic.flood_control import throttle
from chat.logic.moderation import known, tell, update_membership
from chat.logic.permissions import require_owner
from chat.ports import Request, Services
from chat.protocol import RoleSet, SetRole


def handle(request: Request[SetRole], services: Services) -> RoleSet:
    """Change the role of who is in the room or has one there; owners may step down themselves."""
    body = request.body
    connection = throttle(request.connection_id, "changes", services)

    def promoted(_: Membership, target: Membership) -> Membership:
        if target.banned:
            raise BadRequest("$.userId: this user is banned from the room: unbanMember first")
        if target.role == body.role:
            return target
        return replace(known(target, services), role=body.role)

    old, membership = update_membership(
        body.room_id, body.user_id, promoted, connection, services, right=require_owner
    )
    tell(old, membership, services, besides=request.connection_id)
    return RoleSet(room_id=body.room_id, member=membership.member)
