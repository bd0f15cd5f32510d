"""banMember: keep a user out of a room for good."""

from dataclasses import replace

from chat.domain.membership import Membership
from chat.logic.flood_control import throttle
from chat.logic.moderation import named, remove_from_room, require_rank, update_membership
from chat.ports import Request, Services
from chat.protocol import BanMember, MemberBanned


def handle(request: Request[BanMember], services: Services) -> MemberBanned:
    """Keep the ban first, so that nobody slips in again while the connections are put out.

    Whoever has left before they could be banned is banned all the same.
    """
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = throttle(request.connection_id, "changes", services)

    def banned(actor: Membership, target: Membership) -> Membership:
        require_rank(actor, target)
        if target.banned:
            return target
        return replace(named(target, services), role=None, banned=True)

    old, _ = update_membership(room_id, user_id, banned, connection, services)
    remove_from_room(old, services, reason="banned")
    return MemberBanned(room_id=room_id, user_id=user_id)
