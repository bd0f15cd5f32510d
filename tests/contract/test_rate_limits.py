"""What every implementation of the Floods port promises, however many ask at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chat.domain.connection import Connection
from chat.domain.rate_limit import Rate, Rates
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
    """Stores with small buckets, and Alice on her laptop."""
    stores = make_stores(rates=RATES)
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))
    return stores


@pytest.fixture
def limiter(stores: Stores) -> RateLimiter:
    """Small buckets."""
    return stores.rate_limiter


def refused(take: Callable[[], object]) -> int:
    """How long somebody has to wait who takes one too many; 0 for who does not."""
    try:
        take()
    except RateLimited as error:
        return error.retry_after_ms or -1
    return 0


def test_a_connection_may_burst_and_then_has_to_wait(
    limiter: RateLimiter, clock: FakeClock
) -> None:
    """So many at once; then one an interval; who rests may burst again."""
    waits = [refused(lambda: limiter.take_connection_token("a1=", "messages")) for _ in range(7)]
    clock.advance(milliseconds=333)
    too_soon = refused(lambda: limiter.take_connection_token("a1=", "messages"))
    clock.advance(milliseconds=too_soon)
    then = [refused(lambda: limiter.take_connection_token("a1=", "messages")) for _ in range(2)]
    clock.advance(seconds=10)
    rested = [refused(lambda: limiter.take_connection_token("a1=", "messages")) for _ in range(6)]

    assert waits == [0, 0, 0, 0, 0, 334, 334]
    assert (too_soon, then) == (1, [0, 333])
    assert rested == [0, 0, 0, 0, 0, 334]


def test_a_user_has_one_bucket(limiter: RateLimiter, clock: FakeClock) -> None:
    """Whatever the connection; and the wait is exact to the millisecond."""
    waits = [refused(lambda: limiter.take_user_token("u-alice", "messages")) for _ in range(9)]
    others = refused(lambda: limiter.take_user_token("u-bob", "messages"))
    clock.advance(milliseconds=199)
    early = refused(lambda: limiter.take_user_token("u-alice", "messages"))
    clock.advance(milliseconds=1)

    assert waits == [0] * 8 + [200]
    assert (others, early) == (0, 1)
    assert refused(lambda: limiter.take_user_token("u-alice", "messages")) == 0


def test_kinds_are_apart(limiter: RateLimiter) -> None:
    """Who has said too much may still join, and the other way round."""
    for _ in range(6):
        refused(lambda: limiter.take_connection_token("a1=", "messages"))

    assert [refused(lambda: limiter.take_connection_token("a1=", "joins")) for _ in range(3)] == [
        0,
        0,
        1000,
    ]
    assert [refused(lambda: limiter.take_user_token("u-alice", "joins")) for _ in range(4)] == [
        0,
        0,
        0,
        1000,
    ]


def test_tells_whose_connection_it_is(stores: Stores) -> None:
    """Taking is reading, too."""
    assert stores.rate_limiter.take_connection_token("a1=", "messages") == stores.connections.get(
        "a1="
    )


def test_makes_no_ghosts(stores: Stores, clock: FakeClock) -> None:
    """A connection that is unknown, or over, is not there afterwards either."""
    for _ in range(3):
        with pytest.raises(Unauthorized):
            stores.rate_limiter.take_connection_token("nobody", "messages")
    stores.rate_limiter.take_connection_token("a1=", "messages")
    clock.advance(hours=2, minutes=10)

    with pytest.raises(Unauthorized):
        stores.rate_limiter.take_connection_token("a1=", "messages")
    assert stores.connections.remove("nobody") is None


def test_frames_of_any_kind_are_counted(limiter: RateLimiter, clock: FakeClock) -> None:
    """So many at once; each connection for itself."""
    waits = [refused(lambda: limiter.take_frame_token("a1=")) for _ in range(4)]
    clock.advance(milliseconds=500)

    assert waits == [0, 0, 0, 500]
    assert refused(lambda: limiter.take_frame_token("a1=")) == 0
    assert refused(lambda: limiter.take_frame_token("b1=")) == 0


def test_refusals_are_counted_by_user(stores: Stores, clock: FakeClock) -> None:
    """Whatever the connection; one a second is made good, and going on is not forgiven."""
    stores.handshakes.open(Connection("a2=", ALICE, clock.now()))
    for id_ in ("a1=", "a2="):
        stores.rate_limiter.take_connection_token(id_, "joins")
        assert stores.rate_limiter.record_strike(id_, wait_ms=9_000) is None

    rests = [
        stores.rate_limiter.record_strike(id_, wait_ms=9_000)
        for id_ in ("a1=", "a2=", "a1=", "a2=")
    ]
    clock.advance(seconds=1)
    rests += [
        stores.rate_limiter.record_strike(id_, wait_ms=9_000) for id_ in ("a1=", "a2=", "a1=")
    ]

    assert rests == [None] * 5 + [timedelta(seconds=30)] * 2


def test_who_has_waited_is_not_counted(stores: Stores, clock: FakeClock) -> None:
    """A refusal counts that comes while the wait of the one before lasts, to the millisecond."""
    rests = []
    for _ in range(20):
        rests.append(stores.rate_limiter.record_strike("a1=", wait_ms=200))
        clock.advance(milliseconds=200)
    for _ in range(6):
        rests.append(stores.rate_limiter.record_strike("a1=", wait_ms=200))
        clock.advance(milliseconds=1)

    assert rests == [None] * 25 + [timedelta(seconds=30)]


def test_a_connection_that_is_not_known_has_no_patience(stores: Stores) -> None:
    """Whoever floods by one that is over is not to go on for long."""
    first, second = (stores.rate_limiter.record_strike("nobody", wait_ms=50) for _ in range(2))

    assert (first, second) == (None, timedelta(seconds=30))


def test_many_refusals_are_counted_in_batches(make_stores: MakeStores, clock: FakeClock) -> None:
    """A twentieth at a time: some two hundred are let pass, of whichever connections."""
    stores = make_stores(rates=Rates(strikes=Rate(5, 1, 200)))
    for id_ in ("a1=", "a2="):
        stores.handshakes.open(Connection(id_, ALICE, clock.now()))
        stores.rate_limiter.take_connection_token(id_, "messages")

    rests = [
        stores.rate_limiter.record_strike(id_, wait_ms=50)
        for _ in range(106)
        for id_ in ("a1=", "a2=")
    ]

    assert rests == [None] * 211 + [timedelta(minutes=5)]


def test_connections_that_come_and_go_are_counted(
    make_stores: MakeStores, clock: FakeClock
) -> None:
    """Whoever has another one for every few refusals is their user all the same."""
    stores = make_stores(rates=Rates(strikes=Rate(5, 1, 100)))
    rests = []
    for n in range(60):
        stores.handshakes.open(Connection(f"a{n}=", ALICE, clock.now()))
        stores.rate_limiter.take_connection_token(f"a{n}=", "messages")
        rests += [stores.rate_limiter.record_strike(f"a{n}=", wait_ms=50) for _ in range(3)]
        stores.connections.remove(f"a{n}=")

    assert rests.index(timedelta(minutes=5)) == 157


def test_what_is_unbounded_is_not_kept(make_stores: MakeStores, clock: FakeClock) -> None:
    """Without rates everything goes through."""
    stores = make_stores()
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))

    for _ in range(50):
        stores.rate_limiter.take_frame_token("a1=")
        assert stores.rate_limiter.record_strike("a1=", wait_ms=50) is None
        stores.rate_limiter.take_user_token("u-alice", "messages")
        assert stores.rate_limiter.take_connection_token("a1=", "joins").member == ALICE


@pytest.fixture(params=["moto", "emulator"])
def dynamodb(request: pytest.FixtureRequest) -> "DynamoDBClient":
    """DynamoDB twice."""
    client: DynamoDBClient = request.getfixturevalue(f"{request.param}_dynamodb")
    return client


@pytest.mark.parametrize("rested", [True, False], ids=["rested", "under way"])
def test_fifty_at_once_are_no_more_than_allowed(
    dynamodb: "DynamoDBClient", clock: FakeClock, rested: bool
) -> None:
    """Fifty environments of the function that know nothing of each other let the burst through."""
    table, start = make_table(dynamodb), threading.Barrier(50)
    stores = Stores.dynamo(dynamodb, clock, tables=(table, table), rates=RATES)
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))
    if not rested:
        stores.rate_limiter.take_connection_token("a1=", "messages")
        stores.rate_limiter.take_user_token("u-alice", "messages")

    def each(_: int) -> tuple[int, int]:
        environment = Stores.dynamo(
            dynamodb, clock, tables=(table, table), rates=RATES
        ).rate_limiter
        start.wait(30)
        of_connection = refused(lambda: environment.take_connection_token("a1=", "messages"))
        return of_connection, refused(lambda: environment.take_user_token("u-alice", "messages"))

    with ThreadPoolExecutor(50) as pool:
        waits = list(pool.map(each, range(50)))

    of_connection, of_user = zip(*waits, strict=True)
    assert of_connection.count(0) == (5 if rested else 4)
    assert of_user.count(0) == (8 if rested else 7)
    assert {*of_connection, *of_user} == {0, 334, 200}


def test_a_flood_costs_nothing_once_it_is_known(
    moto_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """An environment that has seen the bucket empty refuses without a request."""
    table, calls = make_table(moto_dynamodb), list[str]()
    stores = Stores.dynamo(moto_dynamodb, clock, tables=(table, table), rates=RATES)
    stores.handshakes.open(Connection("a1=", ALICE, clock.now()))
    moto_dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )

    waits = [
        refused(lambda: stores.rate_limiter.take_connection_token("a1=", "messages"))
        for _ in range(500)
    ]

    assert waits.count(0) == 5
    assert calls == ["UpdateItem"] * 5


def test_a_users_buckets_are_forgotten(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> None:
    """The item says until when it counts, which is longer than the bucket takes to fill."""
    table = make_table(moto_dynamodb)
    stores = Stores.dynamo(moto_dynamodb, clock, tables=(table, table), rates=RATES)

    stores.rate_limiter.take_user_token("u-alice", "joins")

    (item,) = moto_dynamodb.scan(TableName=table)["Items"]
    assert item["pk"]["S"] == "USER#u-alice"
    expires_at = clock.now() + timedelta(days=1, seconds=4)
    assert int(item["expiresAt"]["N"]) == expires_at.timestamp()
