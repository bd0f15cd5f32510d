"""Checks that a connection may act in a room."""

from collections.abc import Callable
from datetime import datetime

from chat.domain.clock import wire
from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Forbidden, NotAMember, RoomNotFound
from chat.ports import Services

Permission = Callable[[str, Connection, Services], Membership]
"""Returns a user's membership of a room if it permits an action; else raises."""


def require_member(room_id: str, connection_id: str, services: Services) -> Connection:
    """Return a connection that is in the room; raise NotAMember, RoomNotFound, Unauthorized."""
    connection = services.connections.get(connection_id)
    require_subscribed(room_id, connection, services)
    return connection


def require_readable(room_id: str, connection: Connection, services: Services) -> None:
    """Raise NotAMember, or RoomNotFound, unless a connection is in a room that is not deleted."""
    require_subscribed(room_id, connection, services)
    services.rooms.get(room_id)


def require_subscribed(room_id: str, connection: Connection, services: Services) -> None:
    """Raise NotAMember, or RoomNotFound, for a connection that is not in the room."""
    if room_id not in connection.rooms:
        # In this order a private room costs as many requests as none, so its time reveals nothing.
        membership_of(room_id, connection, services)
        services.rooms.get(room_id)
        raise NotAMember("$.roomId: this connection is not in the room: joinRoom first")


def require_unmuted(room_id: str, connection: Connection, services: Services) -> None:
    """Raise Forbidden for a user who is muted in the room."""
    _require_no_mute(connection.muted.get(room_id), services)


def require_moderator(room_id: str, connection: Connection, services: Services) -> Membership:
    """Return the membership of an owner or moderator; raise Forbidden, RoomNotFound."""
    membership = membership_of(room_id, connection, services)
    if not membership.can_moderate:
        raise Forbidden("only owners and moderators of the room may do this")
    return membership


def require_unmuted_moderator(
    room_id: str, connection: Connection, services: Services
) -> Membership:
    """Return the membership of an owner, or of a moderator who is not muted; raise the same.

    A muted moderator may read what moderators read, and changes nothing. Owners are never muted.
    """
    membership = require_moderator(room_id, connection, services)
    if not membership.is_owner:
        _require_no_mute(membership.muted_until, services)
    return membership


def require_owner(room_id: str, connection: Connection, services: Services) -> Membership:
    """Return the membership of an owner; raise Forbidden, RoomNotFound."""
    membership = membership_of(room_id, connection, services)
    if not membership.is_owner:
        raise Forbidden("only owners of the room may do this")
    return membership


def _require_no_mute(until: datetime | None, services: Services) -> None:
    now = services.clock.now()
    if until and until > now:
        wait = int((until - now).total_seconds() * 1000) + 1
        raise Forbidden(f"you are muted in this room until {wire(until)}", retry_after_ms=wait)


def membership_of(room_id: str, connection: Connection, services: Services) -> Membership:
    """Return a user's membership; raise RoomNotFound, also for a private room without a role."""
    membership = services.memberships.of(room_id, connection.member.user_id)
    if not membership.role and services.rooms.get(room_id).visibility == "private":
        raise RoomNotFound
    return membership
