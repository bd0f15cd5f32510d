"""kickMember: put a user out of a room, who may come back where the room is public."""

from dataclasses import replace

from chat.domain.membership import Membership
from chat.logic.flood_control import throttle
from chat.logic.moderation import known, remove_from_room, require_rank, update_membership
from chat.ports import Request, Services
from chat.protocol import KickMember, MemberKicked


def handle(request: Request[KickMember], services: Services) -> MemberKicked:
    """Take away the role, and so a private room's membership, and end the user's presence."""
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = throttle(request.connection_id, "changes", services)

    def kicked(actor: Membership, target: Membership) -> Membership:
        require_rank(actor, target)
        return replace(known(target, services), role=None)

    old, _ = update_membership(room_id, user_id, kicked, connection, services)
    remove_from_room(old, services, reason="kicked")
    return MemberKicked(room_id=room_id, user_id=user_id)
