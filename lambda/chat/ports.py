"""Interfaces of what handlers use. Adapters implement them, and so do the fakes of the tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from chat.domain.clock import Clock
from chat.domain.connection import Connection, Subscriber, TokenId
from chat.domain.delivery import Delivery
from chat.domain.finished_pushes import FinishedPushes
from chat.domain.identity import Identity, Origins
from chat.domain.membership import Membership
from chat.domain.pages import MAX_PAGE_BYTES, Listing, Page
from chat.domain.rate_limit import Kind
from chat.protocol import Invite, Limits, ListedRoom, Member, Message, Room, SendMessage, Visibility

Body = TypeVar("Body", covariant=True)


class Connections(Protocol):
    """Connections by their id."""

    def get(self, connection_id: str) -> Connection:
        """Return a connection; raise Unauthorized if it is unknown or has ended."""

    def remove(self, connection_id: str) -> Connection | None:
        """Delete a connection and its subscriptions; return it, or None if it was unknown."""

    def renew(self, connection: Connection, token: TokenId) -> Connection:
        """Extend a connection and its subscriptions to the end of a token; return it as it is then.

        Never shortens it. Raises Unauthorized if it has ended or the token is revoked.
        """

    def revoke_tokens(self, connection: Connection) -> Sequence[str]:
        """Revoke a connection's tokens; return the ids of all connections that have them."""

    def expired(self, *, limit: int) -> Sequence[str]:
        """Return the ids of up to *limit* connections whose token has expired, oldest first.

        The order is approximate. Postponed connections are left out until their time comes.
        """

    def postpone_closing(self, connection_id: str) -> None:
        """Leave an expired connection out of `expired` for as long as it has been expired.

        It is left out for at least half a minute. An unknown connection is not written.
        """


class Handshakes(Protocol):
    """New connections."""

    def open(self, connection: Connection) -> None:
        """Write a new connection.

        Raises Forbidden for a banned user, Unauthorized for a revoked token, and RateLimited
        during a cooldown or above the limit.
        """

    def start_cooldown(self, user_id: str, *, until: datetime) -> None:
        """Let a user open no connection until then. Open connections are not affected."""


