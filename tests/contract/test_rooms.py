"""What every implementation of the Rooms port promises."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Forbidden, RoomExists, RoomNotFound, Unauthorized
from chat.ports import Rooms
from chat.protocol import Member, Message, SendMessage
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import MakeRooms

ALICE = Member(user_id="u-alice", name="Alice")
BOB = Member(user_id="u-bob", name="Bób 🍵")


def connect(rooms: Rooms, clock: FakeClock, connection_id: str, member: Member) -> Connection:
    connection = Connection(connection_id, member, clock.now())
    rooms.connect(connection)
    return connection


def enter(rooms: Rooms, room_id: str, connection: Connection) -> None:
    nobody = Membership(room_id, connection.member.user_id, name=connection.member.name)
    rooms.join(room_id, connection=connection, membership=nobody)


def say(rooms: Rooms, text: str, *, id_: str | None = None, sender: Member = ALICE) -> Message:
    return rooms.append(SendMessage(room_id="tea", text=text, client_message_id=id_), sender=sender)


@pytest.fixture
def alice(rooms: Rooms, clock: FakeClock) -> Connection:
    return connect(rooms, clock, "a1=", ALICE)


@pytest.fixture
def bob(rooms: Rooms, clock: FakeClock) -> Connection:
    return connect(rooms, clock, "b1=", BOB)


def test_remembers_connections(rooms: Rooms, alice: Connection) -> None:
    """What was connected is found again as it was, in no room."""
    assert rooms.connection("a1=") == alice


def test_knows_no_strangers(rooms: Rooms) -> None:
    """A connection that never was is `unauthorized`."""
    with pytest.raises(Unauthorized):
        rooms.connection("nobody")


@pytest.mark.usefixtures("alice")
def test_ignores_connections_past_their_time(rooms: Rooms, clock: FakeClock) -> None:
    """An item that TTL has yet to delete does not count."""
    clock.advance(hours=2, minutes=10)

    with pytest.raises(Unauthorized):
        rooms.connection("a1=")


def test_creator_is_in_the_room(rooms: Rooms, alice: Connection) -> None:
    """A new room holds its creator, in the audience and in the connection."""
    room = rooms.create("tea", "Tea time", creator=alice)

    assert rooms.room("tea") == room
    assert (room.name, room.created_by, room.last_seq) == ("Tea time", "u-alice", 0)
    assert [a.connection_id for a in rooms.audience("tea")] == ["a1="]
    assert rooms.connection("a1=").rooms == {"tea"}


def test_a_room_looks_the_same_however_it_is_come_by(rooms: Rooms, alice: Connection) -> None:
    """As it was created and as it is read, down to what a frame leaves out."""
    created = rooms.create("tea", "Tea", creator=alice)

    assert msgspec.json.encode(rooms.room("tea")) == msgspec.json.encode(created)


def test_room_ids_are_unique(rooms: Rooms, alice: Connection, bob: Connection) -> None:
    """A second room of one id is refused, and changes nothing."""
    room = rooms.create("tea", "Tea", creator=alice)

    with pytest.raises(RoomExists):
        rooms.create("tea", "Mine", creator=bob)

    assert rooms.room("tea") == room
    assert [a.connection_id for a in rooms.audience("tea")] == ["a1="]
    assert rooms.connection("b1=").rooms == frozenset()


def test_joins_make_the_audience(
    rooms: Rooms, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """Whoever joins is in the audience, in the order of joining."""
    rooms.create("tea", "Tea", creator=bob)
    clock.advance(seconds=1)

    enter(rooms, "tea", alice)

    audience = rooms.audience("tea")
    assert [a.member.name for a in audience] == [BOB.name, ALICE.name]
    assert [a.member.role for a in audience] == ["owner", None]
    assert rooms.connection("a1=").rooms == {"tea"}


def test_no_room_by_accident(rooms: Rooms, alice: Connection) -> None:
    """Neither join nor append nor room makes a room."""
    with pytest.raises(RoomNotFound):
        enter(rooms, "tea", alice)
    with pytest.raises(RoomNotFound):
        say(rooms, "hello?")
    with pytest.raises(RoomNotFound):
        rooms.room("tea")
    assert rooms.audience("tea") == []
    assert rooms.connection("a1=").rooms == frozenset()


def test_no_ghost_joins(rooms: Rooms, alice: Connection, bob: Connection) -> None:
    """A connection that has gone cannot join any more."""
    rooms.create("tea", "Tea", creator=alice)
    rooms.disconnect("b1=")

    with pytest.raises(Unauthorized):
        enter(rooms, "tea", bob)
    with pytest.raises(Unauthorized):
        rooms.create("milk", "Milk", creator=bob)

    assert [a.connection_id for a in rooms.audience("tea")] == ["a1="]
    with pytest.raises(RoomNotFound):
        rooms.room("milk")


def test_limits_rooms_per_connection(make_rooms: MakeRooms, clock: FakeClock) -> None:
    """One room too many is `forbidden`, and leaving one makes place."""
    rooms = make_rooms(rooms_per_connection=2)
    alice = connect(rooms, clock, "a1=", ALICE)
    for room_id in ("one", "two"):
        rooms.create(room_id, room_id, creator=alice)

    with pytest.raises(Forbidden):
        rooms.create("three", "three", creator=alice)
    rooms.leave("one", connection=alice)
    rooms.create("three", "three", creator=alice)

    assert rooms.connection("a1=").rooms == {"two", "three"}


def test_leaving_ends_membership(rooms: Rooms, alice: Connection, bob: Connection) -> None:
    """Who leaves is out of the audience and of the connection's rooms; others stay."""
    rooms.create("tea", "Tea", creator=alice)
    enter(rooms, "tea", bob)

    rooms.leave("tea", connection=alice)

    assert [a.connection_id for a in rooms.audience("tea")] == ["b1="]
    assert rooms.connection("a1=").rooms == frozenset()


