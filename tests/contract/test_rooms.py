"""What every implementation of the Rooms port promises."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Forbidden, RoomExists, RoomNotFound, Unauthorized
from chat.protocol import Member, Message, SendMessage
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import MakeStores, Stores

ALICE = Member(user_id="u-alice", name="Alice")
BOB = Member(user_id="u-bob", name="Bób 🍵")


def connect(stores: Stores, clock: FakeClock, connection_id: str, member: Member) -> Connection:
    connection = Connection(connection_id, member, clock.now())
    stores.handshakes.open(connection)
    return connection


def enter(stores: Stores, room_id: str, connection: Connection) -> None:
    nobody = Membership(room_id, connection.member.user_id, name=connection.member.name)
    stores.joins.join(room_id, connection=connection, membership=nobody)


def say(stores: Stores, text: str, *, id_: str | None = None, sender: Member = ALICE) -> Message:
    return stores.messages.append(
        SendMessage(room_id="tea", text=text, client_message_id=id_), sender=sender
    )


@pytest.fixture
def alice(stores: Stores, clock: FakeClock) -> Connection:
    return connect(stores, clock, "a1=", ALICE)


@pytest.fixture
def bob(stores: Stores, clock: FakeClock) -> Connection:
    return connect(stores, clock, "b1=", BOB)


def test_remembers_connections(stores: Stores, alice: Connection) -> None:
    """What was connected is found again as it was, in no room."""
    assert stores.connections.get("a1=") == alice


def test_knows_no_strangers(stores: Stores) -> None:
    """A connection that never was is `unauthorized`."""
    with pytest.raises(Unauthorized):
        stores.connections.get("nobody")


@pytest.mark.usefixtures("alice")
def test_ignores_connections_past_their_time(stores: Stores, clock: FakeClock) -> None:
    """An item that TTL has yet to delete does not count."""
    clock.advance(hours=2, minutes=10)

    with pytest.raises(Unauthorized):
        stores.connections.get("a1=")


def test_creator_is_in_the_room(stores: Stores, alice: Connection) -> None:
    """A new room holds its creator, in the audience and in the connection."""
    room = stores.joins.create_room("tea", "Tea time", creator=alice)

    assert stores.rooms.get("tea") == room
    assert (room.name, room.created_by, room.last_seq) == ("Tea time", "u-alice", 0)
    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["a1="]
    assert stores.connections.get("a1=").rooms == {"tea"}


def test_a_room_looks_the_same_however_it_is_come_by(stores: Stores, alice: Connection) -> None:
    """As it was created and as it is read, down to what a frame leaves out."""
    created = stores.joins.create_room("tea", "Tea", creator=alice)

    assert msgspec.json.encode(stores.rooms.get("tea")) == msgspec.json.encode(created)


def test_room_ids_are_unique(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A second room of one id is refused, and changes nothing."""
    room = stores.joins.create_room("tea", "Tea", creator=alice)

    with pytest.raises(RoomExists):
        stores.joins.create_room("tea", "Mine", creator=bob)

    assert stores.rooms.get("tea") == room
    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["a1="]
    assert stores.connections.get("b1=").rooms == frozenset()


