"""What every implementation of the Sockets port promises, and what `connect` asks of users."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from chat.domain.connection import Connection, TokenId
from chat.domain.membership import Membership
from chat.errors import Forbidden, RateLimited, Unauthorized
from chat.protocol import Member
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import MakeStores, Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ALICE = Member(user_id="u-alice", name="Alice")
BOB = Member(user_id="u-bob", name="Bob")


def opened(
    stores: Stores,
    clock: FakeClock,
    id_: str,
    *,
    member: Member = ALICE,
    minutes: float | None = None,
) -> Connection:
    """A new connection, whose token ends in *minutes*."""
    now = clock.now()
    end = now + timedelta(minutes=minutes) if minutes is not None else None
    connection = Connection(id_, member, now, token_expires_at=end)
    stores.handshakes.open(connection)
    return connection


def enter(stores: Stores, room_id: str, connection: Connection) -> None:
    """Join a public room."""
    nobody = Membership(room_id, connection.member.user_id, name=connection.member.name)
    stores.joins.join(room_id, connection=connection, membership=nobody)


def audience(stores: Stores, room_id: str = "tea") -> list[str]:
    return [attendee.connection_id for attendee in stores.subscribers.of(room_id)]


def test_knows_what_a_user_has_open(stores: Stores, clock: FakeClock) -> None:
    """From connect to disconnect, each user's own, until it must be over at the latest."""
    for id_ in ("a1=", "a2=", "a3="):
        opened(stores, clock, id_)
    opened(stores, clock, "b1=", member=BOB)

    stores.connections.remove("a2=")

    assert list(stores.user_connections.ids_of("u-alice")) == ["a1=", "a3="]
    assert list(stores.user_connections.ids_of("u-bob")) == ["b1="]
    assert list(stores.user_connections.ids_of("u-eve")) == []
    clock.advance(hours=2, minutes=10)
    assert list(stores.user_connections.ids_of("u-alice")) == []


def test_a_user_has_so_many_connections_and_no_more(
    make_stores: MakeStores, clock: FakeClock
) -> None:
    """One more is refused and leaves nothing behind; when one is closed, there is room for one."""
    stores = make_stores(connections_per_user=2)
    opened(stores, clock, "a1=")
    opened(stores, clock, "a2=")

    with pytest.raises(RateLimited):
        opened(stores, clock, "a3=")

    with pytest.raises(Unauthorized):
        stores.connections.get("a3=")
    opened(stores, clock, "b1=", member=BOB)
    stores.connections.remove("a1=")
    opened(stores, clock, "a4=")
    assert list(stores.user_connections.ids_of("u-alice")) == ["a2=", "a4="]


def test_as_many_at_once_are_no_more(make_stores: MakeStores, clock: FakeClock) -> None:
    """The limit holds however many come together."""
    stores = make_stores(connections_per_user=3)

    def comes(number: int) -> bool:
        try:
            opened(stores, clock, f"a{number}=")
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        let_in = list(pool.map(comes, range(6)))

    assert let_in.count(True) == len(stores.user_connections.ids_of("u-alice")) == 3


def test_lost_goodbyes_lock_nobody_out(make_stores: MakeStores, clock: FakeClock) -> None:
    """What must be over by now is not counted, though nobody ever said so."""
    stores = make_stores(connections_per_user=2)
    opened(stores, clock, "a1=")
    clock.advance(minutes=30)
    opened(stores, clock, "a2=")
    clock.advance(hours=1, minutes=40)

    opened(stores, clock, "a3=")

    assert list(stores.user_connections.ids_of("u-alice")) == ["a2=", "a3="]
    with pytest.raises(RateLimited):
        opened(stores, clock, "a4=")


