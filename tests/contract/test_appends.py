"""Messages get their seqs in one transaction in a quiet room, and in two steps in a busy one."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from chat.domain.connection import Connection
from chat.dynamodb.message_writer import BUSY_FOR, SUSPECTED_FOR
from chat.dynamodb.messages import DynamoMessages
from chat.dynamodb.table import Table
from chat.errors import RoomNotFound
from chat.protocol import Member, Message, SendMessage
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ALICE = Member(user_id="u-alice", name="Alice")
BOB = Member(user_id="u-bob", name="Bob")

NewProcess = Callable[[], DynamoMessages]


@pytest.fixture
def new_process(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> NewProcess:
    """Return a function that returns the log of a room in a new process."""
    tables = make_table(emulator_dynamodb), make_table(emulator_dynamodb)
    stores = Stores.dynamo(emulator_dynamodb, clock, tables=tables)
    alice = Connection("a1=", ALICE, clock.now())
    stores.handshakes.open(alice)
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    table = Table(emulator_dynamodb, tables[1])
    return lambda: DynamoMessages(table, clock=clock, retention=None)


@pytest.fixture
def requests(emulator_dynamodb: "DynamoDBClient") -> Counter[str]:
    """Return the number of requests by operation."""
    counted = Counter[str]()

    def count(model: Any, **_: Any) -> None:
        counted[model.name] += 1

    emulator_dynamodb.meta.events.register("before-call.dynamodb", count)
    return counted


def append(log: DynamoMessages, text: str = "hi", *, id_: str | None = None) -> Message:
    return log.append(SendMessage(room_id="tea", text=text, client_message_id=id_), sender=ALICE)


def price(requests: Counter[str], act: Callable[[], object]) -> dict[str, int]:
    requests.clear()
    act()
    return dict(requests)


def last_seq(log: DynamoMessages) -> int:
    item = log._table.get({"pk": "ROOM#tea", "sk": "ROOM"}) or {}
    return int(item["lastSeq"])


def test_a_message_in_a_quiet_room_is_one_request(
    new_process: NewProcess, requests: Counter[str]
) -> None:
    """The first message of a process also reads the room."""
    log = new_process()

    assert price(requests, lambda: append(log)) == {"GetItem": 1, "TransactWriteItems": 1}
    assert price(requests, lambda: append(log, id_="m2")) == {"TransactWriteItems": 1}


def test_a_repetition_takes_no_seq(new_process: NewProcess) -> None:
    """Three hundred repetitions in any process leave the last seq and the log as they are."""
    log, other = new_process(), new_process()
    first, second = append(log, id_="m1"), append(other, id_="m2")

    for n in range(300):
        assert append(other if n % 2 else log, "other words", id_="m1") == first

    assert last_seq(log) == second.seq
    assert log.after("tea", 0, limit=10).messages == (first, second)


def test_two_processes_make_at_most_two_requests(
    new_process: NewProcess, requests: Counter[str]
) -> None:
    """If processes take turns, each message costs as much as in two steps."""
    processes = [new_process(), new_process()]

    prices = [price(requests, lambda n=n: append(processes[n % 2])) for n in range(12)]  # type: ignore[misc]

    assert [sum(it.values()) for it in prices] == [2] * 12
    assert [m.seq for m in processes[0].after("tea", 0, limit=20).messages] == [*range(1, 13)]


def test_a_process_that_writes_alone_again_makes_one_request(
    new_process: NewProcess, requests: Counter[str]
) -> None:
    """A process learns from its own messages whether another writes to the room."""
    log, other = new_process(), new_process()
    append(log), append(other), append(log)

    prices = [price(requests, lambda: append(log)) for _ in range(3)]

    assert [sum(it.values()) for it in prices] == [2, 1, 1]


def test_a_conflict_makes_the_room_busy(
    new_process: NewProcess, requests: Counter[str], clock: FakeClock
) -> None:
    """For 30 seconds after a conflict, the process takes seqs first."""
    log = new_process()
    log.writer.mark_busy("tea")

    assert price(requests, lambda: append(log)) == {"UpdateItem": 1, "TransactWriteItems": 1}
    clock.advance(seconds=BUSY_FOR.total_seconds())
    assert price(requests, lambda: append(log)) == {"GetItem": 1, "TransactWriteItems": 1}


def test_repetitions_in_a_busy_room_take_one_seq(
    new_process: NewProcess, requests: Counter[str], clock: FakeClock
) -> None:
    """The repeater closes the seq of the first repetition, and from then on is looked up first."""
    log = new_process()
    log.writer.mark_busy("tea")
    first = append(log, id_="m1")
    append(log, "again", id_="m1")

    for _ in range(20):
        assert append(log, "again", id_="m1") == first
    last = append(log, "last", id_="m2")

    assert last.seq == first.seq + 2
    found = price(requests, lambda: log.after("tea", 0, limit=10))
    assert found == {"Query": 1}, "the reader closes no gap"
    clock.advance(seconds=SUSPECTED_FOR.total_seconds())
    log.writer.mark_busy("tea")
    unsuspected = price(requests, lambda: append(log, id_="m3"))
    assert unsuspected == {"UpdateItem": 1, "TransactWriteItems": 1}


@pytest.mark.parametrize("busy", [False, True])
def test_nothing_is_written_to_a_deleted_room(new_process: NewProcess, busy: bool) -> None:
    """A process that expects the room to exist learns that it was deleted."""
    log = new_process()
    append(log, id_="m1")
    key = {"pk": "ROOM#tea", "sk": "ROOM"}
    log._table.put({**(log._table.get(key) or {}), "deletedAt": 1})
    if busy:
        log.writer.mark_busy("tea")

    for id_ in (None, "m2"):
        with pytest.raises(RoomNotFound):
            append(log, id_=id_)

    assert len(log.after("tea", 0, limit=10).messages) == 1