def test_disconnect_cleans_up_once(rooms: Rooms, alice: Connection, bob: Connection) -> None:
    """A disconnect empties every room of the connection; a late one finds nothing to do."""
    rooms.create("tea", "Tea", creator=alice)
    rooms.create("milk", "Milk", creator=alice)
    enter(rooms, "tea", bob)

    gone, late = rooms.disconnect("a1="), rooms.disconnect("a1=")

    assert gone is not None
    assert gone.rooms == {"tea", "milk"}
    assert late is None
    assert [a.connection_id for a in rooms.audience("tea")] == ["b1="]
    assert rooms.audience("milk") == []


def test_evicts_from_one_room(rooms: Rooms, alice: Connection) -> None:
    """An eviction removes one place in one audience, once."""
    rooms.create("tea", "Tea", creator=alice)
    rooms.create("milk", "Milk", creator=alice)

    first, second = rooms.evict("tea", "a1="), rooms.evict("tea", "a1=")

    assert first is not None
    assert first.member.user_id == "u-alice"
    assert second is None
    assert rooms.audience("tea") == []
    assert len(rooms.audience("milk")) == 1


def test_audience_forgets_the_expired(rooms: Rooms, clock: FakeClock, alice: Connection) -> None:
    """A place whose connection must have ended is not part of the audience."""
    rooms.create("tea", "Tea", creator=alice)
    clock.advance(hours=1)
    late = connect(rooms, clock, "b1=", BOB)
    enter(rooms, "tea", late)

    clock.advance(hours=1, minutes=10)

    assert [a.connection_id for a in rooms.audience("tea")] == ["b1="]


def test_log_keeps_what_was_said(rooms: Rooms, alice: Connection) -> None:
    """A message is read back as it was returned, with the server's sender, seq and time."""
    rooms.create("tea", "Tea", creator=alice)

    said = say(rooms, "héllo 🫖\nworld", id_="m1", sender=BOB)

    assert rooms.after("tea", 0, limit=10).messages == (said,)
    assert (said.sender, said.text, said.client_message_id) == (BOB, "héllo 🫖\nworld", "m1")
    assert said.sent_at == "2026-01-01T00:00:00.000Z"
    assert rooms.room("tea").last_seq == said.seq


def test_repeats_are_one_message(rooms: Rooms, alice: Connection) -> None:
    """The same clientMessageId of the same user is one message; of another it is another."""
    rooms.create("tea", "Tea", creator=alice)

    first, again = say(rooms, "one", id_="m1"), say(rooms, "other words", id_="m1")
    namesake = Member(user_id="u-eve", name=ALICE.name)
    another = say(rooms, "two of a name", id_="m1", sender=namesake)
    other = say(rooms, "one", id_="m1", sender=BOB)

    assert again == first
    assert (another.sender, another.text) == (namesake, "two of a name")
    assert other.seq > first.seq
    assert rooms.after("tea", 0, limit=10).messages == (first, another, other)


