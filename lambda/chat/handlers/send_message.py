"""sendMessage: say something to everyone in a room."""

from chat.domain.connection import Connection
from chat.errors import RateLimited
from chat.logic.permissions import require_member, require_subscribed, require_unmuted
from chat.logic.presence import announce
from chat.ports import Request, Services
from chat.protocol import Message, MessageEvent, MessageSent, SendMessage
from chat.protocol.text import check_text


def handle(request: Request[SendMessage], services: Services) -> MessageSent:
    """Append the message to the room's log, then push it to the room's audience.

    A repeated request is pushed again: the first may have died before it came to that.
    """
    said = request.body
    check_text(said.text, limit=services.limits.text_length)
    try:
        sender = _speaker(request, services)
    except RateLimited:
        # Nobody hears it again, or repeating would be a way to flood a room.
        if stored := _stored(request, services):
            return MessageSent(message=stored)
        raise

    message = _kept(said, sender, services)
    event = MessageEvent(message=message)
    if not announce(said.room_id, event, services, besides=request.connection_id):
        services.rooms.confirm(message)  # its sender was put out meanwhile, if not everybody
    return MessageSent(message=message)


def _kept(said: SendMessage, sender: Connection, services: Services) -> Message:
    """The message in the log; where there is a review, it is before a message is stored.

    A review may take seconds, in which its sender was put out or muted: it is asked once more.
    """
    member = sender.member
    if services.review:
        if said.client_message_id and (stored := services.rooms.sent(said, sender=member)):
            return stored
        said = services.review.of(said, sender=member)
        now = require_member(said.room_id, sender.connection_id, services)
        require_unmuted(said.room_id, now, services)
    return services.rooms.append(said, sender=member)


def _speaker(request: Request[SendMessage], services: Services) -> Connection:
    """Who says it, if they may, and not too much; its user's bucket is touched last."""
    room_id = request.body.room_id
    connection = services.floods.connection(request.connection_id, "messages")
    require_subscribed(room_id, connection, services)
    require_unmuted(room_id, connection, services)
    services.floods.user(connection.member.user_id, "messages")
    return connection


def _stored(request: Request[SendMessage], services: Services) -> Message | None:
    """The message, if it is in the log already: that is acknowledged however fast it is asked."""
    said = request.body
    if said.client_message_id is None:
        return None
    sender = require_member(said.room_id, request.connection_id, services)
    return services.rooms.sent(said, sender=sender.member)
