"""The contract of the ports Rooms, RoomTransactions, Subscribers and Messages."""

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


def join_room(stores: Stores, room_id: str, connection: Connection) -> None:
    membership = Membership(room_id, connection.member.user_id, name=connection.member.name)
    stores.room_transactions.join(room_id, connection=connection, membership=membership)


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


def test_stores_connections(stores: Stores, alice: Connection) -> None:
    """A new connection is read as it was stored, in no room."""
    assert stores.connections.get("a1=") == alice


def test_an_unknown_connection_is_unauthorized(stores: Stores) -> None:
    """A connection that was never stored is `unauthorized`."""
    with pytest.raises(Unauthorized):
        stores.connections.get("unknown")


@pytest.mark.usefixtures("alice")
def test_ignores_expired_connections(stores: Stores, clock: FakeClock) -> None:
    """An expired item that TTL has not deleted yet is ignored."""
    clock.advance(hours=2, minutes=10)

    with pytest.raises(Unauthorized):
        stores.connections.get("a1=")


def test_creator_is_in_the_room(stores: Stores, alice: Connection) -> None:
    """The creator of a room is subscribed to it, and the connection has the room."""
    room = stores.room_transactions.create_room("tea", "Tea time", creator=alice)

    assert stores.rooms.get("tea") == room
    assert (room.name, room.created_by, room.last_seq) == ("Tea time", "u-alice", 0)
    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["a1="]
    assert stores.connections.get("a1=").rooms == {"tea"}


def test_a_created_room_equals_the_room_that_is_read(stores: Stores, alice: Connection) -> None:
    """A room is encoded to the same JSON after its creation and after a read."""
    created = stores.room_transactions.create_room("tea", "Tea", creator=alice)

    assert msgspec.json.encode(stores.rooms.get("tea")) == msgspec.json.encode(created)