def test_repeats_side_by_side_are_one_message(rooms: Rooms, alice: Connection) -> None:
    """Copies of a request that run at once all get the one message."""
    rooms.create("tea", "Tea", creator=alice)

    with ThreadPoolExecutor(4) as threads:
        copies = list(threads.map(lambda _: say(rooms, "one", id_="m1"), range(4)))

    assert set(copies) == {copies[0]}
    assert rooms.after("tea", 0, limit=10).messages == (copies[0],)


def test_repeats_are_recognized_for_a_day(
    rooms: Rooms, clock: FakeClock, alice: Connection
) -> None:
    """After a day an id may be used again, whether or not the mark has been deleted yet."""
    rooms.create("tea", "Tea", creator=alice)
    first = say(rooms, "one", id_="m1")

    clock.advance(days=1)

    assert say(rooms, "two", id_="m1").seq > first.seq


def test_pages_forward_and_back(rooms: Rooms, alice: Connection) -> None:
    """Pages are in seq order from either end, and say whether there is more."""
    rooms.create("tea", "Tea", creator=alice)
    said = [say(rooms, str(n)) for n in range(5)]

    first = rooms.after("tea", said[0].seq, limit=2)
    rest = rooms.after("tea", said[2].seq, limit=2)
    last = rooms.before("tea", said[4].seq + 1, limit=2)
    head = rooms.before("tea", said[2].seq, limit=2)

    assert (first.messages, first.has_more) == (tuple(said[1:3]), True)
    assert (rest.messages, rest.has_more) == (tuple(said[3:5]), False)
    assert (last.messages, last.has_more) == (tuple(said[3:5]), True)
    assert (head.messages, head.has_more) == (tuple(said[0:2]), False)


def test_pages_of_nothing(rooms: Rooms, alice: Connection) -> None:
    """Beyond either end there is an empty page and no more."""
    rooms.create("tea", "Tea", creator=alice)
    said = say(rooms, "one")

    for page in (
        rooms.after("tea", said.seq, limit=5),
        rooms.before("tea", said.seq, limit=5),
        rooms.before("tea", 0, limit=5),
        rooms.after("tea", 10**16 - 1, limit=5),
    ):
        assert (page.messages, page.has_more) == ((), False)


def test_expired_messages_are_not_read(make_rooms: MakeRooms, clock: FakeClock) -> None:
    """Retention hides a message from its time on, and pages are full in spite of it."""
    rooms = make_rooms(retention=timedelta(days=1))
    alice = connect(rooms, clock, "a1=", ALICE)
    rooms.create("tea", "Tea", creator=alice)
    for n in range(5):
        say(rooms, f"old {n}")
    clock.advance(hours=12)
    fresh = [say(rooms, f"new {n}") for n in range(2)]

    clock.advance(hours=12)

    page = rooms.after("tea", 0, limit=2)
    assert (page.messages, page.has_more) == (tuple(fresh), False)


def test_knows_what_it_no_longer_keeps(make_rooms: MakeRooms, clock: FakeClock) -> None:
    """A log is kept above a seq until something above it may have expired."""
    rooms = make_rooms(retention=timedelta(days=1))
    alice = connect(rooms, clock, "a1=", ALICE)
    room = rooms.create("tea", "Tea", creator=alice)
    old = say(rooms, "old")
    clock.advance(hours=12)
    newer = say(rooms, "newer")

    before = [rooms.keeps(room, 0), rooms.keeps(room, old.seq), rooms.keeps(room, newer.seq)]
    clock.advance(hours=12)
    after = [rooms.keeps(room, 0), rooms.keeps(room, newer.seq)]

    assert before == [True, True, True]
    assert after == [False, True]


def test_keeps_everything_without_retention(
    rooms: Rooms, clock: FakeClock, alice: Connection
) -> None:
    """Where nothing expires, nothing is lost."""
    room = rooms.create("tea", "Tea", creator=alice)
    say(rooms, "one")

    clock.advance(days=10_000)

    assert rooms.keeps(room, 0)
    assert len(rooms.after("tea", 0, limit=10).messages) == 1
