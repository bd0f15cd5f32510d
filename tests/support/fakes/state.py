"""Both tables in dictionaries, which the fakes of the stores share."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from msgspec.structs import replace as replace_struct

from chat.domain.clock import CONNECTION_KEPT, Clock, unwire
from chat.domain.connection import Connection, Subscriber
from chat.domain.invites import invite_id_of_secret
from chat.domain.membership import Membership
from chat.errors import Conflict, RoomNotFound, room_is_full, unknown_connection
from chat.protocol import Invite, Member, Message, Room


@dataclass
class Kept:
    """A message, and until when it counts."""

    message: Message
    expires_at: datetime | None


@dataclass
class State:
    """Connections, subscribers, rooms, logs, memberships, visits and invites."""

    clock: Clock
    connections: dict[str, Connection] = field(default_factory=dict)
    subscribers: dict[str, dict[str, tuple[Subscriber, datetime]]] = field(default_factory=dict)
    """By room and connection, each with its end."""
    closings: dict[str, datetime] = field(default_factory=dict)
    """By connection that could not be closed: when to try again."""
    banned: set[str] = field(default_factory=set)
    cooldowns: dict[str, datetime] = field(default_factory=dict)
    revoked_tokens: set[str] = field(default_factory=set)
    rooms: dict[str, Room] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    free_again: dict[str, datetime] = field(default_factory=dict)
    """When the id of a deleted room can be used again."""
    created: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rooms that a user has created on a day."""
    logs: dict[str, list[Kept]] = field(default_factory=dict)
    sent: dict[tuple[str, str, str], Kept] = field(default_factory=dict)
    deleted: dict[str, list[Message]] = field(default_factory=dict)
    memberships: dict[tuple[str, str], Membership] = field(default_factory=dict)
    visits: dict[tuple[str, str], datetime] = field(default_factory=dict)
    invites: dict[tuple[str, str], Invite] = field(default_factory=dict)
    _versions: Iterator[int] = field(default_factory=count)

    def is_over(self, moment: datetime | None) -> bool:
        """Return whether a moment has come; None never does."""
        return moment is not None and moment.timestamp() <= self.clock.now().timestamp()

    def connection(self, connection_id: str) -> Connection:
        """Return a connection, whether its token has expired or not; raise Unauthorized."""
        if connection_id not in self.connections:
            raise unknown_connection()
        return self.connections[connection_id]

    def open_ids(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections."""
        return sorted(
            id_
            for id_, connection in self.connections.items()
            if connection.member.user_id == user_id
            and not self.is_over(connection.connected_at + CONNECTION_KEPT)
        )

    def subscribed_ids(self, room_id: str, user_id: str) -> list[str]:
        """Return the ids of a user's connections in a room."""
        return [
            id_
            for id_, connection in self.connections.items()
            if connection.member.user_id == user_id and room_id in connection.rooms
        ]

    def remove_subscriber(self, room_id: str, connection_id: str) -> Subscriber | None:
        """Delete a subscriber; return it, or None."""
        subscriber, _ = self.subscribers.get(room_id, {}).pop(connection_id, (None, None))
        return subscriber

    def unsubscribe(self, room_id: str, connection_id: str) -> None:
        """Take a connection out of a room; raise Unauthorized if it is unknown."""
        current = self.connection(connection_id)
        self.remove_subscriber(room_id, connection_id)
        self.connections[connection_id] = replace(current, rooms=current.rooms - {room_id})

    def mute(self, connection: Connection, membership: Membership) -> None:
        """Write a connection with the mute of its user in a room."""
        muted = {id_: t for id_, t in connection.muted.items() if id_ != membership.room_id}
        if membership.muted_until:
            muted[membership.room_id] = membership.muted_until
        self.connections[connection.connection_id] = replace(connection, muted=muted)

    def room(self, room_id: str) -> Room:
        """Return a room; raise RoomNotFound."""
        if room_id not in self.rooms or room_id in self.closed:
            raise RoomNotFound
        return self.rooms[room_id]

    def open_rooms(self) -> dict[str, Room]:
        """Return every room that was not deleted, by its id."""
        return {id_: room for id_, room in self.rooms.items() if id_ not in self.closed}

    def live_messages(self, room_id: str) -> list[Message]:
        """Return the messages of a room that have not expired."""
        kept = self.logs.get(room_id, [])
        return [it.message for it in kept if not self.is_over(it.expires_at)]

    def membership(self, room_id: str, user_id: str) -> Membership:
        """Return a user's membership."""
        return self.memberships.get((room_id, user_id), Membership(room_id, user_id))

    def require_space(self, room_id: str, *, limit: int) -> None:
        """Raise Forbidden if a room has as many roles and bans as it may have."""
        memberships = self.memberships.items()
        if sum(it.is_permanent for (id_, _), it in memberships if id_ == room_id) >= limit:
            raise room_is_full(limit)

    def require_unchanged(self, membership: Membership) -> None:
        """Raise Conflict for a membership that has changed since it was read."""
        current = self.membership(membership.room_id, membership.user_id)
        if current.version != membership.version:
            raise Conflict

    def set_membership(self, membership: Membership) -> None:
        """Store a membership under a new version, unless it is the default."""
        key = (membership.room_id, membership.user_id)
        self.memberships.pop(key, None)
        if not membership.is_default:
            self.memberships[key] = replace(membership, version=str(next(self._versions)))

    def is_open(self, invite: Invite) -> bool:
        """Return whether an invite has uses left and has not expired."""
        return invite.uses > 0 and not self.is_over(unwire(invite.expires_at))

    def open_invite(self, room_id: str, secret: str) -> Invite | None:
        """Return the invite of a secret if it is open and its creator may invite."""
        invite = self.invites.get((room_id, invite_id_of_secret(secret)))
        if invite and self.is_open(invite):
            creator = self.membership(room_id, invite.created_by)
            is_muted = creator.muted_until and not self.is_over(creator.muted_until)
            return invite if creator.can_moderate and not is_muted else None
        return None

    def use_invite(self, room_id: str, invite: Invite) -> None:
        """Use an invite once."""
        used = replace_struct(invite, uses=invite.uses - 1)
        self.invites[room_id, invite.invite_id] = used


def as_shown(member: Member, membership: Membership) -> Member:
    """Return a user as the room's lists show them."""
    shown = membership.member
    return replace_struct(member, role=shown.role, muted_until=shown.muted_until)
