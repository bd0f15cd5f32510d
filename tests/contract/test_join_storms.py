"""Many who come and go: what DynamoDB reads grows with them, not with their square."""

from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from msgspec.structs import replace

from chat.dynamodb.occupancy import Occupancy
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


class MeteredChat(CountedChat):
    """Counts the items that queries read."""

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(client, clock)
        self.limits = replace(LIMITS, presence=PRESENCE)
        self._client = client
        self.read = 0
        client.meta.events.register("after-call.dynamodb.Query", self._meter)

    def starts_cold(self) -> None:
        """Go on in an environment of the function that remembers nothing."""
        self.stores = Stores.dynamo(self._client, self.clock, tables=self.tables)

    def _meter(self, parsed: dict[str, Any], **_: Any) -> None:
        self.read += parsed["ScannedCount"]


@pytest.fixture
def chat(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> MeteredChat:
    """Alice is in the tea room, where more than five are many."""
    chat = MeteredChat(moto_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    return chat


def test_joins_and_leaves_are_linear(chat: MeteredChat) -> None:
    """Each join, and each hang-up, reads no more than a small room has, wherever it runs."""
    joined: list[int] = []
    for n in range(60):
        chat.starts_cold()
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


def test_a_mass_exit_reads_the_room_once(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> None:
    """A push that finds twenty gone removes them, and reads once who is left to be told."""
    chat = CountedChat(moto_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    for n in range(20):
        chat.says(f"guest{n}", {"action": "joinRoom", **TEA})
        chat.vanishes(f"guest{n}")

    cost = chat.cost("alice", {"action": "sendMessage", **TEA, "text": "hi"})

    assert cost["Query"] == 2
    assert [e["type"] for e in chat.heard("alice")].count("memberLeft") == 20


def test_counts_are_a_second_old_at_most(chat: MeteredChat) -> None:
    """In a large room the count is made once a second; in a small one it is exact."""
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


def test_a_count_that_is_lost_costs_a_second(
    moto_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """Who counts may die of it: until the next second the others use what is known."""
    population = Occupancy(Table(moto_dynamodb, make_table(moto_dynamodb)), clock=clock)
    counts = [population.of("tea", count=lambda: 7)]

    clock.advance(seconds=1)
    with pytest.raises(TimeoutError):
        population.of("tea", count=_dies)
    counts.append(population.of("tea", count=lambda: 8))
    clock.advance(seconds=1)
    counts += [population.of("tea", count=lambda: 9), population.of("tea", count=lambda: 10)]

    assert counts == [7, 7, 9, 9]


def test_one_counts_for_all(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> None:
    """While one counts, the others do not."""
    population = Occupancy(Table(moto_dynamodb, make_table(moto_dynamodb)), clock=clock)
    population.of("tea", count=lambda: 7)
    clock.advance(seconds=1)

    meanwhile: list[int] = []

    def counts() -> int:
        meanwhile.append(population.of("tea", count=_dies))
        return 8

    assert population.of("tea", count=counts) == 8
    assert meanwhile == [7]


def _dies() -> NoReturn:
    raise TimeoutError


def test_ten_thousand_members(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> None:
    """An audience of many pages is read to its end."""
    chat = CountedChat(moto_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    table = chat.tables[0]
    places = [
        {
            "pk": {"S": "ROOM#tea"},
            "sk": {"S": f"CONNECTION#{n:015d}="},
            "userId": {"S": f"guest-{n:032d}"},
            "name": {"S": f"guest {n}"},
            "joinedAt": {"S": "2026-01-01T00:00:00.000Z"},
        }
        for n in range(10_000)
    ]
    for start in range(0, len(places), 25):
        puts = [{"PutRequest": {"Item": place}} for place in places[start : start + 25]]
        moto_dynamodb.batch_write_item(RequestItems={table: puts})  # type: ignore[dict-item]

    said = chat.says("alice", {"action": "sendMessage", **TEA, "text": "hi"})

    assert said["type"] == "messageSent"
    ((_, ids, _),) = chat.queue.taken
    assert len(set(ids)) == len(ids) == 10_000
    assert chat.calls["Query"] >= 2
