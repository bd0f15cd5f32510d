"""deleteRoom: close a room and delete its messages."""

from chat.domain.membership import Membership
from chat.logic.audit import record_change
from chat.logic.fan_out import push_to_room
from chat.logic.moderation import retry_on_conflict
from chat.logic.permissions import require_owner
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import DeleteRoom, Removed, RoomDeleted

MAX_UNSUBSCRIBED = 100
"""Connections that one request unsubscribes, at one database request each."""


def handle(request: Request[DeleteRoom], services: Services) -> RoomDeleted:
    """Close the room, then unsubscribe its connections, then delete its items.

    After the close no user can join or send. The owner's membership is deleted last, so that the
    owner can repeat the request until `complete` is true.
    """
    room_id = request.body.room_id
    connection = throttle(request.connection_id, "changes", services)

    def close() -> tuple[Membership, bool]:
        owner = require_owner(room_id, connection, services)
        return owner, services.rooms.close(room_id, by=owner)

    owner, has_closed = retry_on_conflict(close)
    if has_closed:
        record_change("roomDeleted", connection, room_id=room_id)
    event = Removed(room_id=room_id, reason="deleted")
    push_to_room(room_id, event, services, except_for=request.connection_id)
    subscribers = services.subscribers.of(room_id, limit=MAX_UNSUBSCRIBED)
    services.subscribers.unsubscribe_all(room_id, [it.connection_id for it in subscribers])
    is_empty = len(subscribers) < MAX_UNSUBSCRIBED
    complete = is_empty and services.rooms.purge(room_id, last=owner.user_id)
    return RoomDeleted(room_id=room_id, complete=complete)
