"""banMember: keep a user out of a room for good."""

from dataclasses import replace

from chat.domain.membership import Standing
from chat.logic.moderation import amend, named, require_rank
from chat.pace import at_pace
from chat.ports import Request, Services
from chat.protocol import BanMember, MemberBanned
from chat.removal import put_out


def handle(request: Request[BanMember], services: Services) -> MemberBanned:
    """Keep the ban first, so that nobody slips in again while the connections are put out.

    Whoever has left before they could be banned is banned all the same.
    """
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = at_pace(request.connection_id, "changes", services)

    def banned(actor: Standing, target: Standing) -> Standing:
        require_rank(actor, target)
        if target.banned:
            return target
        return replace(named(target, services), role=None, banned=True)

    old, _ = amend(room_id, user_id, banned, connection, services)
    put_out(old, services, reason="banned")
    return MemberBanned(room_id=room_id, user_id=user_id)
