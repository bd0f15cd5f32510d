"""The contract of the port RateLimiter, also for simultaneous requests."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from chat.domain.connection import Connection
from chat.domain.rate_limit import Kind, Rate, Rates
from chat.errors import RateLimited, Unauthorized
from chat.ports import RateLimiter
from chat.protocol import Member
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import MakeStores, Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ALICE = Member(user_id="u-alice", name="Alice")
RATES = Rates(
    connection={"messages": Rate(3, 1, 5), "joins": Rate(60, 60, 2)},
    user={"messages": Rate(5, 1, 8), "joins": Rate(60, 60, 3)},
    frames=Rate(2, 1, 3),
    strikes=Rate(1, 1, 4),
    cooldown=timedelta(seconds=30),
)


@pytest.fixture
def stores(make_stores: MakeStores, clock: FakeClock) -> Stores:
    """Stores with small buckets and one connection of Alice."""
    stores = make_stores(rates=RATES)
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))
    return stores


@pytest.fixture
def limiter(stores: Stores) -> RateLimiter:
    """A rate limiter with small buckets."""
    return stores.rate_limiter


def wait_ms_of(take: Callable[[], object]) -> int:
    """Call *take* and return the wait in milliseconds, or 0 if it is not rate limited."""
    try:
        take()
    except RateLimited as error:
        return error.retry_after_ms or -1
    return 0


def test_a_connection_waits_after_its_burst(limiter: RateLimiter, clock: FakeClock) -> None:
    """A connection has a burst, and then one token an interval.

    After a pause it has the whole burst again.
    """
    waits = [wait_ms_of(lambda: limiter.take_connection_token("a1=", "messages")) for _ in range(7)]
    clock.advance(milliseconds=333)
    too_soon = wait_ms_of(lambda: limiter.take_connection_token("a1=", "messages"))
    clock.advance(milliseconds=too_soon)
    then = [wait_ms_of(lambda: limiter.take_connection_token("a1=", "messages")) for _ in range(2)]
    clock.advance(seconds=10)
    after_pause = [
        wait_ms_of(lambda: limiter.take_connection_token("a1=", "messages")) for _ in range(6)
    ]

    assert waits == [0, 0, 0, 0, 0, 334, 334]
    assert (too_soon, then) == (1, [0, 333])
    assert after_pause == [0, 0, 0, 0, 0, 334]


def test_a_user_has_one_bucket(limiter: RateLimiter, clock: FakeClock) -> None:
    """All connections of a user share a bucket. The wait is exact to the millisecond."""
    waits = [wait_ms_of(lambda: limiter.take_user_token("u-alice", "messages")) for _ in range(9)]
    others = wait_ms_of(lambda: limiter.take_user_token("u-bob", "messages"))
    clock.advance(milliseconds=199)
    early = wait_ms_of(lambda: limiter.take_user_token("u-alice", "messages"))
    clock.advance(milliseconds=1)

    assert waits == [0] * 8 + [200]
    assert (others, early) == (0, 1)
    assert wait_ms_of(lambda: limiter.take_user_token("u-alice", "messages")) == 0


def test_each_kind_has_its_bucket(limiter: RateLimiter) -> None:
    """If the messages of a user are rate limited, their joins are not."""
    for _ in range(6):
        wait_ms_of(lambda: limiter.take_connection_token("a1=", "messages"))

    assert [
        wait_ms_of(lambda: limiter.take_connection_token("a1=", "joins")) for _ in range(3)
    ] == [
        0,
        0,
        1000,
    ]
    assert [wait_ms_of(lambda: limiter.take_user_token("u-alice", "joins")) for _ in range(4)] == [
        0,
        0,
        0,
        1000,
    ]


def test_returns_the_connection(stores: Stores) -> None:
    """Taking a token returns the connection, as a read does."""
    assert stores.rate_limiter.take_connection_token("a1=", "messages") == stores.connections.get(
        "a1="
    )


def test_stores_no_unknown_connections(stores: Stores, clock: FakeClock) -> None:
    """Taking a token of an unknown or expired connection does not store it."""
    for _ in range(3):
        with pytest.raises(Unauthorized):
            stores.rate_limiter.take_connection_token("unknown", "messages")
    stores.rate_limiter.take_connection_token("a1=", "messages")
    clock.advance(hours=2, minutes=10)

    with pytest.raises(Unauthorized):
        stores.rate_limiter.take_connection_token("a1=", "messages")
    assert stores.connections.remove("unknown") is None


def test_frames_of_any_kind_are_counted(limiter: RateLimiter, clock: FakeClock) -> None:
    """Frames of any kind take a token. Each connection has its own bucket."""
    waits = [wait_ms_of(lambda: limiter.take_frame_token("a1=")) for _ in range(4)]
    clock.advance(milliseconds=500)

    assert waits == [0, 0, 0, 500]
    assert wait_ms_of(lambda: limiter.take_frame_token("a1=")) == 0
    assert wait_ms_of(lambda: limiter.take_frame_token("b1=")) == 0


def test_strikes_are_counted_by_user(stores: Stores, clock: FakeClock) -> None:
    """All connections of a user share the strikes, of which one a second is forgiven.

    Each further strike above the limit starts a cooldown again.
    """
    stores.handshakes.open(Connection("a2=", ALICE, clock.now()))
    for id_ in ("a1=", "a2="):
        stores.rate_limiter.take_connection_token(id_, "joins")
        assert stores.rate_limiter.record_strike(id_, wait_ms=9_000) is None

    cooldowns = [
        stores.rate_limiter.record_strike(id_, wait_ms=9_000)
        for id_ in ("a1=", "a2=", "a1=", "a2=")
    ]
    clock.advance(seconds=1)
    cooldowns += [
        stores.rate_limiter.record_strike(id_, wait_ms=9_000) for id_ in ("a1=", "a2=", "a1=")
    ]

    assert cooldowns == [None] * 5 + [timedelta(seconds=30)] * 2


def test_a_request_after_the_wait_is_no_strike(stores: Stores, clock: FakeClock) -> None:
    """A rejected request is a strike only during the wait of the rejection before it.

    The wait is exact to the millisecond.
    """
    cooldowns = []
    for _ in range(20):
        cooldowns.append(stores.rate_limiter.record_strike("a1=", wait_ms=200))
        clock.advance(milliseconds=200)
    for _ in range(6):
        cooldowns.append(stores.rate_limiter.record_strike("a1=", wait_ms=200))
        clock.advance(milliseconds=1)

    assert cooldowns == [None] * 25 + [timedelta(seconds=30)]


def test_an_unknown_connection_has_one_strike(stores: Stores) -> None:
    """The second strike of an unknown or closed connection starts a cooldown."""
    first, second = (stores.rate_limiter.record_strike("unknown", wait_ms=50) for _ in range(2))

    assert (first, second) == (None, timedelta(seconds=30))


def test_many_strikes_are_counted_in_batches(make_stores: MakeStores, clock: FakeClock) -> None:
    """Strikes are counted in batches of a twentieth of the limit.

    About 200 strikes are allowed, on all connections of the user together.
    """
    stores = make_stores(rates=Rates(strikes=Rate(5, 1, 200)))
    for id_ in ("a1=", "a2="):
        stores.handshakes.open(Connection(id_, ALICE, clock.now()))
        stores.rate_limiter.take_connection_token(id_, "messages")

    cooldowns = [
        stores.rate_limiter.record_strike(id_, wait_ms=50)
        for _ in range(106)
        for id_ in ("a1=", "a2=")
    ]

    assert cooldowns == [None] * 211 + [timedelta(minutes=5)]


def test_connections_that_come_and_go_are_counted(
    make_stores: MakeStores, clock: FakeClock
) -> None:
    """Strikes on short-lived connections of a user are counted together."""
    stores = make_stores(rates=Rates(strikes=Rate(5, 1, 100)))
    cooldowns = []
    for n in range(60):
        stores.handshakes.open(Connection(f"a{n}=", ALICE, clock.now()))
        stores.rate_limiter.take_connection_token(f"a{n}=", "messages")
        cooldowns += [stores.rate_limiter.record_strike(f"a{n}=", wait_ms=50) for _ in range(3)]
        stores.connections.remove(f"a{n}=")

    assert cooldowns.index(timedelta(minutes=5)) == 157


def test_without_rates_nothing_is_limited(make_stores: MakeStores, clock: FakeClock) -> None:
    """If no rates are set, every request gets a token and no strike counts."""
    stores = make_stores()
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))

    for _ in range(50):
        stores.rate_limiter.take_frame_token("a1=")
        assert stores.rate_limiter.record_strike("a1=", wait_ms=50) is None
        stores.rate_limiter.take_user_token("u-alice", "messages")
        assert stores.rate_limiter.take_connection_token("a1=", "joins").member == ALICE


@pytest.fixture(params=["moto", "emulator"])
def dynamodb(request: pytest.FixtureRequest) -> "DynamoDBClient":
    """DynamoDB of moto, and of the emulator's library."""
    client: DynamoDBClient = request.getfixturevalue(f"{request.param}_dynamodb")
    return client


