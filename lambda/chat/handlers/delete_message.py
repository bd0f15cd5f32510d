"""deleteMessage: delete the text of a message."""

from functools import partial

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.domain.rate_limit import Kind
from chat.errors import Forbidden, RateLimited
from chat.logic.audit import record_change
from chat.logic.fan_out import push_to_room
from chat.logic.moderation import retry_on_conflict
from chat.logic.permissions import membership_of, require_readable, require_unmuted
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import DeleteMessage, Message, MessageChanged, MessageDeleted


def handle(request: Request[DeleteMessage], services: Services) -> MessageDeleted:
    """Delete the user's own message, or as a moderator any message. Its seq stays.

    A muted user deletes nothing, because the others receive each deletion.
    A deletion of an own message counts as a message, and of another user's as a change. A
    repeated request is pushed until this environment has finished that: the first may have
    failed before the push.
    """
    room_id = request.body.room_id
    connection = throttle(request.connection_id, "reads", services)
    require_readable(room_id, connection, services)
    require_unmuted(room_id, connection, services)
    message = services.messages.get(room_id, request.body.seq)
    kind: Kind = "messages" if _is_own(message, connection) else "changes"
    if not message.deleted_at:
        throttle(request.connection_id, kind, services)

    deleted = retry_on_conflict(partial(_delete, message, connection, services))
    if not message.deleted_at:
        sender_id = message.sender.user_id
        record_change(
            "messageDeleted", connection, room_id=room_id, target=sender_id, seq=message.seq
        )
    if services.finished_pushes.has(deleted):
        return MessageDeleted(message=deleted)
    if not message.deleted_at or _may_repeat(connection, kind, services):
        event = MessageChanged(message=deleted)
        if push_to_room(room_id, event, services, except_for=request.connection_id):
            services.finished_pushes.add(deleted)
    return MessageDeleted(message=deleted)


def _is_own(message: Message, connection: Connection) -> bool:
    return message.sender.user_id == connection.member.user_id


def _delete(message: Message, connection: Connection, services: Services) -> Message:
    """Delete a message if the user may, and return what is left of it.

    Another user's message is deleted only while the membership that permits it is unchanged.
    """
    by = Membership(message.room_id, connection.member.user_id)
    if not _is_own(message, connection):
        by = membership_of(message.room_id, connection, services)
        if not by.can_moderate:
            raise Forbidden("only its sender, owners and moderators may delete this message")
    return message if message.deleted_at else services.deletions.delete_message(message, by=by)


def _may_repeat(connection: Connection, kind: Kind, services: Services) -> bool:
    """Return whether the event is pushed again. The rate limit keeps it from flooding."""
    try:
        throttle(connection.connection_id, kind, services)
    except RateLimited:
        return False
    return True
