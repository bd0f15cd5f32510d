"""banMember: ban a user from a room until unbanMember."""

from dataclasses import replace

from chat.domain.membership import Membership
from chat.logic.moderation import (
    remove_from_room,
    require_rank,
    update_membership,
    with_display_name,
)
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import BanMember, MemberBanned


def handle(request: Request[BanMember], services: Services) -> MemberBanned:
    """Store the ban, then remove the user's connections from the room.

    In this order the user cannot join again in between. Users who have left can be banned too.
    """
    room_id, user_id = request.body.room_id, request.body.user_id
    connection = throttle(request.connection_id, "changes", services)

    def ban(actor: Membership, target: Membership) -> Membership:
        require_rank(actor, target)
        if target.banned:
            return target
        return replace(with_display_name(target, services).with_role(None), banned=True)

    before, _ = update_membership(room_id, user_id, ban, connection, services, event="memberBanned")
    remove_from_room(before, services, reason="banned")
    return MemberBanned(room_id=room_id, user_id=user_id)
