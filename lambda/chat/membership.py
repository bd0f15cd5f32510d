"""The check before anything that only a room's members may do."""

from chat.errors import NotAMember
from chat.ports import Connection, Services


def require_member(room_id: str, connection_id: str, services: Services) -> Connection:
    """The connection, if it is in the room; raises `NotAMember`, `RoomNotFound`, `Unauthorized`."""
    connection = services.rooms.connection(connection_id)
    if room_id not in connection.rooms:
        services.rooms.room(room_id)
        raise NotAMember("$.roomId: this connection is not in the room: joinRoom first")
    return connection
