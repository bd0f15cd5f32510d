"""The ports in memory, held to the same contract as the real adapters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace as replace_struct

from chat.errors import Forbidden, RoomExists, RoomNotFound, Unauthorized
from chat.ports import Attendee, Clock, Connection, Delivery, Page
from chat.protocol import Member, Message, Room, SendMessage
from chat.times import wire

SENT_KEPT = timedelta(days=1)


@dataclass
class FakeClock:
    """A clock that moves when it is told to."""

    time: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return self.time

    def advance(self, **delta: float) -> None:
        """Let time pass."""
        self.time += timedelta(**delta)


@dataclass
class FakePush:
    """Remembers what each connection heard; those in `closed` are gone."""

    heard: dict[str, list[bytes]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    posts: int = 0

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Deliver at once to whoever is still there."""
        ids = tuple(connection_ids)
        self.posts += len(ids)
        gone = tuple(id_ for id_ in ids if id_ in self.closed)
        for id_ in ids:
            if id_ not in self.closed:
                self.heard.setdefault(id_, []).append(frame)
        return Delivery(delivered=len(ids) - len(gone), gone=gone, failed=())


@dataclass
class FakeRelay:
    """Remembers what it took; takes nothing while it is down."""

    taken: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    down: bool = False

    def take(self, room_id: str, connection_ids: Sequence[str], frame: bytes) -> Sequence[str]:
        """Take all, or nothing."""
        if self.down:
            return connection_ids
        self.taken.append((room_id, tuple(connection_ids), frame))
        return ()


@dataclass
class _Kept:
    """A message or a sent mark, and until when it counts."""

    message: Message
    expires_at: datetime | None


class FakeRooms:
    """The two tables in dictionaries."""

    def __init__(
        self, clock: Clock, *, rooms_per_connection: int = 50, retention: timedelta | None = None
    ) -> None:
        self._clock = clock
        self._most_rooms = rooms_per_connection
        self._retention = retention
        self._connections: dict[str, Connection] = {}
        self._audiences: dict[str, dict[str, tuple[Attendee, datetime]]] = {}
        self._rooms: dict[str, Room] = {}
        self._logs: dict[str, list[_Kept]] = {}
        self._sent: dict[tuple[str, str, str], _Kept] = {}

    def connect(self, connection: Connection) -> None:
        """Remember a new connection."""
        self._connections[connection.connection_id] = connection

    def connection(self, connection_id: str) -> Connection:
        """Whose connection this is; raises `Unauthorized`."""
        connection = self._connections.get(connection_id)
        if connection is None or self._over(connection.kept_until):
            raise Unauthorized("unknown connection")
        return connection

    def disconnect(self, connection_id: str) -> Connection | None:
        """Forget a connection and take it out of its rooms; None when it was forgotten before."""
        connection = self._connections.pop(connection_id, None)
        for room_id in connection.rooms if connection else ():
            self.evict(room_id, connection_id)
        return connection

    def evict(self, room_id: str, connection_id: str) -> Attendee | None:
        """Take a connection out of one room's audience; None when it was not there."""
        attendee, _ = self._audiences.get(room_id, {}).pop(connection_id, (None, None))
        return attendee

    def room(self, room_id: str) -> Room:
        """The room as it is now; raises `RoomNotFound`."""
        if room_id not in self._rooms:
            raise RoomNotFound("no such room")
        return self._rooms[room_id]

    def create(self, room_id: str, name: str, *, creator: Connection) -> Room:
        """Open a room with its creator in it."""
        if room_id in self._rooms:
            raise RoomExists("taken")
        room = Room(
            room_id=room_id,
            name=name,
            created_by=creator.member.user_id,
            created_at=wire(self._clock.now()),
            last_seq=0,
            epoch=f"epoch-{room_id}",
        )
        self._enter(room_id, creator)
        self._rooms[room_id] = room
        return room

    def join(self, room_id: str, *, connection: Connection) -> None:
        """Put a connection in a room."""
        self.room(room_id)
        self._enter(room_id, connection)

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
                return sent.message
            self._sent[key] = _Kept(message, now + SENT_KEPT)
        kept_until = now + self._retention if self._retention else None
        self._logs.setdefault(said.room_id, []).append(_Kept(message, kept_until))
        return message

    def audience(self, room_id: str) -> Sequence[Attendee]:
        """Every live connection in the room, in the order they joined."""
        places = self._audiences.get(room_id, {}).values()
        live = [attendee for attendee, ends in places if not self._over(ends)]
        return sorted(live, key=lambda a: (a.joined_at, a.connection_id))

    def sample(self, room_id: str, *, limit: int) -> Sequence[Attendee]:
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

    def _enter(self, room_id: str, connection: Connection) -> None:
        current = self._known(connection)
        if len(current.rooms) >= self._most_rooms:
            raise Forbidden("too many rooms")
        attendee = Attendee(current.connection_id, current.member, wire(self._clock.now()))
        ends = current.kept_until
        self._audiences.setdefault(room_id, {})[current.connection_id] = (attendee, ends)
        self._connections[current.connection_id] = replace(current, rooms=current.rooms | {room_id})

    def _known(self, connection: Connection) -> Connection:
        if connection.connection_id not in self._connections:
            raise Unauthorized("unknown connection")
        return self._connections[connection.connection_id]

    def _live(self, room_id: str) -> list[Message]:
        log = self._logs.get(room_id, [])
        return [kept.message for kept in log if not self._over(kept.expires_at)]

    def _over(self, moment: datetime | None) -> bool:
        return moment is not None and moment.timestamp() <= self._clock.now().timestamp()
