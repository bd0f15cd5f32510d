"""leaveRoom: unsubscribe a connection from a room, or end the user's membership."""

from functools import partial

from chat.domain.membership import Membership
from chat.logic.audit import record_change
from chat.logic.gone_connections import announce_leaves
from chat.logic.moderation import remove_from_room, retry_on_conflict
from chat.logic.permissions import require_subscribed
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import LeaveRoom, RoomLeft


def handle(request: Request[LeaveRoom], services: Services) -> RoomLeft:
    """Unsubscribe the connection, and announce it if it was the user's last in the room.

    With `forGood`, removes the user's role first, which a room's last owner cannot do.
    """
    room_id = request.body.room_id
    connection = throttle(request.connection_id, "reads", services)
    require_subscribed(room_id, connection, services)
    user_id = connection.member.user_id
    if request.body.for_good:
        before = retry_on_conflict(partial(_remove_role, room_id, user_id, services))
        if before.stored_role:
            record_change("roleGivenUp", connection, room_id=room_id, formerRole=before.stored_role)
        remove_from_room(before, services, reason="left", except_for=request.connection_id)
    else:
        services.room_transactions.leave(room_id, connection=connection)
        announce_leaves([(room_id, user_id)], services)
    return RoomLeft(room_id=room_id)


def _remove_role(room_id: str, user_id: str, services: Services) -> Membership:
    """Remove the user's own role; return the membership before."""
    own = services.memberships.of(room_id, user_id)
    services.memberships.change(own, own.with_role(None), by=own)
    return own
