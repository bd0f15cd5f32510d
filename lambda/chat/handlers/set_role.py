"""setRole: make a user owner, moderator, or neither."""

from dataclasses import replace

from chat.domain.membership import Standing
from chat.errors import BadRequest
from chat.logic.moderation import amend, known, require_owner, tell
from chat.pace import at_pace
from chat.ports import Request, Services
from chat.protocol import RoleSet, SetRole


def handle(request: Request[SetRole], services: Services) -> RoleSet:
    """Change the role of who is in the room or has one there; owners may step down themselves."""
    body = request.body
    connection = at_pace(request.connection_id, "changes", services)

    def promoted(_: Standing, target: Standing) -> Standing:
        if target.banned:
            raise BadRequest("$.userId: this user is banned from the room: unbanMember first")
        if target.role == body.role:
            return target
        return replace(known(target, services), role=body.role)

    old, standing = amend(
        body.room_id, body.user_id, promoted, connection, services, right=require_owner
    )
    tell(old, standing, services, besides=request.connection_id)
    return RoleSet(room_id=body.room_id, member=standing.member)