def test_the_banned_do_not_connect(stores: Stores, clock: FakeClock) -> None:
    """They are refused before anything is written; what they have open is found; others come."""
    opened(stores, clock, "a1=")
    stores.bans.ban("u-alice")
    stores.bans.ban("u-alice")

    with pytest.raises(Forbidden):
        opened(stores, clock, "a2=")

    assert list(stores.user_connections.ids_of("u-alice")) == ["a1="]
    with pytest.raises(Unauthorized):
        stores.connections.get("a2=")
    opened(stores, clock, "b1=", member=BOB)
    stores.bans.lift("u-alice")
    opened(stores, clock, "a3=")


def test_renewed_connections_last_longer(stores: Stores, clock: FakeClock) -> None:
    """With its places in every room; others' ends are their own."""
    alice = opened(stores, clock, "a1=", minutes=10)
    bob = opened(stores, clock, "b1=", member=BOB, minutes=10)
    for room_id in ("tea", "coffee"):
        stores.joins.create_room(room_id, room_id, creator=alice)
        enter(stores, room_id, bob)

    renewed = stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=30)))

    assert renewed.token_expires_at == clock.now() + timedelta(minutes=30)
    assert renewed.rooms == {"tea", "coffee"}
    clock.advance(minutes=11)
    assert audience(stores, "tea") == audience(stores, "coffee") == ["a1="]
    assert stores.connections.get("a1=") == renewed
    assert (
        list(stores.connections.expired(limit=9))
        == list(stores.user_connections.ids_of("u-bob"))
        == ["b1="]
    )
    assert (
        list(stores.user_connections.live_ids_of("u-alice")),
        list(stores.user_connections.live_ids_of("u-bob")),
    ) == (
        ["a1="],
        [],
    )
    clock.advance(minutes=19)
    assert audience(stores) == []
    assert sorted(stores.connections.expired(limit=9)) == ["a1=", "b1="]


def test_renewing_never_shortens(stores: Stores, clock: FakeClock) -> None:
    """A token that ends sooner changes nothing, also where two come at once."""
    alice = opened(stores, clock, "a1=", minutes=30)
    stores.joins.create_room("tea", "Tea", creator=alice)

    renewed = stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=5)))

    assert renewed.token_expires_at == alice.token_expires_at
    clock.advance(minutes=6)
    assert audience(stores) == ["a1="]
    assert list(stores.connections.expired(limit=9)) == []


def test_renewing_again_is_no_error(stores: Stores, clock: FakeClock) -> None:
    """A client that heard no reply asks again with the same token."""
    alice = opened(stores, clock, "a1=", minutes=10)
    until = clock.now() + timedelta(minutes=30)

    first = stores.connections.renew(alice, TokenId("t2", until))

    assert stores.connections.renew(alice, TokenId("t2", until)) == first


@pytest.mark.parametrize("minutes", [119.9, 120, 10_000])
def test_a_long_token_is_not_waited_for(stores: Stores, clock: FakeClock, minutes: float) -> None:
    """API Gateway ends a connection after two hours: later rights end nothing."""
    alice = opened(stores, clock, "a1=", minutes=1)
    opened(stores, clock, "b1=", member=BOB, minutes=minutes)

    stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=minutes)))
    clock.advance(minutes=119.95)

    assert stores.connections.remove("a1=")
    ended = ["b1="] if minutes < 120 else []
    assert list(stores.connections.expired(limit=9)) == ended


def test_nothing_rises_again(stores: Stores, clock: FakeClock) -> None:
    """Who has gone, or has ended, is not renewed, and not written anew."""
    gone = opened(stores, clock, "a1=", minutes=10)
    ended = opened(stores, clock, "a2=", minutes=10)
    stores.connections.remove("a1=")
    clock.advance(minutes=10)

    for connection in (gone, ended):
        with pytest.raises(Unauthorized):
            stores.connections.renew(connection, TokenId("t2", clock.now() + timedelta(minutes=30)))
        with pytest.raises(Unauthorized):
            stores.connections.get(connection.connection_id)

    assert list(stores.connections.expired(limit=9)) == ["a2="]
    assert stores.connections.remove("a1=") is None


