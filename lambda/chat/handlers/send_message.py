"""sendMessage: post a message to a room."""

from chat.domain.connection import Connection
from chat.errors import RateLimited
from chat.logic.fan_out import push_to_subscribers
from chat.logic.permissions import require_member, require_subscribed, require_unmuted
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import Message, MessageEvent, MessageSent, SendMessage
from chat.protocol.text import check_text


def handle(request: Request[SendMessage], services: Services) -> MessageSent:
    """Append the message to the room's log, then push it to the room's subscribers.

    A repeated request is pushed until this environment has finished that: the first may have
    failed before the push.
    """
    body = request.body
    check_text(body.text, limit=services.limits.text_length)
    try:
        sender = _require_sender(request, services)
    except RateLimited:
        # A stored message is acknowledged but not pushed: repeating could flood a room.
        if stored := _find_sent(request, services):
            return MessageSent(message=stored)
        raise

    message = _append(body, sender, services)
    if not services.finished_pushes.has(message):
        _push(message, request.connection_id, services)
    return MessageSent(message=message)


def _push(message: Message, sender_id: str, services: Services) -> None:
    """Push a message to its room, except for the connection that sent it."""
    room_id, event = message.room_id, MessageEvent(message=message)
    subscribers = services.subscribers.of(room_id)
    reached = push_to_subscribers(room_id, event, subscribers, services, except_for=sender_id)
    if not any(subscriber.connection_id == sender_id for subscriber in subscribers):
        # The sender, or everyone, was removed meanwhile: the room may have been deleted.
        services.messages.ensure_room_open(message)
    if reached and message.client_message_id:
        services.finished_pushes.add(message)


def _append(body: SendMessage, sender: Connection, services: Services) -> Message:
    """Append a message after the review, if there is one.

    A review may take seconds, in which the sender may be removed or muted: it is checked again.
    """
    member = sender.member
    if services.review:
        if body.client_message_id and (stored := services.messages.find_sent(body, sender=member)):
            return stored
        body = services.review.of(body, sender=member)
        current = require_member(body.room_id, sender.connection_id, services)
        require_unmuted(body.room_id, current, services)
    return services.messages.append(body, sender=member)


def _require_sender(request: Request[SendMessage], services: Services) -> Connection:
    """Return the sender's connection if it may send. An attempt counts too."""
    room_id = request.body.room_id
    connection = throttle(request.connection_id, "messages", services)
    require_subscribed(room_id, connection, services)
    require_unmuted(room_id, connection, services)
    return connection


def _find_sent(request: Request[SendMessage], services: Services) -> Message | None:
    """Return the message if it is stored already. It counts as a read then, not as a message."""
    body = request.body
    if body.client_message_id is None:
        return None
    sender = throttle(request.connection_id, "reads", services)
    require_subscribed(body.room_id, sender, services)
    return services.messages.find_sent(body, sender=sender.member)
