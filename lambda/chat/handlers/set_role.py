"""setRole: make a user owner, moderator or member of a room."""

from dataclasses import replace

from chat.domain.membership import Membership
from chat.errors import BadRequest, Forbidden
from chat.logic.moderation import notify_change, require_known_user, update_membership
from chat.logic.permissions import require_owner
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import RoleSet, SetRole


def handle(request: Request[SetRole], services: Services) -> RoleSet:
    """Change the role of a user who is in the room or has a role.

    Only owners themselves step down, so that no owner can ban another in two steps. Owners cannot
    be muted, so the promotion to owner ends a mute.
    """
    body = request.body
    connection = throttle(request.connection_id, "changes", services)

    def set_role(actor: Membership, target: Membership) -> Membership:
        if target.banned:
            raise BadRequest("$.userId: this user is banned from the room: unbanMember first")
        if target.role == body.role:
            return target
        if target.is_owner and target.user_id != actor.user_id:
            raise Forbidden("only the owner themselves may give up the role of an owner")
        changed = require_known_user(target, services).with_role(body.role)
        return replace(changed, muted_until=None) if changed.is_owner else changed

    before, after = update_membership(
        body.room_id,
        body.user_id,
        set_role,
        connection,
        services,
        event="roleSet",
        permission=require_owner,
    )
    notify_change(before, after, services, except_for=request.connection_id)
    return RoleSet(room_id=body.room_id, member=after.member)
