"""A seq that history has shown to be missing stays missing, however slow its writer is."""

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
    """The log of a new room, on the real adapter."""
    client: DynamoDBClient = request.getfixturevalue(f"{request.param}_dynamodb")
    table = make_table(client)
    stores = Stores.dynamo(client, clock, tables=(table, table))
    alice = Connection("a1=", ALICE, clock.now())
    stores.handshakes.open(alice)
    stores.joins.create_room("tea", "Tea", creator=alice)
    return DynamoMessages(Table(client, table), clock=clock, retention=None)


def all_of(log: DynamoMessages) -> tuple[Message, ...]:
    return log.after("tea", 0, limit=100).messages


@pytest.mark.parametrize("id_", [None, "m1"])
def test_late_writers_move_up(log: DynamoMessages, id_: str | None) -> None:
    """A writer whose place was read past writes under a later seq, once."""
    slow, expires_at = log._draft(said("slow", id_), ALICE)
    fast = log.append(said("fast"), sender=ALICE)
    before = all_of(log)

    late = log._store(slow, expires_at=expires_at)
    again = log.append(said("slow", id_), sender=ALICE)

    assert before == (fast,)
    assert late is None
    assert again.seq > fast.seq
    assert all_of(log) == (fast, again)


def test_a_faster_writer_is_read(log: DynamoMessages) -> None:
    """A hole that is filled before it is read is no hole."""
    slow, expires_at = log._draft(said("slow"), ALICE)
    fast = log.append(said("fast"), sender=ALICE)

    stored = log._store(slow, expires_at=expires_at)

    assert stored == slow
    assert all_of(log) == (slow, fast)


@pytest.mark.parametrize("read", ["latest", "before", "after"])
def test_every_page_closes_its_holes(log: DynamoMessages, read: str) -> None:
    """Whichever way a page is read, nothing can appear within it any more."""
    first = log.append(said("first"), sender=ALICE)
    slow, expires_at = log._draft(said("slow"), ALICE)
    last = log.append(said("last"), sender=ALICE)

    pages = {
        "latest": lambda: log.before("tea", 10**16 - 1, limit=1),
        "before": lambda: log.before("tea", last.seq, limit=1),
        "after": lambda: log.after("tea", first.seq, limit=1),
    }
    page = pages[read]()

    assert page.messages == ((first,) if read == "before" else (last,))
    assert log._store(slow, expires_at=expires_at) is None


def test_the_head_stays_open(log: DynamoMessages) -> None:
    """A seq above every message read may still be written: nobody has read past it."""
    first = log.append(said("first"), sender=ALICE)
    slow, expires_at = log._draft(said("slow"), ALICE)

    assert all_of(log) == (first,)

    assert log._store(slow, expires_at=expires_at) == slow
    assert all_of(log) == (first, slow)


def test_old_holes_cost_nothing(log: DynamoMessages, clock: FakeClock) -> None:
    """A hole whose writer must be dead is left as it is."""
    log._draft(said("crashed"), ALICE)
    last = log.append(said("last"), sender=ALICE)
    clock.advance(minutes=5)

    assert all_of(log) == (last,)
    assert log._table.get({"pk": "ROOM#tea", "sk": f"MESSAGE#{last.seq - 1:016d}"}) is None


def test_pages_are_full_around_tombstones(log: DynamoMessages) -> None:
    """Tombstones are neither shown nor counted."""
    texts = []
    for n in range(6):
        log._draft(said("crashed"), ALICE)
        texts.append(log.append(said(str(n)), sender=ALICE))
    all_of(log)

    page = log.after("tea", 0, limit=4)
    back = log.before("tea", texts[-1].seq, limit=4)

    assert (page.messages, page.has_more) == (tuple(texts[:4]), True)
    assert (back.messages, back.has_more) == (tuple(texts[1:5]), True)