@pytest.mark.parametrize("full", [True, False], ids=["full buckets", "used buckets"])
def test_fifty_environments_keep_to_the_limit(
    dynamodb: "DynamoDBClient", clock: FakeClock, full: bool
) -> None:
    """Fifty environments of the function with empty caches allow exactly the burst."""
    table, start = make_table(dynamodb), threading.Barrier(50)
    stores = Stores.dynamo(dynamodb, clock, tables=(table, table), rates=RATES)
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))
    if not full:
        stores.rate_limiter.take_connection_token("a1=", "messages")
        stores.rate_limiter.take_user_token("u-alice", "messages")

    def each(_: int) -> tuple[int, int]:
        environment = Stores.dynamo(
            dynamodb, clock, tables=(table, table), rates=RATES
        ).rate_limiter
        start.wait(30)
        of_connection = wait_ms_of(lambda: environment.take_connection_token("a1=", "messages"))
        return of_connection, wait_ms_of(lambda: environment.take_user_token("u-alice", "messages"))

    with ThreadPoolExecutor(50) as pool:
        waits = list(pool.map(each, range(50)))

    of_connection, of_user = zip(*waits, strict=True)
    assert of_connection.count(0) == (5 if full else 4)
    assert of_user.count(0) == (8 if full else 7)
    assert {*of_connection, *of_user} == {0, 334, 200}