def test_who_left_a_room_is_not_back(stores: Stores, clock: FakeClock) -> None:
    """A room that was left before the renewal stays left."""
    alice = opened(stores, clock, "a1=", minutes=10)
    stores.joins.create_room("tea", "Tea", creator=alice)
    stores.joins.leave("tea", connection=alice)

    stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=30)))

    assert audience(stores) == []


def test_a_join_that_is_late_lasts_as_long(stores: Stores, clock: FakeClock) -> None:
    """A join that has read the connection before it was renewed gets a place of the new length."""
    alice = opened(stores, clock, "a1=", minutes=10)
    bob = opened(stores, clock, "b1=", member=BOB)
    stores.joins.create_room("tea", "Tea", creator=bob)
    stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=30)))

    enter(stores, "tea", alice)

    clock.advance(minutes=11)
    assert audience(stores) == ["a1=", "b1="]


def test_finds_what_has_ended(stores: Stores, clock: FakeClock) -> None:
    """Those whose token is over and nobody else; no more than asked for; until they are gone."""
    for number in range(12):
        opened(stores, clock, f"a{number}=", minutes=1)
    opened(stores, clock, "b1=", member=BOB, minutes=60)
    opened(stores, clock, "b2=", member=BOB)
    assert list(stores.connections.expired(limit=100)) == []

    clock.advance(minutes=2)

    assert len(stores.connections.expired(limit=100)) == 12
    few = stores.connections.expired(limit=5)
    assert 0 < len(few) <= 5
    for connection_id in few:
        assert stores.connections.remove(connection_id)
    left = stores.connections.expired(limit=100)
    assert len(left) == 12 - len(few)
    assert not set(few) & set(left)


def test_what_is_missed_is_found_later(stores: Stores, clock: FakeClock) -> None:
    """However long nobody looked, with the rooms it was in."""
    alice = opened(stores, clock, "a1=", minutes=1)
    stores.joins.create_room("tea", "Tea", creator=alice)
    clock.advance(days=1)

    assert list(stores.connections.expired(limit=9)) == ["a1="]
    known = stores.connections.remove("a1=")
    assert known == replace(alice, rooms=frozenset({"tea"}))


def test_who_rests_opens_nothing(stores: Stores, clock: FakeClock) -> None:
    """Until then, whatever is open stays so; others are not concerned."""
    opened(stores, clock, "a1=")
    stores.handshakes.start_cooldown("u-alice", until=clock.now() + timedelta(seconds=30))

    clock.advance(seconds=29)
    for _ in range(2):
        with pytest.raises(RateLimited):
            opened(stores, clock, "a2=")
    opened(stores, clock, "b1=", member=BOB)
    still_open = list(stores.user_connections.ids_of("u-alice"))
    clock.advance(seconds=1)
    opened(stores, clock, "a2=")

    assert still_open == ["a1="]
    assert list(stores.user_connections.ids_of("u-alice")) == ["a1=", "a2="]


def test_whoever_has_nothing_open_may_have_to_rest(stores: Stores, clock: FakeClock) -> None:
    """The last connection may go before its user is told to rest."""
    stores.handshakes.start_cooldown("u-alice", until=clock.now() + timedelta(seconds=30))

    with pytest.raises(RateLimited):
        opened(stores, clock, "a1=")
    clock.advance(seconds=30)
    opened(stores, clock, "a1=")


def signed_in(stores: Stores, clock: FakeClock, id_: str, token: str) -> Connection:
    """A new connection of Alice, opened with a token for half an hour."""
    end = clock.now() + timedelta(minutes=30)
    tokens = frozenset({TokenId(token, end)})
    connection = Connection(id_, ALICE, clock.now(), token_expires_at=end, tokens=tokens)
    stores.handshakes.open(connection)
    return connection


