"""kickMember: remove a user from a room. Visitors of a public room may rejoin."""

from chat.domain.membership import Membership
from chat.logic.moderation import (
    remove_from_room,
    require_known_user,
    require_rank,
    update_membership,
)
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import KickMember, MemberKicked


def handle(request: Request[KickMember], services: Services) -> MemberKicked:
    """Remove a user's role and connections from the room.

    Members of a private room lose their membership.
    """
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = throttle(request.connection_id, "changes", services)

    def remove_role(actor: Membership, target: Membership) -> Membership:
        require_rank(actor, target)
        return require_known_user(target, services).with_role(None)

    before, _ = update_membership(
        room_id, user_id, remove_role, connection, services, event="memberKicked"
    )
    remove_from_room(before, services, reason="kicked")
    return MemberKicked(room_id=room_id, user_id=user_id)
