"""The checks before anything that only a room's members may do."""

from chat.domain.clock import wire
from chat.domain.connection import Connection
from chat.errors import Forbidden, NotAMember
from chat.logic.moderation import standing_of
from chat.ports import Services


def require_member(room_id: str, connection_id: str, services: Services) -> Connection:
    """The connection, if it is in the room; raises `NotAMember`, `RoomNotFound`, `Unauthorized`."""
    connection = services.rooms.connection(connection_id)
    require_in(room_id, connection, services)
    return connection


def require_reader(room_id: str, connection_id: str, services: Services) -> Connection:
    """The same, and the room has not ended: who has not been taken out yet reads no more."""
    connection = require_member(room_id, connection_id, services)
    services.rooms.room(room_id)
    return connection


def require_in(room_id: str, connection: Connection, services: Services) -> None:
    """Refuse a connection that is not in the room; raises `NotAMember`, `RoomNotFound`."""
    if room_id not in connection.rooms:
        # In this order a private room costs as many requests as none: its time tells nothing.
        standing_of(room_id, connection, services)
        services.rooms.room(room_id)
        raise NotAMember("$.roomId: this connection is not in the room: joinRoom first")


def require_voice(room_id: str, connection: Connection, services: Services) -> None:
    """Refuse who is muted in the room; raises `Forbidden`."""
    now, until = services.clock.now(), connection.muted.get(room_id)
    if until and until > now:
        wait = int((until - now).total_seconds() * 1000) + 1
        raise Forbidden(f"you are muted in this room until {wire(until)}", retry_after_ms=wait)
