"""A gap that a reader of the history has seen stays a gap, even if its writer is slow."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from chat.domain.connection import Connection
from chat.dynamodb.messages import DynamoMessages
from chat.dynamodb.table import Table
from chat.protocol import Member, Message, SendMessage
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ALICE = Member(user_id="u-alice", name="Alice")


def said(text: str, id_: str | None = None) -> SendMessage:
    return SendMessage(room_id="tea", text=text, client_message_id=id_)


@pytest.fixture(params=["moto", "emulator"])
def log(request: pytest.FixtureRequest, clock: FakeClock) -> DynamoMessages:
    """The message log of a new room, on the DynamoDB adapter."""
    client: DynamoDBClient = request.getfixturevalue(f"{request.param}_dynamodb")
    table = make_table(client)
    stores = Stores.dynamo(client, clock, tables=(table, table))
    alice = Connection("a1=", ALICE, clock.now())
    stores.handshakes.open(alice)
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    return DynamoMessages(Table(client, table), clock=clock, retention=None)


def drafted(log: DynamoMessages, request: SendMessage) -> Message:
    """Return a message whose seq is taken, but that is not stored, as by a slow writer."""
    return log.writer.number(request, sender=ALICE)


def written_by(log: DynamoMessages, act: Callable[[], object]) -> int:
    """Return the number of transactions that *act* makes."""
    written: list[Any] = []

    def count(model: Any, **_: Any) -> None:
        if model.name == "TransactWriteItems":
            written.append(model)

    events = log._table.client.meta.events
    events.register("before-parameter-build.dynamodb", count)
    act()
    events.unregister("before-parameter-build.dynamodb", count)
    return len(written)


def all_of(log: DynamoMessages) -> tuple[Message, ...]:
    return log.after("tea", 0, limit=100).messages


@pytest.mark.parametrize("id_", [None, "m1"])
def test_a_late_writer_gets_a_later_seq(log: DynamoMessages, id_: str | None) -> None:
    """If a reader has read past the seq of a writer, the message gets a later seq, once."""
    late_draft = drafted(log, said("late", id_))
    fast = log.append(said("fast"), sender=ALICE)
    before = all_of(log)

    late = log.writer.store(late_draft)
    again = log.append(said("late", id_), sender=ALICE)

    assert before == (fast,)
    assert late is None
    assert again.seq > fast.seq
    assert all_of(log) == (fast, again)


def test_a_message_stored_before_a_read_is_read(log: DynamoMessages) -> None:
    """A seq whose message is stored before the first read is no gap."""
    late_draft = drafted(log, said("late"))
    fast = log.append(said("fast"), sender=ALICE)

    stored = log.writer.store(late_draft)

    assert stored == late_draft
    assert all_of(log) == (late_draft, fast)


@pytest.mark.parametrize("read", ["latest", "before", "after"])
def test_every_page_closes_its_gaps(log: DynamoMessages, read: str) -> None:
    """After a page is read in either direction, no message can appear within it."""
    first = log.append(said("first"), sender=ALICE)
    late_draft = drafted(log, said("late"))
    last = log.append(said("last"), sender=ALICE)

    pages = {
        "latest": lambda: log.before("tea", 10**16 - 1, limit=1),
        "before": lambda: log.before("tea", last.seq, limit=1),
        "after": lambda: log.after("tea", first.seq, limit=1),
    }
    page = pages[read]()

    assert page.messages == ((first,) if read == "before" else (last,))
    assert log.writer.store(late_draft) is None


def test_the_latest_seq_stays_open(log: DynamoMessages) -> None:
    """A seq above every message that was read can still be written."""
    first = log.append(said("first"), sender=ALICE)
    late_draft = drafted(log, said("late"))

    assert all_of(log) == (first,)

    assert log.writer.store(late_draft) == late_draft
    assert all_of(log) == (first, late_draft)


def test_old_gaps_get_no_tombstone(log: DynamoMessages, clock: FakeClock) -> None:
    """A gap that is older than any running writer gets no tombstone."""
    drafted(log, said("crashed"))
    last = log.append(said("last"), sender=ALICE)
    clock.advance(minutes=5)

    assert all_of(log) == (last,)
    assert log._table.get({"pk": "ROOM#tea", "sk": f"MESSAGE#{last.seq - 1:016d}"}) is None


def test_pages_are_full_around_tombstones(log: DynamoMessages) -> None:
    """A page neither has nor counts tombstones."""
    texts = []
    for n in range(6):
        drafted(log, said("crashed"))
        texts.append(log.append(said(str(n)), sender=ALICE))
    all_of(log)

    page = log.after("tea", 0, limit=4)
    back = log.before("tea", texts[-1].seq, limit=4)

    assert (page.messages, page.has_more) == (tuple(texts[:4]), True)
    assert (back.messages, back.has_more) == (tuple(texts[1:5]), True)


@pytest.mark.parametrize("gap", [1, 50, 51, 200])
def test_a_gap_is_closed_in_few_transactions(log: DynamoMessages, gap: int) -> None:
    """A reader writes up to 50 tombstones in a transaction, and the page is complete."""
    first = log.append(said("first"), sender=ALICE)
    late = [drafted(log, said("late")) for _ in range(gap)]
    last = log.append(said("last"), sender=ALICE)

    writes = written_by(log, lambda: log.before("tea", 10**16 - 1, limit=10))

    assert writes == -(-gap // 50)
    assert all_of(log) == (first, last)
    assert {log.writer.store(draft) for draft in late} == {None}


@pytest.mark.parametrize("forward", [True, False])
def test_a_page_ends_at_the_first_gap_that_is_left_open(
    log: DynamoMessages, *, forward: bool
) -> None:
    """A reader makes at most four transactions a page, and further pages make the rest."""
    sent = []
    for n in range(6):
        for _ in range(120):
            drafted(log, said("crashed"))
        sent.append(log.append(said(str(n)), sender=ALICE))
    read: list[Message] = []
    has_more = True

    while has_more:
        edge = (read[-1].seq if read else 0) if forward else (read[0].seq if read else 10**16 - 1)
        page = None

        def turn(edge: int = edge) -> None:
            nonlocal page
            page = (log.after if forward else log.before)("tea", edge, limit=100)

        assert written_by(log, turn) <= 4
        assert page is not None
        read = [*read, *page.messages] if forward else [*page.messages, *read]
        has_more = page.has_more

    assert read == sent


def test_a_writer_that_is_faster_than_the_tombstones_is_read(log: DynamoMessages) -> None:
    """If a writer stores its message before the gap is closed, the page has the message."""
    first = log.append(said("first"), sender=ALICE)
    late = [drafted(log, said(f"late {n}")) for n in range(3)]
    last = log.append(said("last"), sender=ALICE)
    stored: list[Message | None] = []

    def store_first(**_: Any) -> None:
        if not stored:
            stored.append(None)
            stored[0] = log.writer.store(late[1])

    events, name = (
        log._table.client.meta.events,
        "before-parameter-build.dynamodb.TransactWriteItems",
    )
    events.register_first(name, store_first)
    page = all_of(log)
    events.unregister(name, store_first)

    assert stored == [late[1]]
    assert page == (first, late[1], last)
    assert log.writer.store(late[0]) is log.writer.store(late[2]) is None
