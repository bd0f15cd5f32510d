"""The Rooms port in memory, held to the same contract as the real adapter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from msgspec.structs import replace as replace_struct

from chat.domain.clock import CONNECTION_KEPT, wire
from chat.domain.connection import Connection, Subscriber, TokenId
from chat.domain.membership import Membership
from chat.domain.pages import Page
from chat.errors import (
    BadRequest,
    Forbidden,
    Raced,
    RateLimited,
    RoomExists,
    RoomNotFound,
    Unauthorized,
)
from chat.ports import Clock
from chat.protocol import Member, Message, Room, SendMessage, Visibility
from tests.support.fakes.state import Book

SENT_KEPT = timedelta(days=1)
VISIT_KEPT = timedelta(days=90)
NO_INVITE = "$.invite: there is no such room, or the invite does not count any more"


@dataclass
class _Kept:
    """A message or a sent mark, and until when it counts."""

    message: Message
    expires_at: datetime | None


class FakeRooms:
    """The two tables in dictionaries."""

    def __init__(
        self,
        clock: Clock,
        *,
        connections_per_user: int = 20,
        rooms_per_connection: int = 50,
        rooms_per_user: int = 100,
        retention: timedelta | None = None,
    ) -> None:
        self._clock = clock
        self._most_rooms = rooms_per_connection
        self._retention = retention
        self._connections: dict[str, Connection] = {}
        self._audiences: dict[str, dict[str, tuple[Subscriber, datetime]]] = {}
        self._rooms: dict[str, Room] = {}
        self._logs: dict[str, list[_Kept]] = {}
        self._sent: dict[tuple[str, str, str], _Kept] = {}
        self._deleted: dict[str, list[Message]] = {}
        self._most_created = rooms_per_user
        self._most_open = connections_per_user
        self.banned: set[str] = set()
        self.resting: dict[str, datetime] = {}
        self.signed_out: set[str] = set()
        self.book = Book()

    def connect(self, connection: Connection) -> None:
        """Remember a new connection, among those of its user."""
        user_id = connection.member.user_id
        if user_id in self.banned:
            raise Forbidden("banned")
        self.require_signed_in(connection.tokens)
        if self.resting.get(user_id, self._clock.now()) > self._clock.now():
            raise RateLimited("has to rest")
        if len(self.held_by(user_id)) >= self._most_open:
            raise RateLimited("too many connections")
        self._connections[connection.connection_id] = connection

    def require_signed_in(self, tokens: Iterable[TokenId]) -> None:
        """Raise `Unauthorized` for a token that was signed out."""
        if self.signed_out & {token.id for token in tokens}:
            raise Unauthorized("signed out")

    def held_by(self, user_id: str) -> Sequence[str]:
        """The connections that a user has open."""
        return sorted(
            id_
            for id_, connection in self._connections.items()
            if connection.member.user_id == user_id
            and not self._over(connection.connected_at + CONNECTION_KEPT)
        )

    def open_ones(self) -> Sequence[Connection]:
        """Every connection that was not forgotten."""
        return [*self._connections.values()]

    def renew(self, connection_id: str, token: TokenId) -> Connection:
        """Let a connection last longer, in its rooms too."""
        self.require_signed_in([token])
        old = self.connection(connection_id)
        end = max(token.ends_at, old.token_expires_at) if old.token_expires_at else None
        renewed = replace(old, token_expires_at=end, tokens=old.tokens | {token})
        self._connections[connection_id] = renewed
        for room_id in renewed.rooms:
            attendee, _ = self._audiences[room_id][connection_id]
            self._audiences[room_id][connection_id] = (attendee, renewed.kept_until)
        return renewed

    def connection(self, connection_id: str) -> Connection:
        """Whose connection this is; raises `Unauthorized`."""
        connection = self._connections.get(connection_id)
        if connection is None or self._over(connection.kept_until):
            raise Unauthorized("this connection is not known any more: reconnect")
        return connection

    def disconnect(self, connection_id: str) -> Connection | None:
        """Forget a connection and take it out of its rooms; None when it was forgotten before."""
        connection = self._connections.pop(connection_id, None)
        for room_id in connection.rooms if connection else ():
            self.evict(room_id, connection_id)
        return connection

    def evict(self, room_id: str, connection_id: str) -> Subscriber | None:
        """Take a connection out of one room's audience; None when it was not there."""
        attendee, _ = self._audiences.get(room_id, {}).pop(connection_id, (None, None))
        return attendee

    def room(self, room_id: str) -> Room:
        """The room as it is now; raises `RoomNotFound`."""
        if room_id not in self._rooms or room_id in self.book.closed:
            raise RoomNotFound
        return self._rooms[room_id]

    def create(
        self, room_id: str, name: str, *, creator: Connection, visibility: Visibility = "public"
    ) -> Room:
        """Open a room, its creator in it and its owner."""
        if room_id in self._rooms:
            raise RoomExists("$.roomId: there is a room of that id: join it, or choose another")
        user = creator.member
        if self.created_by(user.user_id) >= self._most_created:
            raise Forbidden("too many rooms created")
        room = Room(
            room_id=room_id,
            name=name,
            created_by=creator.member.user_id,
            created_at=wire(self._clock.now()),
            last_seq=0,
            epoch=f"epoch-{room_id}",
            visibility=visibility,
        )
        owner = Membership(room_id, user.user_id, name=user.name, role="owner")
        self._enter(owner, creator)
        self._rooms[room_id] = room
        self.book.keep(owner)
        return room

    def created_by(self, user_id: str) -> int:
        """How many rooms a user has created and not ended."""
        rooms = (room for id_, room in self._rooms.items() if id_ not in self.book.closed)
        return sum(room.created_by == user_id for room in rooms)

    def join(
        self,
        room_id: str,
        *,
        connection: Connection,
        membership: Membership,
        invite: str | None = None,
    ) -> None:
        """Put a connection in a room."""
        try:
            self._join(room_id, connection=connection, membership=membership, invite=invite)
        except RoomNotFound:
            if invite and not membership.role:
                raise RoomNotFound(NO_INVITE) from None
            raise

    def _join(
        self, room_id: str, *, connection: Connection, membership: Membership, invite: str | None
    ) -> None:
        room, user = self.room(room_id), connection.member
        current = self.book.membership(room_id, user.user_id)
        if current.version != membership.version:
            raise Raced
        private = room.visibility == "private"
        if current.banned:
            raise RoomNotFound if private else Forbidden("you are banned from this room")
        if (
            private
            and invite
            and not current.role
            and self.book.uses(room_id, invite, self._clock.now())
        ):
            current = replace(current, name=user.name, role="member")
            self._enter(current, connection)
            self.book.use(room_id, invite)
            self.book.keep(current)
        elif private and not current.role:
            raise RoomNotFound
        else:
            self._enter(current, connection)
            if current.version and current.name != user.name:
                self.book.keep(replace(current, name=user.name))
        self.book.visit(room_id, user.user_id, self._clock.now() + VISIT_KEPT)

    def expel(self, room_id: str, user_id: str) -> Sequence[str]:
        """Take every connection of a user out of a room; their ids."""
        ids = self._inside(room_id, user_id)
        self.clear(room_id, ids)
        return ids

    def clear(self, room_id: str, connection_ids: Iterable[str]) -> None:
        """Take connections out of a room."""
        for id_ in connection_ids:
            self.leave(room_id, connection=self._connections[id_])

    def name(self, room_id: str, user_id: str) -> str | None:
        """What a user is called in a room; None for who is not there."""
        for id_ in self._inside(room_id, user_id):
            return self._connections[id_].member.name
        return None

    def _inside(self, room_id: str, user_id: str) -> list[str]:
        return [
            id_
            for id_, connection in self._connections.items()
            if connection.member.user_id == user_id and room_id in connection.rooms
        ]

    def mark(self, membership: Membership) -> Sequence[str]:
        """Tell the user's connections in the room how their user stands there now; their ids."""
        room_id = membership.room_id
        for id_, (attendee, ends) in self._audiences.get(room_id, {}).items():
            if attendee.member.user_id == membership.user_id:
                member = _shown(attendee.member, membership)
                self._audiences[room_id][id_] = (replace(attendee, member=member), ends)
                self._mute(self._connections[id_], membership)
        return self._inside(room_id, membership.user_id)

    def leave(self, room_id: str, *, connection: Connection) -> None:
        """Take a connection out of a room it is in."""
        current = self._known(connection)
        self.evict(room_id, current.connection_id)
        self._connections[current.connection_id] = replace(current, rooms=current.rooms - {room_id})

    def append(self, said: SendMessage, *, sender: Member) -> Message:
        """Write to the log, once for each user and clientMessageId."""
        room = self.room(said.room_id)
        now = self._clock.now()
        self._rooms[room.room_id] = replace_struct(room, last_seq=room.last_seq + 1)
        message = Message(
            room_id=said.room_id,
            seq=room.last_seq + 1,
            sender=sender,
            text=said.text,
            sent_at=wire(now),
            client_message_id=said.client_message_id,
        )
        if said.client_message_id is not None:
            key = (said.room_id, sender.user_id, said.client_message_id)
            sent = self._sent.get(key)
            if sent and not self._over(sent.expires_at):
                return self._as_logged(sent.message)
            self._sent[key] = _Kept(message, now + SENT_KEPT)
        kept_until = now + self._retention if self._retention else None
        self._logs.setdefault(said.room_id, []).append(_Kept(message, kept_until))
        return message

    def confirm(self, message: Message) -> None:
        """Here a message comes before its room has ended, or not at all."""
        self.room(message.room_id)

    def sent(self, said: SendMessage, *, sender: Member) -> Message | None:
        """What the log has of a message that this user has sent before under the same id."""
        sent = self._sent.get((said.room_id, sender.user_id, said.client_message_id or ""))
        return self._as_logged(sent.message) if sent and not self._over(sent.expires_at) else None

    def audience(self, room_id: str) -> Sequence[Subscriber]:
        """Every live connection in the room, in the order they joined."""
        places = self._audiences.get(room_id, {}).values()
        live = [attendee for attendee, ends in places if not self._over(ends)]
        return sorted(live, key=lambda a: (a.joined_at, a.connection_id))

    def sample(self, room_id: str, *, limit: int) -> Sequence[Subscriber]:
        """The first *limit* of the audience."""
        return self.audience(room_id)[:limit]

    def population(self, room_id: str) -> int:
        """How many users are in the room, as of now."""
        return len({attendee.member.user_id for attendee in self.audience(room_id)})

    def before(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The last *limit* messages below *seq*."""
        found = [m for m in self._live(room_id) if m.seq < seq]
        return Page(tuple(found[-limit:]), len(found) > limit)

    def after(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The first *limit* messages above *seq*."""
        found = [m for m in self._live(room_id) if m.seq > seq]
        return Page(tuple(found[:limit]), len(found) > limit)

    def keeps(self, room: Room, seq: int) -> bool:
        """Whether every message above *seq* is still in the log."""
        log = self._logs.get(room.room_id, [])
        return not any(self._over(kept.expires_at) for kept in log if kept.message.seq > seq)

    def _as_logged(self, message: Message) -> Message:
        log = self._logs.get(message.room_id, [])
        return next((k.message for k in log if k.message.seq == message.seq), message)

    def message(self, room_id: str, seq: int) -> Message:
        """The message of that seq; raises `BadRequest`."""
        for message in self._live(room_id):
            if message.seq == seq:
                return message
        raise BadRequest("$.seq: no such message")

    def take_back(self, message: Message, *, by: Membership) -> Message:
        """Delete a message's text and leave its place, once; what is left of it."""
        if message.sender.user_id != by.user_id:
            self.book.check(by)
        now = wire(self._clock.now())
        left = replace_struct(message, text="", deleted_at=now, deleted_by=by.user_id)
        for kept in self._logs[message.room_id]:
            if kept.message.seq == message.seq:
                if kept.message.deleted_at:
                    return kept.message
                kept.message = left
        self._deleted.setdefault(message.room_id, []).append(left)
        return left

    def deleted(self, room_id: str, seq: int) -> Sequence[int] | None:
        """The seqs up to *seq* of what was deleted; None where not all of it can be told."""
        gone = self._deleted.get(room_id, [])
        log = self._logs.get(room_id, [])
        seen = next((kept.message.sent_at for kept in log if kept.message.seq == seq), "")
        if seq and any(seen <= (message.deleted_at or "") for message in gone[:-100]):
            return None
        return sorted(message.seq for message in gone[-100:] if message.seq <= seq)

    def rooms_by_id(self) -> dict[str, Room]:
        """Every room that has not ended."""
        return {id_: room for id_, room in self._rooms.items() if id_ not in self.book.closed}

    def replace_room(self, room: Room) -> None:
        """Change what a room is called, or who may know of it."""
        self._rooms[room.room_id] = room

    def purge(self, room_id: str) -> None:
        """Forget what was said in a room."""
        self._logs.pop(room_id, None)

    def _enter(self, membership: Membership, connection: Connection) -> None:
        current, room_id = self._known(connection), membership.room_id
        if len(current.rooms) >= self._most_rooms:
            raise Forbidden("too many rooms")
        member = _shown(current.member, membership)
        attendee = Subscriber(current.connection_id, member, wire(self._clock.now()))
        ends = current.kept_until
        self._audiences.setdefault(room_id, {})[current.connection_id] = (attendee, ends)
        self._mute(replace(current, rooms=current.rooms | {room_id}), membership)

    def _mute(self, connection: Connection, membership: Membership) -> None:
        muted = {id_: t for id_, t in connection.muted.items() if id_ != membership.room_id}
        if membership.muted_until:
            muted[membership.room_id] = membership.muted_until
        self._connections[connection.connection_id] = replace(connection, muted=muted)

    def _known(self, connection: Connection) -> Connection:
        if connection.connection_id not in self._connections:
            raise Unauthorized("this connection is not known any more: reconnect")
        return self._connections[connection.connection_id]

    def _live(self, room_id: str) -> list[Message]:
        log = self._logs.get(room_id, [])
        return [kept.message for kept in log if not self._over(kept.expires_at)]

    def _over(self, moment: datetime | None) -> bool:
        return moment is not None and moment.timestamp() <= self._clock.now().timestamp()


def _shown(member: Member, membership: Membership) -> Member:
    """A user as the others in a room see them."""
    seen = membership.member
    return replace_struct(member, role=seen.role, muted_until=seen.muted_until)
