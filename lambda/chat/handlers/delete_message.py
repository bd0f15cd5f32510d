"""deleteMessage: take a message back."""

from chat.authority import standing_of
from chat.errors import Forbidden, RateLimited
from chat.membership import require_reader, require_voice
from chat.ports import Request, Services
from chat.presence import announce
from chat.protocol import DeleteMessage, MessageChanged, MessageDeleted
from chat.records import Connection


def handle(request: Request[DeleteMessage], services: Services) -> MessageDeleted:
    """Delete one's own, or, keeping order, anyone's; its place in the log stays.

    A repeated request is pushed again: the first may have died before it came to that.
    """
    room_id = request.body.room_id
    connection = require_reader(room_id, request.connection_id, services)
    user_id = connection.member.user_id
    message = services.rooms.message(room_id, request.body.seq)
    own = message.sender.user_id == user_id
    if not own and not standing_of(room_id, connection, services).keeps_order:
        raise Forbidden("this is somebody else's message: only owners and moderators may")

    left = message if message.deleted_at else services.rooms.take_back(message, by=user_id)
    if not message.deleted_at or _may_repeat(room_id, connection, services):
        announce(room_id, MessageChanged(message=left), services, besides=request.connection_id)
    return MessageDeleted(message=left)


def _may_repeat(room_id: str, connection: Connection, services: Services) -> bool:
    """Whether it is pushed again: as often as somebody may speak, or it would be a way to flood."""
    try:
        require_voice(room_id, connection, services)
        services.floods.connection(connection.connection_id, "messages")
        services.floods.user(connection.member.user_id, "messages")
    except (Forbidden, RateLimited):
        return False
    return True
