"""The checks before anything that only a room's members may do."""

from collections.abc import Callable

from chat.domain.clock import wire
from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Forbidden, NotAMember, RoomNotFound
from chat.ports import Services


def require_member(room_id: str, connection_id: str, services: Services) -> Connection:
    """The connection, if it is in the room; raises `NotAMember`, `RoomNotFound`, `Unauthorized`."""
    connection = services.rooms.connection(connection_id)
    require_subscribed(room_id, connection, services)
    return connection


def require_readable(room_id: str, connection_id: str, services: Services) -> Connection:
    """The same, and the room has not ended: who has not been taken out yet reads no more."""
    connection = require_member(room_id, connection_id, services)
    services.rooms.room(room_id)
    return connection


def require_subscribed(room_id: str, connection: Connection, services: Services) -> None:
    """Refuse a connection that is not in the room; raises `NotAMember`, `RoomNotFound`."""
    if room_id not in connection.rooms:
        # In this order a private room costs as many requests as none: its time tells nothing.
        membership_of(room_id, connection, services)
        services.rooms.room(room_id)
        raise NotAMember("$.roomId: this connection is not in the room: joinRoom first")


def require_unmuted(room_id: str, connection: Connection, services: Services) -> None:
    """Refuse who is muted in the room; raises `Forbidden`."""
    now, until = services.clock.now(), connection.muted.get(room_id)
    if until and until > now:
        wait = int((until - now).total_seconds() * 1000) + 1
        raise Forbidden(f"you are muted in this room until {wire(until)}", retry_after_ms=wait)


Right = Callable[[str, Connection, Services], Membership]
"""How a user stands in a room, if that is enough for what they want to do there."""


def require_moderator(room_id: str, connection: Connection, services: Services) -> Membership:
    """The user's standing, if they keep order; raises `Forbidden`, `RoomNotFound`."""
    membership = membership_of(room_id, connection, services)
    if not membership.can_moderate:
        raise Forbidden("only owners and moderators of the room may do this")
    return membership


def require_owner(room_id: str, connection: Connection, services: Services) -> Membership:
    """The user's standing, if they own the room; raises `Forbidden`, `RoomNotFound`."""
    membership = membership_of(room_id, connection, services)
    if not membership.is_owner:
        raise Forbidden("only owners of the room may do this")
    return membership


def membership_of(room_id: str, connection: Connection, services: Services) -> Membership:
    """How the user stands in a room; raises `RoomNotFound`, also for private rooms of others."""
    membership = services.memberships.of(room_id, connection.member.user_id)
    if not membership.role and services.rooms.room(room_id).visibility == "private":
        raise RoomNotFound
    return membership
