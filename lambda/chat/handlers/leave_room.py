"""leaveRoom: leave a room with this connection, or for good."""

from dataclasses import replace
from functools import partial

from chat.domain.membership import Membership
from chat.logic.moderation import remove_from_room, retry_on_conflict
from chat.logic.permissions import require_member
from chat.logic.presence import announce_leave
from chat.ports import Request, Services
from chat.protocol import LeaveRoom, RoomLeft


def handle(request: Request[LeaveRoom], services: Services) -> RoomLeft:
    """Take the connection out, and tell those who stay if it was the user's last.

    For good, the user gives up every role first, which a room's last owner cannot.
    """
    room_id = request.body.room_id
    connection = require_member(room_id, request.connection_id, services)
    user_id = connection.member.user_id
    if request.body.for_good:
        was = retry_on_conflict(partial(_give_up, room_id, user_id, services))
        remove_from_room(was, services, reason="left", besides=request.connection_id)
    else:
        services.rooms.leave(room_id, connection=connection)
        announce_leave(room_id, user_id, services)
    return RoomLeft(room_id=room_id)


def _give_up(room_id: str, user_id: str, services: Services) -> Membership:
    own = services.memberships.of(room_id, user_id)
    services.memberships.change(own, replace(own, role=None), by=own)
    return own