def test_tokens_are_remembered(stores: Stores, clock: FakeClock) -> None:
    """Those that a connection was opened and renewed with, each with its end."""
    alice = signed_in(stores, clock, "a1=", "t1")
    later = TokenId("t2", clock.now() + timedelta(minutes=60))

    stores.connections.renew(alice, later)

    assert stores.connections.get("a1=").tokens == alice.tokens | {later}


def test_a_token_that_is_signed_out_is_good_for_nothing(stores: Stores, clock: FakeClock) -> None:
    """It opens nothing and renews nothing; what has it is told, and nothing else is concerned."""
    alice = signed_in(stores, clock, "a1=", "t1")
    signed_in(stores, clock, "a2=", "t1")
    phone = signed_in(stores, clock, "a3=", "t2")

    found = stores.connections.revoke_tokens(alice)

    assert sorted(found) == ["a1=", "a2="]
    with pytest.raises(Unauthorized):
        signed_in(stores, clock, "a4=", "t1")
    with pytest.raises(Unauthorized):
        stores.connections.renew(phone, TokenId("t1", clock.now() + timedelta(minutes=60)))
    assert stores.connections.get("a3=") == phone
    assert "a4=" not in stores.user_connections.ids_of("u-alice")
    signed_in(stores, clock, "a5=", "t3")


def test_all_tokens_that_belong_together_are_signed_out(stores: Stores, clock: FakeClock) -> None:
    """One that has renewed another connection of the same token is no way back either."""
    alice = signed_in(stores, clock, "a1=", "t1")
    tab = signed_in(stores, clock, "a2=", "t1")
    stores.connections.renew(tab, TokenId("t2", clock.now() + timedelta(minutes=60)))
    signed_in(stores, clock, "a3=", "t2")

    found = stores.connections.revoke_tokens(alice)

    assert sorted(found) == ["a1=", "a2=", "a3="]
    with pytest.raises(Unauthorized):
        signed_in(stores, clock, "a4=", "t2")


def test_a_ban_is_told_before_a_sign_out(stores: Stores, clock: FakeClock) -> None:
    """Who is banned reads so, whatever the token."""
    stores.connections.revoke_tokens(signed_in(stores, clock, "a1=", "t1"))
    stores.bans.ban("u-alice")

    with pytest.raises(Forbidden):
        signed_in(stores, clock, "a2=", "t1")


def test_a_token_that_renews_nothing_is_remembered_too(stores: Stores, clock: FakeClock) -> None:
    """It ends sooner than the connection does, and has come by it all the same."""
    alice = signed_in(stores, clock, "a1=", "t1")
    sooner = TokenId("t2", clock.now() + timedelta(minutes=5))

    renewed = stores.connections.renew(alice, sooner)
    stores.connections.revoke_tokens(renewed)

    assert (renewed.token_expires_at, renewed.tokens) == (
        alice.token_expires_at,
        alice.tokens | {sooner},
    )
    with pytest.raises(Unauthorized):
        signed_in(stores, clock, "a2=", "t2")


def test_a_sign_out_outlives_the_token(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> None:
    """By an hour, whatever the token's end; then nobody can tell it from another that is over."""
    table = make_table(moto_dynamodb)
    stores = Stores.dynamo(moto_dynamodb, clock, tables=(table, table))
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    for id_, end in (("t1", clock.now()), ("t2", last)):
        connection = Connection(
            id_, ALICE, clock.now(), token_expires_at=end, tokens=frozenset({TokenId(id_, end)})
        )
        stores.connections.revoke_tokens(connection)

    kept = {
        item["pk"]["S"]: int(item["expiresAt"]["N"])
        for item in moto_dynamodb.scan(TableName=table)["Items"]
    }

    assert kept == {
        "TOKEN#t1": int(clock.now().timestamp()) + 3_600,
        "TOKEN#t2": int(last.timestamp()) + 3_600,
    }
