"""A gap that a reader of the history has seen stays a gap, even if its writer is slow."""

from typing import TYPE_CHECKING

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


def all_of(log: DynamoMessages) -> tuple[Message, ...]:
    return log.after("tea", 0, limit=100).messages


@pytest.mark.parametrize("id_", [None, "m1"])
def test_a_late_writer_gets_a_later_seq(log: DynamoMessages, id_: str | None) -> None:
    """If a reader has read past the seq of a writer, the message gets a later seq, once."""
    late_draft, expires_at = log._number_message(said("late", id_), ALICE)
    fast = log.append(said("fast"), sender=ALICE)
    before = all_of(log)

    late = log._store(late_draft, expires_at=expires_at)
    again = log.append(said("late", id_), sender=ALICE)

    assert before == (fast,)
    assert late is None
    assert again.seq > fast.seq
    assert all_of(log) == (fast, again)


def test_a_message_stored_before_a_read_is_read(log: DynamoMessages) -> None:
    """A seq whose message is stored before the first read is no gap."""
    late_draft, expires_at = log._number_message(said("late"), ALICE)
    fast = log.append(said("fast"), sender=ALICE)

    stored = log._store(late_draft, expires_at=expires_at)

    assert stored == late_draft
    assert all_of(log) == (late_draft, fast)


@pytest.mark.parametrize("read", ["latest", "before", "after"])
def test_every_page_closes_its_gaps(log: DynamoMessages, read: str) -> None:
    """After a page is read in either direction, no message can appear within it."""
    first = log.append(said("first"), sender=ALICE)
    late_draft, expires_at = log._number_message(said("late"), ALICE)
    last = log.append(said("last"), sender=ALICE)

    pages = {
        "latest": lambda: log.before("tea", 10**16 - 1, limit=1),
        "before": lambda: log.before("tea", last.seq, limit=1),
        "after": lambda: log.after("tea", first.seq, limit=1),
    }
    page = pages[read]()

    assert page.messages == ((first,) if read == "before" else (last,))
    assert log._store(late_draft, expires_at=expires_at) is None


def test_the_latest_seq_stays_open(log: DynamoMessages) -> None:
    """A seq above every message that was read can still be written."""
    first = log.append(said("first"), sender=ALICE)
    late_draft, expires_at = log._number_message(said("late"), ALICE)

    assert all_of(log) == (first,)

    assert log._store(late_draft, expires_at=expires_at) == late_draft
    assert all_of(log) == (first, late_draft)


def test_old_gaps_get_no_tombstone(log: DynamoMessages, clock: FakeClock) -> None:
    """A gap that is older than any running writer gets no tombstone."""
    log._number_message(said("crashed"), ALICE)
    last = log.append(said("last"), sender=ALICE)
    clock.advance(minutes=5)

    assert all_of(log) == (last,)
    assert log._table.get({"pk": "ROOM#tea", "sk": f"MESSAGE#{last.seq - 1:016d}"}) is None


def test_pages_are_full_around_tombstones(log: DynamoMessages) -> None:
    """A page neither has nor counts tombstones."""
    texts = []
    for n in range(6):
        log._number_message(said("crashed"), ALICE)
        texts.append(log.append(said(str(n)), sender=ALICE))
    all_of(log)

    page = log.after("tea", 0, limit=4)
    back = log.before("tea", texts[-1].seq, limit=4)

    assert (page.messages, page.has_more) == (tuple(texts[:4]), True)
    assert (back.messages, back.has_more) == (tuple(texts[1:5]), True)
