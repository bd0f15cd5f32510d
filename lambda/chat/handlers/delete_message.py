"""deleteMessage: take a message back."""

from functools import partial

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Forbidden, RateLimited
from chat.logic.flood_control import throttle
from chat.logic.moderation import retry_on_conflict
from chat.logic.permissions import membership_of, require_readable, require_unmuted
from chat.logic.presence import announce
from chat.ports import Request, Services
from chat.protocol import DeleteMessage, Message, MessageChanged, MessageDeleted


def handle(request: Request[DeleteMessage], services: Services) -> MessageDeleted:
    """Delete one's own, or, keeping order, anyone's; its place in the log stays.

    A repeated request is pushed again: the first may have died before it came to that.
    """
    room_id = request.body.room_id
    connection = require_readable(room_id, request.connection_id, services)
    message = services.rooms.message(room_id, request.body.seq)

    left = retry_on_conflict(partial(_take_back, message, connection, services))
    if not message.deleted_at or _may_repeat(room_id, connection, services):
        announce(room_id, MessageChanged(message=left), services, besides=request.connection_id)
    return MessageDeleted(message=left)


def _take_back(message: Message, connection: Connection, services: Services) -> Message:
    """What is left of it, if it is theirs to delete; others' while their right to it lasts."""
    by = Membership(message.room_id, connection.member.user_id)
    if message.sender.user_id != by.user_id:
        by = membership_of(message.room_id, connection, services)
        if not by.can_moderate:
            raise Forbidden("this is somebody else's message: only owners and moderators may")
    return message if message.deleted_at else services.rooms.take_back(message, by=by)


def _may_repeat(room_id: str, connection: Connection, services: Services) -> bool:
    """Whether it is pushed again: as often as somebody may speak, or it would be a way to flood."""
    try:
        require_unmuted(room_id, connection, services)
        throttle(connection.connection_id, "messages", services)
    except (Forbidden, RateLimited):
        return False
    return True
