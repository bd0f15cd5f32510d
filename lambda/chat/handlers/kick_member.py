"""kickMember: put a user out of a room, who may come back where the room is public."""

from dataclasses import replace

from chat.domain.membership import Standing
from chat.logic.moderation import amend, known, require_rank
from chat.pace import at_pace
from chat.ports import Request, Services
from chat.protocol import KickMember, MemberKicked
from chat.removal import put_out


def handle(request: Request[KickMember], services: Services) -> MemberKicked:
    """Take away the role, and so a private room's membership, and end the user's presence."""
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = at_pace(request.connection_id, "changes", services)

    def kicked(actor: Standing, target: Standing) -> Standing:
        require_rank(actor, target)
        return replace(known(target, services), role=None)

    old, _ = amend(room_id, user_id, kicked, connection, services)
    put_out(old, services, reason="kicked")
    return MemberKicked(room_id=room_id, user_id=user_id)