def test_joins_make_the_audience(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """Whoever joins is in the audience, in the order of joining."""
    stores.joins.create_room("tea", "Tea", creator=bob)
    clock.advance(seconds=1)

    enter(stores, "tea", alice)

    audience = stores.subscribers.of("tea")
    assert [a.member.name for a in audience] == [BOB.name, ALICE.name]
    assert [a.member.role for a in audience] == ["owner", None]
    assert stores.connections.get("a1=").rooms == {"tea"}


def test_no_room_by_accident(stores: Stores, alice: Connection) -> None:
    """Neither join nor append nor room makes a room."""
    with pytest.raises(RoomNotFound):
        enter(stores, "tea", alice)
    with pytest.raises(RoomNotFound):
        say(stores, "hello?")
    with pytest.raises(RoomNotFound):
        stores.rooms.get("tea")
    assert stores.subscribers.of("tea") == []
    assert stores.connections.get("a1=").rooms == frozenset()


def test_no_ghost_joins(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A connection that has gone cannot join any more."""
    stores.joins.create_room("tea", "Tea", creator=alice)
    stores.connections.remove("b1=")

    with pytest.raises(Unauthorized):
        enter(stores, "tea", bob)
    with pytest.raises(Unauthorized):
        stores.joins.create_room("milk", "Milk", creator=bob)

    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["a1="]
    with pytest.raises(RoomNotFound):
        stores.rooms.get("milk")


def test_limits_rooms_per_connection(make_stores: MakeStores, clock: FakeClock) -> None:
    """One room too many is `forbidden`, and leaving one makes place."""
    stores = make_stores(rooms_per_connection=2)
    alice = connect(stores, clock, "a1=", ALICE)
    for room_id in ("one", "two"):
        stores.joins.create_room(room_id, room_id, creator=alice)

    with pytest.raises(Forbidden):
        stores.joins.create_room("three", "three", creator=alice)
    stores.joins.leave("one", connection=alice)
    stores.joins.create_room("three", "three", creator=alice)

    assert stores.connections.get("a1=").rooms == {"two", "three"}


def test_leaving_ends_membership(stores: Stores, alice: Connection, bob: Connection) -> None:
    """Who leaves is out of the audience and of the connection's rooms; others stay."""
    stores.joins.create_room("tea", "Tea", creator=alice)
    enter(stores, "tea", bob)

    stores.joins.leave("tea", connection=alice)

    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["b1="]
    assert stores.connections.get("a1=").rooms == frozenset()


def test_disconnect_cleans_up_once(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A disconnect empties every room of the connection; a late one finds nothing to do."""
    stores.joins.create_room("tea", "Tea", creator=alice)
    stores.joins.create_room("milk", "Milk", creator=alice)
    enter(stores, "tea", bob)

    gone, late = stores.connections.remove("a1="), stores.connections.remove("a1=")

    assert gone is not None
    assert gone.rooms == {"tea", "milk"}
    assert late is None
    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["b1="]
    assert stores.subscribers.of("milk") == []


def test_evicts_from_one_room(stores: Stores, alice: Connection) -> None:
    """An eviction removes one place in one audience, once."""
    stores.joins.create_room("tea", "Tea", creator=alice)
    stores.joins.create_room("milk", "Milk", creator=alice)

    first, second = stores.subscribers.remove("tea", "a1="), stores.subscribers.remove("tea", "a1=")

    assert first is not None
    assert first.member.user_id == "u-alice"
    assert second is None
    assert stores.subscribers.of("tea") == []
    assert len(stores.subscribers.of("milk")) == 1


def test_audience_forgets_the_expired(stores: Stores, clock: FakeClock, alice: Connection) -> None:
    """A place whose connection must have ended is not part of the audience."""
    stores.joins.create_room("tea", "Tea", creator=alice)
    clock.advance(hours=1)
    late = connect(stores, clock, "b1=", BOB)
    enter(stores, "tea", late)

    clock.advance(hours=1, minutes=10)

    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["b1="]


def test_log_keeps_what_was_said(stores: Stores, alice: Connection) -> None:
    """A message is read back as it was returned, with the server's sender, seq and time."""
    stores.joins.create_room("tea", "Tea", creator=alice)

    said = say(stores, "héllo 🫖\nworld", id_="m1", sender=BOB)

    assert stores.messages.after("tea", 0, limit=10).messages == (said,)
    assert (said.sender, said.text, said.client_message_id) == (BOB, "héllo 🫖\nworld", "m1")
    assert said.sent_at == "2026-01-01T00:00:00.000Z"
    assert stores.rooms.get("tea").last_seq == said.seq


def test_repeats_are_one_message(stores: Stores, alice: Connection) -> None:
    """The same clientMessageId of the same user is one message; of another it is another."""
    stores.joins.create_room("tea", "Tea", creator=alice)

    first, again = say(stores, "one", id_="m1"), say(stores, "other words", id_="m1")
    namesake = Member(user_id="u-eve", name=ALICE.name)
    another = say(stores, "two of a name", id_="m1", sender=namesake)
    other = say(stores, "one", id_="m1", sender=BOB)

    assert again == first
    assert (another.sender, another.text) == (namesake, "two of a name")
    assert other.seq > first.seq
    assert stores.messages.after("tea", 0, limit=10).messages == (first, another, other)


def test_repeats_side_by_side_are_one_message(stores: Stores, alice: Connection) -> None:
    """Copies of a request that run at once all get the one message."""
    stores.joins.create_room("tea", "Tea", creator=alice)

    with ThreadPoolExecutor(4) as threads:
        copies = list(threads.map(lambda _: say(stores, "one", id_="m1"), range(4)))

    assert set(copies) == {copies[0]}
    assert stores.messages.after("tea", 0, limit=10).messages == (copies[0],)


def test_repeats_are_recognized_for_a_day(
    stores: Stores, clock: FakeClock, alice: Connection
) -> None:
    """After a day an id may be used again, whether or not the mark has been deleted yet."""
    stores.joins.create_room("tea", "Tea", creator=alice)
    first = say(stores, "one", id_="m1")

    clock.advance(days=1)

    assert say(stores, "two", id_="m1").seq > first.seq


def test_pages_forward_and_back(stores: Stores, alice: Connection) -> None:
    """Pages are in seq order from either end, and say whether there is more."""
    stores.joins.create_room("tea", "Tea", creator=alice)
    said = [say(stores, str(n)) for n in range(5)]

    first = stores.messages.after("tea", said[0].seq, limit=2)
    rest = stores.messages.after("tea", said[2].seq, limit=2)
    last = stores.messages.before("tea", said[4].seq + 1, limit=2)
    head = stores.messages.before("tea", said[2].seq, limit=2)

    assert (first.messages, first.has_more) == (tuple(said[1:3]), True)
    assert (rest.messages, rest.has_more) == (tuple(said[3:5]), False)
    assert (last.messages, last.has_more) == (tuple(said[3:5]), True)
    assert (head.messages, head.has_more) == (tuple(said[0:2]), False)


def test_pages_of_nothing(stores: Stores, alice: Connection) -> None:
    """Beyond either end there is an empty page and no more."""
    stores.joins.create_room("tea", "Tea", creator=alice)
    said = say(stores, "one")

    for page in (
        stores.messages.after("tea", said.seq, limit=5),
        stores.messages.before("tea", said.seq, limit=5),
        stores.messages.before("tea", 0, limit=5),
        stores.messages.after("tea", 10**16 - 1, limit=5),
    ):
        assert (page.messages, page.has_more) == ((), False)


def test_expired_messages_are_not_read(make_stores: MakeStores, clock: FakeClock) -> None:
    """Retention hides a message from its time on, and pages are full in spite of it."""
    stores = make_stores(retention=timedelta(days=1))
    alice = connect(stores, clock, "a1=", ALICE)
    stores.joins.create_room("tea", "Tea", creator=alice)
    for n in range(5):
        say(stores, f"old {n}")
    clock.advance(hours=12)
    fresh = [say(stores, f"new {n}") for n in range(2)]

    clock.advance(hours=12)

    page = stores.messages.after("tea", 0, limit=2)
    assert (page.messages, page.has_more) == (tuple(fresh), False)


def test_knows_what_it_no_longer_keeps(make_stores: MakeStores, clock: FakeClock) -> None:
    """A log is kept above a seq until something above it may have expired."""
    stores = make_stores(retention=timedelta(days=1))
    alice = connect(stores, clock, "a1=", ALICE)
    room = stores.joins.create_room("tea", "Tea", creator=alice)
    old = say(stores, "old")
    clock.advance(hours=12)
    newer = say(stores, "newer")

    before = [
        stores.messages.has_all_since(room, 0),
        stores.messages.has_all_since(room, old.seq),
        stores.messages.has_all_since(room, newer.seq),
    ]
    clock.advance(hours=12)
    after = [stores.messages.has_all_since(room, 0), stores.messages.has_all_since(room, newer.seq)]

    assert before == [True, True, True]
    assert after == [False, True]


def test_keeps_everything_without_retention(
    stores: Stores, clock: FakeClock, alice: Connection
) -> None:
    """Where nothing expires, nothing is lost."""
    room = stores.joins.create_room("tea", "Tea", creator=alice)
    say(stores, "one")

    clock.advance(days=10_000)

    assert stores.messages.has_all_since(room, 0)
    assert len(stores.messages.after("tea", 0, limit=10).messages) == 1
