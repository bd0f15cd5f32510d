"""Join storms: the items that DynamoDB reads grow linearly with the joins and disconnections."""

from collections import Counter
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from msgspec.structs import replace

from chat.dynamodb.large_room_count import LargeRoomCount
from chat.dynamodb.table import Table
from tests.contract.counted_chat import CountedChat
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import LIMITS
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TEA = {"roomId": "tea"}
PRESENCE = 5


class ReadCountingChat(CountedChat):
    """A chat that counts the items that its queries read."""

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(client, clock)
        self.limits = replace(LIMITS, presence=PRESENCE)
        self.read = 0
        client.meta.events.register("after-call.dynamodb.Query", self._count_read)

    def start_new_environment(self) -> None:
        """Continue in a new environment of the function, with empty caches."""
        self.stores = Stores.dynamo(self._client, self.clock, tables=self.tables)

    def _count_read(self, parsed: dict[str, Any], **_: Any) -> None:
        self.read += parsed["ScannedCount"]


@pytest.fixture
def chat(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> ReadCountingChat:
    """A chat with Alice in the tea room. A room of more than five subscribers is large."""
    chat = ReadCountingChat(emulator_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    return chat


def test_joins_and_leaves_are_linear(chat: ReadCountingChat) -> None:
    """Each join and each disconnection reads at most the items of a small room.

    Each join runs in a new environment of the function.
    """
    joined: list[int] = []
    for n in range(60):
        chat.start_new_environment()
        before = chat.read
        chat.says(f"guest{n}", {"action": "joinRoom", **TEA})
        joined.append(chat.read - before)
    assert max(joined) <= 2 * (PRESENCE + 1)

    left: list[int] = []
    for n in range(60):
        before = chat.read
        chat.hangs_up(f"guest{n}")
        left.append(chat.read - before)
    assert max(left) <= PRESENCE + 1


def test_many_connections_of_few_users_keep_presence_on(chat: ReadCountingChat) -> None:
    """Four users with four connections each make no room of five users large.

    Joins and leaves are still announced, and a join or a leave reads a bounded number of items.
    """
    for n in range(4):
        for device in range(4):
            chat.says(f"eve{n}.{device}", {"action": "joinRoom", **TEA})
    chat.hangs_up("eve3.0")
    chat.clock.advance(seconds=60)
    heard, before = len(chat.heard("alice")), chat.read

    for device in range(1, 4):
        chat.hangs_up(f"eve3.{device}")
    left = chat.read - before
    joined = chat.says("bob", {"action": "joinRoom", **TEA})

    assert [e["type"] for e in chat.heard("alice")[heard:]] == ["memberLeft", "memberJoined"]
    assert (joined["memberCount"], len(joined["members"])) == (5, 5)
    assert left <= 3 * 5 * (PRESENCE + 1)
    assert chat.read - before - left <= 8 * (PRESENCE + 1)


def test_surplus_connections_leave_the_room(chat: ReadCountingChat) -> None:
    """Above four connections for each of the users, a join unsubscribes the surplus.

    It is taken from the user with the most connections, oldest first. Joins and leaves are still
    announced, and a join reads a bounded number of items.
    """
    chat.says("bob", {"action": "joinRoom", **TEA})
    for n in range(20):
        chat.clock.advance(seconds=1)
        before = chat.read
        chat.says(f"eve.{n}", {"action": "joinRoom", **TEA})
        assert chat.read - before <= 10 * (PRESENCE + 1)
    heard = len(chat.heard("alice"))

    joined = chat.says("carol", {"action": "joinRoom", **TEA})
    chat.hangs_up("carol")

    assert joined["memberCount"] == 4
    assert [e["type"] for e in chat.heard("alice")[heard:]] == ["memberJoined", "memberLeft"]
    here = {it.connection_id for it in chat.stores.subscribers.of("tea")}
    assert here == {"alice", "bob", *(f"eve.{n}" for n in range(3, 20))}


def test_a_join_unsubscribes_a_few_surplus_connections(chat: ReadCountingChat) -> None:
    """If a room was large before, each join unsubscribes five surplus connections until it fits.

    No user loses the last four connections.
    """
    names = [f"guest{n}" for n in range(PRESENCE)]
    for who in (*names, *(f"eve.{n}" for n in range(20)), *(f"dan.{n}" for n in range(10))):
        chat.says(who, {"action": "joinRoom", **TEA})
    for who in names:
        chat.hangs_up(who)
    chat.clock.advance(seconds=60)

    sizes = []
    for n in range(4):
        chat.says(f"alice.{n}", {"action": "joinRoom", **TEA})
        sizes.append(len(chat.stores.subscribers.of("tea")))
        chat.hangs_up(f"alice.{n}")

    assert sizes == [27, 22, 20, 20]
    here = Counter(it.member.name for it in chat.stores.subscribers.of("tea"))
    assert min(here["eve"], here["dan"]) >= 4


def test_many_lost_connections_read_the_room_once(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """If a push finds 20 lost connections, the function removes them all.

    It reads the remaining subscribers once, and notifies them.
    """
    chat = CountedChat(emulator_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    for n in range(20):
        chat.says(f"guest{n}", {"action": "joinRoom", **TEA})
        chat.vanishes(f"guest{n}")

    cost = chat.cost("alice", {"action": "sendMessage", **TEA, "text": "hi"})

    assert cost["Query"] == 2
    assert [e["type"] for e in chat.heard("alice")].count("memberLeft") == 20


def test_counts_are_at_most_a_second_old(chat: ReadCountingChat) -> None:
    """A large room is counted once a second. The count of a small room is exact."""
    counts = []
    for n in range(20):
        joined = chat.says(f"guest{n}", {"action": "joinRoom", **TEA})
        counts.append(joined["memberCount"])
        assert joined["memberCount"] <= n + 2
    chat.clock.advance(seconds=1)

    listed = chat.says("alice", {"action": "listMembers", **TEA})

    assert counts[: PRESENCE - 1] == [*range(2, PRESENCE + 1)]
    assert listed["memberCount"] == 21
    assert len(listed["members"]) == PRESENCE + 1


def test_a_failed_count_is_repeated_after_a_second(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """If a count fails, all environments use the last count until the next second."""
    counter = LargeRoomCount(Table(emulator_dynamodb, make_table(emulator_dynamodb)), clock=clock)
    counts = [counter.of("tea", count=lambda: 7)]

    clock.advance(seconds=1)
    with pytest.raises(TimeoutError):
        counter.of("tea", count=_fail)
    counts.append(counter.of("tea", count=lambda: 8))
    clock.advance(seconds=1)
    counts += [counter.of("tea", count=lambda: 9), counter.of("tea", count=lambda: 10)]

    assert counts == [7, 7, 9, 9]


def test_only_one_environment_counts(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> None:
    """While one environment counts, the others use the last count."""
    counter = LargeRoomCount(Table(emulator_dynamodb, make_table(emulator_dynamodb)), clock=clock)
    counter.of("tea", count=lambda: 7)
    clock.advance(seconds=1)

    meanwhile: list[int] = []

    def counts() -> int:
        meanwhile.append(counter.of("tea", count=_fail))
        return 8

    assert counter.of("tea", count=counts) == 8
    assert meanwhile == [7]


def _fail() -> NoReturn:
    raise TimeoutError


def test_ten_thousand_members(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> None:
    """A message in a room of 10,000 subscribers reads all pages of them."""
    chat = CountedChat(emulator_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.fill_tea_room(10_000)

    said = chat.says("alice", {"action": "sendMessage", **TEA, "text": "hi"})

    assert said["type"] == "messageSent"
    ((_, ids, _),) = chat.queue.taken
    assert len(set(ids)) == len(ids) == 10_000
    assert chat.calls["Query"] >= 2
