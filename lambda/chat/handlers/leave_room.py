"""leaveRoom: leave a room with this connection."""

from chat.membership import require_member
from chat.ports import Request, Services
from chat.presence import announce_leave
from chat.protocol import LeaveRoom, RoomLeft


def handle(request: Request[LeaveRoom], services: Services) -> RoomLeft:
    """Take the connection out, and tell those who stay if it was the user's last."""
    room_id = request.body.room_id
    connection = require_member(room_id, request.connection_id, services)

    services.rooms.leave(room_id, connection=connection)
    announce_leave(room_id, connection.member.user_id, services)
    return RoomLeft(room_id=room_id)
