"""deleteMessage: take a message back."""

from chat.authority import standing_of
from chat.errors import Forbidden
from chat.membership import require_member
from chat.ports import Request, Services
from chat.presence import announce
from chat.protocol import DeleteMessage, MessageChanged, MessageDeleted


def handle(request: Request[DeleteMessage], services: Services) -> MessageDeleted:
    """Delete one's own, or, keeping order, anyone's; its place in the log stays."""
    room_id = request.body.room_id
    connection = require_member(room_id, request.connection_id, services)
    user_id = connection.member.user_id
    message = services.rooms.message(room_id, request.body.seq)
    own = message.sender.user_id == user_id
    if not own and not standing_of(room_id, connection, services).keeps_order:
        raise Forbidden("this is somebody else's message: only owners and moderators may")

    left = message if message.deleted_at else services.rooms.take_back(message, by=user_id)
    announce(room_id, MessageChanged(message=left), services, besides=request.connection_id)
    return MessageDeleted(message=left)
