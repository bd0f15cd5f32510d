"""What handlers may use: rooms, push, clock; the adapters and the fakes implement these."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from chat.domain.connection import Connection, Subscriber, TokenId
from chat.domain.delivery import Delivery
from chat.domain.identity import Identity, Origins
from chat.domain.membership import Membership
from chat.domain.pages import Listing, Page
from chat.domain.rate_limit import Kind
from chat.protocol import Limits, ListedRoom, Member, Message, Room, SendMessage, Visibility

Body = TypeVar("Body", covariant=True)


class Rooms(Protocol):
    """Connections, rooms and their logs."""

    def connect(self, connection: Connection) -> None:
        """Remember a new connection, among those of its user.

        Raises `Forbidden` for who is banned, `RateLimited` for who has too many open, or rests, and
        `Unauthorized` for a token that was signed out.
        """

    def connection(self, connection_id: str) -> Connection:
        """Whose connection this is; raises `Unauthorized` when it is not, or no longer, known."""

    def disconnect(self, connection_id: str) -> Connection | None:
        """Forget a connection and take it out of its rooms; None when it was forgotten before."""

    def evict(self, room_id: str, connection_id: str) -> Subscriber | None:
        """Take a connection out of one room's audience; None when it was not there."""

    def room(self, room_id: str) -> Room:
        """The room as it is now; raises `RoomNotFound`."""

    def create(
        self, room_id: str, name: str, *, creator: Connection, visibility: Visibility = "public"
    ) -> Room:
        """Open a room, its creator in it and its owner.

        Raises `RoomExists`, `Forbidden`, `Unauthorized`.
        """

    def join(
        self,
        room_id: str,
        *,
        connection: Connection,
        membership: Membership,
        invite: str | None = None,
    ) -> None:
        """Put a connection in a room, as its user stands there and as long as that has not changed.

        With an *invite*, its user becomes a member, and the invite is used once more.
        Raises `RoomNotFound`, also for a private room of others and an invite that does not count;
        `Forbidden`, `Unauthorized`, `Raced`.
        """

    def expel(self, room_id: str, user_id: str) -> Sequence[str]:
        """Take every connection of a user out of a room; their ids."""

    def clear(self, room_id: str, connection_ids: Iterable[str]) -> None:
        """Take connections out of a room."""

    def name(self, room_id: str, user_id: str) -> str | None:
        """What a user is called in a room; None for who is not there."""

    def mark(self, membership: Membership) -> Sequence[str]:
        """Tell the user's connections in the room how their user stands there now; their ids."""

    def leave(self, room_id: str, *, connection: Connection) -> None:
        """Take a connection out of a room it is in."""

    def append(self, said: SendMessage, *, sender: Member) -> Message:
        """Write to the log, once for each user and clientMessageId; raises `RoomNotFound`."""

    def confirm(self, message: Message) -> None:
        """Delete a message that came after its room had ended; raises `RoomNotFound` then."""

    def sent(self, said: SendMessage, *, sender: Member) -> Message | None:
        """What the log has of a message with a clientMessageId, if this user has sent it before."""

    def audience(self, room_id: str) -> Sequence[Subscriber]:
        """Every live connection in the room, strongly consistent, in the order they joined."""

    def sample(self, room_id: str, *, limit: int) -> Sequence[Subscriber]:
        """At most *limit* of the audience: all of it, in its order, where it is not larger."""

    def population(self, room_id: str) -> int:
        """How many users are in the room, as of a second ago at the latest."""

    def before(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The last *limit* messages below *seq*."""

    def after(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The first *limit* messages above *seq*."""

    def keeps(self, room: Room, seq: int) -> bool:
        """Whether every message above *seq* is still in the log."""

    def message(self, room_id: str, seq: int) -> Message:
        """The message of that seq; raises `BadRequest` where there is none."""

    def take_back(self, message: Message, *, by: Membership) -> Message:
        """Delete a message's text and leave its place, once; what is left of it.

        Somebody else's while *by* stands so: raises `Raced`.
        """

    def deleted(self, room_id: str, seq: int) -> Sequence[int] | None:
        """The seqs up to *seq* of what was deleted; None where not all of it can be told.

        Told are the last 100 deletions of a room, and all to who has seen a message sent since.
        """


class Memberships(Protocol):
    """Who may do what in which room."""

    def of(self, room_id: str, user_id: str) -> Membership:
        """How a user stands in a room; plain where nothing is kept, even if there is no room."""

    def change(self, old: Membership, new: Membership, *, by: Membership) -> None:
        """Replace *old*, if it and *by*, whose deed it is, are still so, by *new*.

        Raises `Raced`, `RoomNotFound`, and `Forbidden` for a room's last owner.
        """

    def listed(self, room_id: str, *, banned: bool, cursor: str | None) -> Listing[Membership]:
        """Who has a role in a room, or who is banned from it; in pages of up to 100."""


class Directory(Protocol):
    """The rooms there are: lists of them, their names, their invites and their end."""

    def mine(self, user_id: str, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """The rooms that a user has a role in, or has visited and not left for good."""

    def public(self, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """The public rooms, by roomId."""

    def update(self, room_id: str, *, name: str | None, publish: bool, by: Membership) -> Room:
        """Rename a room, or make it public, while *by* stands so.

        Raises `RoomNotFound`, `Raced`.
        """

    def invite(
        self, room_id: str, secret: str, *, expires_at: datetime, uses: int, by: Membership
    ) -> None:
        """Let *secret* open a room until then, that many times, while *by* stands so.

        Raises `RoomNotFound`, `Raced`.
        """

    def close(self, room_id: str, *, by: Membership) -> None:
        """End a room for ever, while *by* stands so, whatever is left of it; again is no error.

        Raises `Raced`.
        """

    def purge(self, room_id: str, *, last: str) -> bool:
        """Delete a part of what a closed room has left, the standing of user *last* at the end.

        Whether that was all.
        """


class Sockets(Protocol):
    """Open connections: whose they are, and how long they may last."""

    def of(self, user_id: str) -> Sequence[str]:
        """The ids of every connection that a user has open, strongly consistent."""

    def live(self, user_id: str) -> Sequence[str]:
        """The ids of those of them that still hear: whose rights have not ended."""

    def renew(self, connection: Connection, token: TokenId) -> Connection:
        """Let a connection last as long as another token, in its rooms too; as it is then.

        It never ends sooner for it. Raises `Unauthorized` when it has ended, or the token was
        signed out.
        """

    def sign_out(self, connection: Connection) -> Sequence[str]:
        """Let its tokens open and renew nothing more; the ids of all connections that have them."""

    def rest(self, user_id: str, *, until: datetime) -> None:
        """Let a user open no connection until then; those that are open are not concerned."""

    def ended(self, *, limit: int) -> Sequence[str]:
        """Connections whose token's time is over, at most *limit*, the oldest first, or nearly."""


class Floods(Protocol):
    """How much somebody may do in how short a time; what is too much raises `RateLimited`."""

    def request(self, connection_id: str) -> None:
        """Count a frame of a connection, whatever it holds, and refuse it if it is one too many."""

    def connection(self, connection_id: str, kind: Kind) -> Connection:
        """Whose connection this is, and take one of *kind* out of its bucket.

        Raises `Unauthorized` when it is not, or no longer, known.
        """

    def user(self, user_id: str, kind: Kind) -> None:
        """Take one of *kind* out of a user's bucket."""

    def refused(self, connection_id: str, *, wait_ms: int) -> timedelta | None:
        """Count a refusal that says to wait so long, if the one before was not heeded.

        For how long its user has to rest, if that was one too many; else None. A connection that
        is not known may not go on for long.
        """


class Review(Protocol):
    """Somebody who sees a message before it is stored."""

    def of(self, said: SendMessage, *, sender: Member) -> SendMessage:
        """The message as it may be stored; raises `Forbidden`, and `NotReviewed` for no answer."""


class Push(Protocol):
    """The way to other connections."""

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Post one frame to many connections; returns when each is delivered, gone or failed."""

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """End connections; "delivered" are those that were open, "gone" those that were not."""


class Relay(Protocol):
    """The way to the connections of large rooms: other functions push to them."""

    def take(
        self, room_id: str, connection_ids: Sequence[str], frame: bytes, *, tries: int = 0
    ) -> Sequence[str]:
        """Hand over posts, the later the more *tries* there were; the ids that were not taken."""


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""


class Verifier(Protocol):
    """What tells a good token from a bad one."""

    def verify(self, token: str) -> Identity:
        """Who the bearer is; raises `Unauthorized`."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a handler works with, built once."""

    rooms: Rooms
    memberships: Memberships
    directory: Directory
    sockets: Sockets
    floods: Floods
    push: Push
    clock: Clock
    limits: Limits
    relay: Relay
    inline_limit: int
    """Recipients that a request pushes to itself; the relay takes more."""
    guests: bool
    """Whether people without a token may connect."""
    origins: Origins
    verifier: Verifier
    """Of the tokens that renew connections."""
    review: Review | None = None
    """None where messages are stored as they come."""


@dataclass(frozen=True, slots=True)
class Request(Generic[Body]):
    """A decoded request and the connection it came from."""

    body: Body
    connection_id: str
