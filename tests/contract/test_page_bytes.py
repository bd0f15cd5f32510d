"""Pages of a log: the bytes that one reads do not depend on the length of the messages."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.domain.connection import Connection
from chat.domain.pages import Page
from chat.dynamodb.largest_messages import size_of
from chat.dynamodb.table import unpack
from chat.protocol import MAX_SEQ, Member, SendMessage
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ALICE = Member(user_id="u-alice", name="Alice")
MAX_BYTES = 100_000
LONGEST = "\U0001f980" * 4_000
Direction = Literal["before", "after"]


class ReadLog:
    """The log of a new room, and what is read of it."""

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        self._client, self._clock = client, clock
        self._tables = (make_table(client), make_table(client))
        self.stores = self.environment()
        alice = Connection("a1=", ALICE, clock.now())
        self.stores.handshakes.open(alice)
        self.stores.room_transactions.create_room("tea", "Tea", creator=alice)
        self.calls = Counter[str]()
        self.read_bytes = 0
        client.meta.events.register("after-call.dynamodb", self._measure)

    def environment(self) -> Stores:
        """Return the stores of a new environment of the function."""
        return Stores.dynamo(self._client, self._clock, tables=self._tables)

    def _measure(self, model: Any, parsed: Any, **_: Any) -> None:
        self.calls[model.name] += 1
        self.read_bytes += sum(size_of(unpack(item)) for item in parsed.get("Items", ()))

    def say(self, text: str) -> int:
        """Write a message and return its seq."""
        request = SendMessage(room_id="tea", text=text)
        return self.stores.messages.append(request, sender=ALICE).seq

    def expire_next(self, count: int) -> None:
        """Write expired messages under the seqs after that of the first message."""
        old = {"sentAt": {"S": "2020-01-01T00:00:00.000Z"}, "expiresAt": {"N": "1600000000"}}
        sender = {"M": {"userId": {"S": "u-eve"}, "name": {"S": "Eve"}}}
        for seq in range(2, count + 2):
            key = {"pk": {"S": "ROOM#tea"}, "sk": {"S": f"MESSAGE#{seq:016d}"}}
            item: Any = {**key, **old, "sender": sender, "text": {"S": "old"}}
            self._client.put_item(TableName=self._tables[1], Item=item)

    def page(self, direction: Direction, seq: int) -> Page:
        """Read a page of at most 100 messages, as a new measurement."""
        self.calls.clear()
        self.read_bytes = 0
        read = getattr(self.stores.messages, direction)
        page: Page = read("tea", seq, limit=100, max_bytes=MAX_BYTES)
        return page

    def all_pages(self, direction: Direction) -> list[int]:
        """Return all seqs in the order of reading, and assert that each page is bounded."""
        found, seq, has_more = list[int](), MAX_SEQ if direction == "before" else 0, True
        while has_more:
            page = self.page(direction, seq)
            assert self.read_bytes <= 2 * MAX_BYTES
            seqs = [message.seq for message in page.messages]
            assert seqs or not page.has_more
            found += seqs if direction == "after" else seqs[::-1]
            has_more, seq = page.has_more, found[-1] if found else 0
        return found


@pytest.fixture
def log(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> ReadLog:
    """Provide the log of a new room."""
    return ReadLog(emulator_dynamodb, clock)


@pytest.mark.parametrize("direction", ["before", "after"])
@pytest.mark.parametrize("short_first", [True, False])
def test_a_page_of_the_longest_messages(
    log: ReadLog, direction: Direction, short_first: bool
) -> None:
    """A page reads at most twice the bytes of a reply, and the pages have every message."""
    texts = 20 * ["hi"] + 100 * [LONGEST]
    seqs = [log.say(text) for text in (texts if short_first else texts[::-1])]

    assert log.all_pages(direction) == (seqs if direction == "after" else seqs[::-1])


@pytest.mark.parametrize("direction", ["before", "after"])
def test_a_page_of_short_messages_takes_three_requests(log: ReadLog, direction: Direction) -> None:
    """The bound of the room allows a large Query after a first small one."""
    for _ in range(120):
        log.say("A message of a usual length, which is at most a few lines. " * 5)

    page = log.page(direction, MAX_SEQ if direction == "before" else 0)

    assert len(page.messages) == 100
    assert log.calls == {"Query": 2, "GetItem": 1}


def test_a_short_log_takes_one_request(log: ReadLog) -> None:
    """The first Query of a log with a few messages is the only one."""
    log.say("hi")

    assert len(log.page("before", MAX_SEQ).messages) == 1
    assert log.calls == {"Query": 1}


def test_only_the_first_long_message_costs_a_request(log: ReadLog) -> None:
    """A message of usual size costs no request more, and a long one once in an environment."""
    costs = []
    for text in ("hi", LONGEST, LONGEST, "hi"):
        log.calls.clear()
        log.say(text)
        costs.append(log.calls["UpdateItem"])

    assert costs == [0, 1, 0, 0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lengths=st.lists(st.sampled_from([1, 200, 900, 3_000, 4_000]), max_size=40))
@pytest.mark.parametrize("direction", ["before", "after"])
def test_any_mix_of_lengths(
    emulator_dynamodb: "DynamoDBClient",
    clock: FakeClock,
    direction: Direction,
    lengths: Sequence[int],
) -> None:
    """Pages are bounded and complete for messages of any lengths."""
    log = ReadLog(emulator_dynamodb, clock)
    seqs = [log.say(LONGEST[:length]) for length in lengths]

    assert log.all_pages(direction) == (seqs if direction == "after" else seqs[::-1])


@pytest.mark.parametrize("direction", ["before", "after"])
def test_expired_messages_take_few_queries(log: ReadLog, direction: Direction) -> None:
    """A page reads many items in a Query, also past expired messages that are not deleted yet."""
    live = log.say("live")
    log.expire_next(1_500)

    page = log.page(direction, MAX_SEQ if direction == "before" else 0)

    assert [message.seq for message in page.messages] == [live]
    assert not page.has_more
    assert log.calls["Query"] <= 20