def test_room_ids_are_unique(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A second room with the same id is rejected, and nothing is stored."""
    room = stores.room_transactions.create_room("tea", "Tea", creator=alice)

    with pytest.raises(RoomExists):
        stores.room_transactions.create_room("tea", "Mine", creator=bob)

    assert stores.rooms.get("tea") == room
    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["a1="]
    assert stores.connections.get("b1=").rooms == frozenset()


def test_joins_make_subscribers(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """A connection that joins is a subscriber. Subscribers are in the order of their joins."""
    stores.room_transactions.create_room("tea", "Tea", creator=bob)
    clock.advance(seconds=1)

    join_room(stores, "tea", alice)

    subscribers = stores.subscribers.of("tea")
    assert [a.member.name for a in subscribers] == [BOB.name, ALICE.name]
    assert [a.member.role for a in subscribers] == ["owner", None]
    assert stores.connections.get("a1=").rooms == {"tea"}


def test_only_create_room_makes_a_room(stores: Stores, alice: Connection) -> None:
    """A join, a message or a read of a room that does not exist does not create it."""
    with pytest.raises(RoomNotFound):
        join_room(stores, "tea", alice)
    with pytest.raises(RoomNotFound):
        say(stores, "hello?")
    with pytest.raises(RoomNotFound):
        stores.rooms.get("tea")
    assert stores.subscribers.of("tea") == []
    assert stores.connections.get("a1=").rooms == frozenset()


def test_a_closed_connection_cannot_join(
    stores: Stores, alice: Connection, bob: Connection
) -> None:
    """A connection that was removed can neither join nor create a room."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    stores.connections.remove("b1=")

    with pytest.raises(Unauthorized):
        join_room(stores, "tea", bob)
    with pytest.raises(Unauthorized):
        stores.room_transactions.create_room("milk", "Milk", creator=bob)

    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["a1="]
    with pytest.raises(RoomNotFound):
        stores.rooms.get("milk")


def test_limits_rooms_per_connection(make_stores: MakeStores, clock: FakeClock) -> None:
    """A room above the limit is `forbidden`.

    If the connection leaves a room, it can create another.
    """
    stores = make_stores(rooms_per_connection=2)
    alice = connect(stores, clock, "a1=", ALICE)
    for room_id in ("one", "two"):
        stores.room_transactions.create_room(room_id, room_id, creator=alice)

    with pytest.raises(Forbidden):
        stores.room_transactions.create_room("three", "three", creator=alice)
    stores.room_transactions.leave("one", connection=alice)
    stores.room_transactions.create_room("three", "three", creator=alice)

    assert stores.connections.get("a1=").rooms == {"two", "three"}


def test_leaving_unsubscribes(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A connection that leaves is no subscriber, and the room is not among its rooms any more.

    Other subscribers stay.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    join_room(stores, "tea", bob)

    stores.room_transactions.leave("tea", connection=alice)

    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["b1="]
    assert stores.connections.get("a1=").rooms == frozenset()


def test_disconnect_cleans_up_once(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A disconnection unsubscribes the connection from all its rooms.

    A repeated disconnection finds no connection.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    stores.room_transactions.create_room("milk", "Milk", creator=alice)
    join_room(stores, "tea", bob)

    gone, late = stores.connections.remove("a1="), stores.connections.remove("a1=")

    assert gone is not None
    assert gone.rooms == {"tea", "milk"}
    assert late is None
    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["b1="]
    assert stores.subscribers.of("milk") == []


def test_removes_a_subscriber_from_one_room(stores: Stores, alice: Connection) -> None:
    """A subscriber is removed from one room, once."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    stores.room_transactions.create_room("milk", "Milk", creator=alice)

    first, second = stores.subscribers.remove("tea", "a1="), stores.subscribers.remove("tea", "a1=")

    assert first is not None
    assert first.member.user_id == "u-alice"
    assert second is None
    assert stores.subscribers.of("tea") == []
    assert len(stores.subscribers.of("milk")) == 1


def test_expired_connections_are_no_subscribers(
    stores: Stores, clock: FakeClock, alice: Connection
) -> None:
    """A subscriber whose connection has expired is not listed."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    clock.advance(hours=1)
    late = connect(stores, clock, "b1=", BOB)
    join_room(stores, "tea", late)

    clock.advance(hours=1, minutes=10)

    assert [a.connection_id for a in stores.subscribers.of("tea")] == ["b1="]


def test_stores_messages(stores: Stores, alice: Connection) -> None:
    """A message is read as it was returned, with the sender, seq and time of the server."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)

    said = say(stores, "héllo 🫖\nworld", id_="m1", sender=BOB)

    assert stores.messages.after("tea", 0, limit=10).messages == (said,)
    assert (said.sender, said.text, said.client_message_id) == (BOB, "héllo 🫖\nworld", "m1")
    assert said.sent_at == "2026-01-01T00:00:00.000Z"
    assert stores.rooms.get("tea").last_seq == said.seq


def test_repeats_are_one_message(stores: Stores, alice: Connection) -> None:
    """Messages of a user with the same clientMessageId are one message.

    A message of another user with this clientMessageId is another message.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice)

    first, again = say(stores, "one", id_="m1"), say(stores, "other words", id_="m1")
    namesake = Member(user_id="u-eve", name=ALICE.name)
    another = say(stores, "two of a name", id_="m1", sender=namesake)
    other = say(stores, "one", id_="m1", sender=BOB)

    assert again == first
    assert stores.rooms.get("tea").last_seq == 3
    assert (another.sender, another.text) == (namesake, "two of a name")
    assert other.seq > first.seq
    assert stores.messages.after("tea", 0, limit=10).messages == (first, another, other)


def test_concurrent_repeats_are_one_message(stores: Stores, alice: Connection) -> None:
    """Simultaneous copies of a request all return the same message."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)

    with ThreadPoolExecutor(4) as threads:
        copies = list(threads.map(lambda _: say(stores, "one", id_="m1"), range(4)))

    assert set(copies) == {copies[0]}
    assert stores.messages.after("tea", 0, limit=10).messages == (copies[0],)


def test_repeats_are_recognized_for_a_day(
    stores: Stores, clock: FakeClock, alice: Connection
) -> None:
    """After a day a clientMessageId can be used again.

    It does not matter whether TTL has deleted its item yet.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    first = say(stores, "one", id_="m1")

    clock.advance(days=1)

    assert say(stores, "two", id_="m1").seq > first.seq


def test_pages_forward_and_back(stores: Stores, alice: Connection) -> None:
    """Pages are in seq order in both directions.

    If the log has more messages, `has_more` is true.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    said = [say(stores, str(n)) for n in range(5)]

    first = stores.messages.after("tea", said[0].seq, limit=2)
    rest = stores.messages.after("tea", said[2].seq, limit=2)
    last = stores.messages.before("tea", said[4].seq + 1, limit=2)
    head = stores.messages.before("tea", said[2].seq, limit=2)

    assert (first.messages, first.has_more) == (tuple(said[1:3]), True)
    assert (rest.messages, rest.has_more) == (tuple(said[3:5]), False)
    assert (last.messages, last.has_more) == (tuple(said[3:5]), True)
    assert (head.messages, head.has_more) == (tuple(said[0:2]), False)


def test_empty_pages(stores: Stores, alice: Connection) -> None:
    """A page beyond the first or the last message is empty, and has no more messages."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    said = say(stores, "one")

    for page in (
        stores.messages.after("tea", said.seq, limit=5),
        stores.messages.before("tea", said.seq, limit=5),
        stores.messages.before("tea", 0, limit=5),
        stores.messages.after("tea", 10**16 - 1, limit=5),
    ):
        assert (page.messages, page.has_more) == ((), False)


def test_expired_messages_are_not_read(make_stores: MakeStores, clock: FakeClock) -> None:
    """A message is hidden when its retention ends. Pages are full despite hidden messages."""
    stores = make_stores(retention=timedelta(days=1))
    alice = connect(stores, clock, "a1=", ALICE)
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    for n in range(5):
        say(stores, f"old {n}")
    clock.advance(hours=12)
    fresh = [say(stores, f"new {n}") for n in range(2)]

    clock.advance(hours=12)

    page = stores.messages.after("tea", 0, limit=2)
    assert (page.messages, page.has_more) == (tuple(fresh), False)


def test_reports_whether_messages_have_expired(make_stores: MakeStores, clock: FakeClock) -> None:
    """The log has all messages after a seq until one of them can have expired."""
    stores = make_stores(retention=timedelta(days=1))
    alice = connect(stores, clock, "a1=", ALICE)
    room = stores.room_transactions.create_room("tea", "Tea", creator=alice)
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
    """If there is no retention, the log has all messages."""
    room = stores.room_transactions.create_room("tea", "Tea", creator=alice)
    say(stores, "one")

    clock.advance(days=10_000)

    assert stores.messages.has_all_since(room, 0)
    assert len(stores.messages.after("tea", 0, limit=10).messages) == 1