READS = Rates(
    connection={"reads": Rate(5, 1, 120)},
    user={"reads": Rate(10, 1, 240)},
    frames=Rate(20, 1, 200),
    user_frames=Rate(60, 1, 600),
)
"""The default rates of reads and frames. A batch has 12 reads or 30 frames of a user."""


def environments(
    dynamodb: "DynamoDBClient", clock: FakeClock, count: int, rates: Rates | None = None
) -> Sequence[RateLimiter]:
    """Return the limiters of new environments of the function, with a connection of Alice."""
    table = make_table(dynamodb)
    stores = [
        Stores.dynamo(dynamodb, clock, tables=(table, table), rates=rates or READS)
        for _ in range(count + 1)
    ]
    stores[0].handshakes.open(Connection("a1=", ALICE, clock.now()))
    return [it.rate_limiter for it in stores[1:]]


def test_environments_share_the_reads_of_a_user(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """Ten environments allow one burst, and in each less than a batch more."""
    limiters = environments(emulator_dynamodb, clock, 10)

    waits = [
        wait_ms_of(partial(limiter.take_user_token, "u-alice", "reads"))
        for _ in range(100)
        for limiter in limiters
    ]

    assert 240 <= waits.count(0) <= 240 + 10 * 12


def test_a_user_has_a_limit_of_a_day(make_stores: MakeStores, clock: FakeClock) -> None:
    """All kinds of requests of a user count together, also below their own limits.

    After the burst of a day, the tokens of a day come one by one.
    """
    rates = replace(RATES, user={}, user_daily=Rate(20, 86_400, 20))
    limiter = make_stores(rates=rates).rate_limiter
    kinds: list[Kind] = ["messages", "joins", "changes", "reads"]
    day = timedelta(days=1)

    waits = [
        wait_ms_of(partial(limiter.take_user_token, "u-alice", kind))
        for _ in range(6)
        for kind in kinds
    ]
    clock.advance(seconds=day.total_seconds() / 20)
    later = [wait_ms_of(lambda: limiter.take_user_token("u-alice", "reads")) for _ in range(2)]

    one_by_one = day // timedelta(milliseconds=1) // 20
    assert waits == [0] * 20 + [one_by_one] * 4
    assert later == [0, one_by_one]
    assert wait_ms_of(lambda: limiter.take_user_token("u-bob", "reads")) == 0


def test_the_limit_of_a_day_writes_once_a_batch(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """The default limit of a day costs a write for each 100 requests."""
    (limiter,) = environments(emulator_dynamodb, clock, 1, Rates(user_daily=Rate.per_day(50_000)))
    calls = Counter[str]()
    emulator_dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.update([model.name])
    )

    for _ in range(300):
        limiter.take_user_token("u-alice", "changes")

    assert calls == {"UpdateItem": 3}


def test_environments_share_the_day_of_a_user(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """Ten environments allow a day's requests, and less than a batch each more."""
    daily = Rates(user_daily=Rate(400, 86_400, 400))
    limiters = environments(emulator_dynamodb, clock, 10, daily)

    waits = [
        wait_ms_of(partial(limiter.take_user_token, "u-alice", "changes"))
        for _ in range(60)
        for limiter in limiters
    ]

    assert 400 <= waits.count(0) <= 400 + 10 * 20


def test_environments_share_the_frames_of_a_user(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """A connection whose frames arrive in ten environments has no ten bursts.

    The first batch in an environment finds out whose connection it is.
    """
    limiters = environments(emulator_dynamodb, clock, 10)

    waits = [
        wait_ms_of(partial(limiter.take_frame_token, "a1="))
        for _ in range(200)
        for limiter in limiters
    ]

    assert 600 <= waits.count(0) <= 600 + 10 * 30


def test_reads_and_frames_write_once_a_batch(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """A user who reads 120 times at once causes ten writes for it, and three for the frames."""
    (limiter,) = environments(emulator_dynamodb, clock, 1)
    calls = Counter[str]()
    emulator_dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.update([model.name])
    )

    for _ in range(120):
        limiter.take_frame_token("a1=")
        limiter.take_connection_token("a1=", "reads")
        limiter.take_user_token("u-alice", "reads")

    assert calls == {"GetItem": 120, "UpdateItem": 13}


def test_messages_write_nothing_for_their_frames(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """A frame that a shared bucket counts is not counted again."""
    table = make_table(emulator_dynamodb)
    rates = replace(READS, user={"messages": Rate(5, 1, 300)})
    stores = Stores.dynamo(emulator_dynamodb, clock, tables=(table, table), rates=rates)
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))
    calls = Counter[str]()
    emulator_dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.update([model.name])
    )

    for _ in range(100):
        stores.rate_limiter.take_frame_token("a1=")
        stores.rate_limiter.take_connection_token("a1=", "messages")
        stores.rate_limiter.take_user_token("u-alice", "messages")

    assert calls["UpdateItem"] == 100


def test_an_empty_bucket_of_reads_makes_no_request(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """A rejected read and a rejected frame cost nothing."""
    (limiter,) = environments(emulator_dynamodb, clock, 1)
    while not wait_ms_of(lambda: limiter.take_connection_token("a1=", "reads")):
        pass
    while not wait_ms_of(lambda: limiter.take_user_token("u-alice", "reads")):
        pass
    while not wait_ms_of(lambda: limiter.take_frame_token("a1=")):
        pass
    calls = list[str]()
    emulator_dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )

    for _ in range(500):
        assert wait_ms_of(lambda: limiter.take_connection_token("a1=", "reads"))
        assert wait_ms_of(lambda: limiter.take_user_token("u-alice", "reads"))
        assert wait_ms_of(lambda: limiter.take_frame_token("a1="))

    assert calls == []


def test_an_empty_bucket_makes_no_request(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """If an environment has seen an empty bucket, it rejects without a request to DynamoDB."""
    table, calls = make_table(emulator_dynamodb), list[str]()
    stores = Stores.dynamo(emulator_dynamodb, clock, tables=(table, table), rates=RATES)
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))
    emulator_dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )

    waits = [
        wait_ms_of(lambda: stores.rate_limiter.take_connection_token("a1=", "messages"))
        for _ in range(500)
    ]

    assert waits.count(0) == 5
    assert calls == ["UpdateItem"] * 5


def test_the_buckets_of_a_user_expire(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """The item expires after the bucket is full again."""
    table = make_table(emulator_dynamodb)
    stores = Stores.dynamo(emulator_dynamodb, clock, tables=(table, table), rates=RATES)

    stores.rate_limiter.take_user_token("u-alice", "joins")

    (item,) = emulator_dynamodb.scan(TableName=table)["Items"]
    assert item["pk"]["S"] == "USER#u-alice"
    expires_at = clock.now() + timedelta(days=1, seconds=4)
    assert int(item["expiresAt"]["N"]) == expires_at.timestamp()