class UserConnections(Protocol):
    """The open connections of each user."""

    def ids_of(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections, also those whose token has expired."""

    def live_ids_of(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections whose token has not expired."""


class Rooms(Protocol):
    """Rooms: their lists, names and deletion."""

    def get(self, room_id: str) -> Room:
        """Return a room as it is now; raise RoomNotFound."""

    def of_user(self, user_id: str, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """Return a page of the rooms in which a user has a role, or that they have visited."""

    def public(self, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """Return a page of the public rooms, by roomId."""

    def update(self, room_id: str, *, name: str | None, publish: bool, by: Membership) -> Room:
        """Rename a room or make it public; raise RoomNotFound, or Conflict if *by* has changed."""

    def close(self, room_id: str, *, by: Membership) -> bool:
        """End a room permanently; raise Conflict if *by* has changed.

        Returns whether this call ended it. A repeated call does nothing.
        """

    def purge(self, room_id: str, *, last: str) -> bool:
        """Delete a part of what a closed room has left; return whether nothing is left.

        Deletes the membership of user *last* at the end.
        """


class RoomTransactions(Protocol):
    """Creating, joining and leaving rooms."""

    def create_room(
        self, room_id: str, name: str, *, creator: Connection, visibility: Visibility = "public"
    ) -> Room:
        """Create a room, with its creator as owner and first subscriber.

        Raises RoomExists, Forbidden, Unauthorized.
        """

    def join(
        self,
        room_id: str,
        *,
        connection: Connection,
        membership: Membership,
        invite: str | None = None,
    ) -> Invite | None:
        """Subscribe a connection to a room, as long as its user's membership has not changed.

        A valid *invite* makes the user a member and is used once more. It is valid as long as its
        creator may invite. Returns the invite that was used. Raises RoomNotFound, also for a
        private room without membership and for an invalid invite; Forbidden, Unauthorized,
        Conflict.
        """

    def leave(self, room_id: str, *, connection: Connection) -> None:
        """Unsubscribe a connection from a room; raise Unauthorized if it has ended."""


class Invites(Protocol):
    """The invites of rooms."""

    def create(self, room_id: str, invite: Invite, *, by: Membership) -> None:
        """Store an invite, up to the limit of a room.

        Raises Forbidden, RoomNotFound, or Conflict if *by* has changed.
        """

    def listed(self, room_id: str, *, cursor: str | None) -> Listing[Invite]:
        """Return the open invites among the next 50. While there is a cursor, there may be more."""

    def revoke(self, room_id: str, invite_id: str, *, by: Membership) -> bool:
        """Delete an invite; return whether there was one.

        Raises RoomNotFound, or Conflict if *by* has changed.
        """


class Subscribers(Protocol):
    """The connections in each room."""

    def of(self, room_id: str, *, limit: int | None = None) -> Sequence[Subscriber]:
        """Return a room's live subscribers in the order they joined, strongly consistent.

        Reads at most *limit*: in a larger room these are any of them.
        """

    def member_count(self, room_id: str) -> int:
        """Return the number of users in a room, at most a second old."""

    def last_member_count(self, room_id: str) -> int | None:
        """Return the last number of users that `member_count` has found in a room, if any."""

    def remove(self, room_id: str, connection_id: str) -> Subscriber | None:
        """Delete a subscriber whose connection is unknown; return it, or None."""

    def unsubscribe_user(self, room_id: str, user_id: str) -> Sequence[str]:
        """Unsubscribe all connections of a user from a room; return their ids."""

    def unsubscribe_all(self, room_id: str, connection_ids: Iterable[str]) -> None:
        """Unsubscribe connections from a room."""

    def display_name(self, room_id: str, user_id: str) -> str | None:
        """Return a user's name in a room, or None if they are not in it."""

    def set_membership(self, membership: Membership) -> Sequence[str]:
        """Copy a membership to its user's connections in the room; return their ids."""


class Memberships(Protocol):
    """Roles, bans and mutes of users in rooms."""

    def of(self, room_id: str, user_id: str) -> Membership:
        """Return a user's membership, or the default one if there is no item or no room."""

    def change(self, old: Membership, new: Membership, *, by: Membership) -> None:
        """Replace *old* by *new* if neither *old* nor *by*, the actor's, has changed.

        Raises Conflict, RoomNotFound, and Forbidden for a room's last owner or above the limit of
        roles and bans.
        """

    def listed(self, room_id: str, *, banned: bool, cursor: str | None) -> Listing[Membership]:
        """Return up to 100 of the users with a role in a room, or of those banned from it."""


class Messages(Protocol):
    """The logs of rooms."""

    def append(self, request: SendMessage, *, sender: Member) -> Message:
        """Write a message, once for each user and clientMessageId; raise RoomNotFound."""

    def find_sent(self, request: SendMessage, *, sender: Member) -> Message | None:
        """Return the stored message if this user has sent its clientMessageId before."""

    def ensure_room_open(self, message: Message) -> None:
        """Delete a message whose room was deleted before it came; raise RoomNotFound then."""

    def get(self, room_id: str, seq: int) -> Message:
        """Return the message of a seq; raise BadRequest if there is none."""

    def before(
        self, room_id: str, seq: int, *, limit: int, max_bytes: int = MAX_PAGE_BYTES
    ) -> Page:
        """Return the last *limit* messages below *seq*, or fewer of about *max_bytes*."""

    def after(self, room_id: str, seq: int, *, limit: int, max_bytes: int = MAX_PAGE_BYTES) -> Page:
        """Return the first *limit* messages above *seq*, or fewer of about *max_bytes*."""

    def has_all_since(self, room: Room, seq: int) -> bool:
        """Return whether every message above *seq* is still stored."""


class Deletions(Protocol):
    """Deleted messages."""

    def delete_message(self, message: Message, *, by: Membership) -> Message:
        """Delete a message's text, once, and return what is left of the message.

        Raises Conflict if it is another user's message and the membership *by* has changed.
        """

    def deletions_until(self, room_id: str, seq: int) -> Sequence[int] | None:
        """Return the seqs up to *seq* of deleted messages, or None if the list is incomplete.

        A room lists its last 100 deletions. The list is also complete if the message *seq* was
        sent after the last deletion that was dropped from it.
        """


class RateLimiter(Protocol):
    """Token buckets of connections and users."""

    def take_frame_token(self, connection_id: str) -> None:
        """Count a frame of a connection, of any kind; raise RateLimited."""

    def take_connection_token(self, connection_id: str, kind: Kind) -> Connection:
        """Take a token out of a connection's bucket and return the connection.

        Raises RateLimited, and Unauthorized if the connection is unknown.
        """

    def take_user_token(self, user_id: str, kind: Kind) -> None:
        """Take a token out of a user's bucket and out of that of the day; raise RateLimited."""

    def record_strike(self, connection_id: str, *, wait_ms: int) -> timedelta | None:
        """Count a rate-limit violation, if the client did not wait after the one before.

        *wait_ms* is the time to wait after this one. Returns the cooldown of the user if it was
        one too many, else None. An unknown connection gets the cooldown after its first batch.
        """


class Review(Protocol):
    """A review of messages before they are stored."""

    def of(self, request: SendMessage, *, sender: Member) -> SendMessage:
        """Return the message as it may be stored; raise Forbidden, or NotReviewed on failure."""


class Push(Protocol):
    """Posts to connections, and their closing."""

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Post a frame to connections; return when each is delivered, gone or failed."""

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """Close connections. "Delivered" were open, "gone" were not."""


class FanOutQueue(Protocol):
    """The queue of posts to large rooms, from which other functions push."""

    def enqueue(
        self, room_id: str, connection_ids: Sequence[str], frame: bytes, *, tries: int = 0
    ) -> Sequence[str]:
        """Queue posts, with a delay that grows with *tries*; return the ids not queued."""


class Deadline(Protocol):
    """The end of the time for one invocation."""

    def is_over(self) -> bool:
        """Return whether no further AWS call may begin."""


class Verifier(Protocol):
    """The verification of tokens."""

    def verify(self, token: str) -> Identity:
        """Return the identity in a token; raise Unauthorized."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryServices:
    """Services of the functions that push to connections and close them."""

    connections: Connections
    user_connections: UserConnections
    subscribers: Subscribers
    push: Push
    fan_out_queue: FanOutQueue
    deadline: Deadline
    inline_limit: int
    """Recipients up to which a request pushes itself; above it, the queue is used."""
    presence: int
    """Users in a room up to which joins and leaves are announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services(DeliveryServices):
    """Everything that a handler uses, built once."""

    handshakes: Handshakes
    rooms: Rooms
    room_transactions: RoomTransactions
    invites: Invites
    memberships: Memberships
    messages: Messages
    deletions: Deletions
    rate_limiter: RateLimiter
    clock: Clock
    limits: Limits
    guests: bool
    """Whether users without a token may connect."""
    origins: Origins
    verifier: Verifier
    """Verifies the tokens that renew connections."""
    finished_pushes: FinishedPushes = field(default_factory=FinishedPushes)
    """Messages that this environment has pushed."""
    review: Review | None = None
    """None if messages are stored without review."""


@dataclass(frozen=True, slots=True)
class Request(Generic[Body]):
    """A decoded request and the connection it came from."""

    body: Body
    connection_id: str
