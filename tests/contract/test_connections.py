"""The contract of handshakes, connections, revoked tokens and banned users."""

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


def open_connection(
    stores: Stores,
    clock: FakeClock,
    id_: str,
    *,
    member: Member = ALICE,
    minutes: float | None = None,
) -> Connection:
    """Open and return a connection whose token ends in *minutes*."""
    now = clock.now()
    end = now + timedelta(minutes=minutes) if minutes is not None else None
    connection = Connection(id_, member, now, token_expires_at=end)
    stores.handshakes.open(connection)
    return connection


def join_public_room(stores: Stores, room_id: str, connection: Connection) -> None:
    """Join a public room."""
    membership = Membership(room_id, connection.member.user_id, name=connection.member.name)
    stores.room_transactions.join(room_id, connection=connection, membership=membership)


def subscriber_ids(stores: Stores, room_id: str = "tea") -> list[str]:
    return [subscriber.connection_id for subscriber in stores.subscribers.of(room_id)]


def test_lists_the_open_connections_of_a_user(stores: Stores, clock: FakeClock) -> None:
    """A user's connection is listed until it is closed.

    It is listed for at most two hours and ten minutes.
    """
    for id_ in ("a1=", "a2=", "a3="):
        open_connection(stores, clock, id_)
    open_connection(stores, clock, "b1=", member=BOB)

    stores.connections.remove("a2=")

    assert list(stores.user_connections.ids_of("u-alice")) == ["a1=", "a3="]
    assert list(stores.user_connections.ids_of("u-bob")) == ["b1="]
    assert list(stores.user_connections.ids_of("u-eve")) == []
    clock.advance(hours=2, minutes=10)
    assert list(stores.user_connections.ids_of("u-alice")) == []


def test_limits_the_connections_of_a_user(make_stores: MakeStores, clock: FakeClock) -> None:
    """A connection above the limit is rejected, and nothing is stored.

    If a connection of the user closes, another connection can open.
    """
    stores = make_stores(connections_per_user=2)
    open_connection(stores, clock, "a1=")
    open_connection(stores, clock, "a2=")

    with pytest.raises(RateLimited):
        open_connection(stores, clock, "a3=")

    with pytest.raises(Unauthorized):
        stores.connections.get("a3=")
    open_connection(stores, clock, "b1=", member=BOB)
    stores.connections.remove("a1=")
    open_connection(stores, clock, "a4=")
    assert list(stores.user_connections.ids_of("u-alice")) == ["a2=", "a4="]


def test_concurrent_handshakes_keep_to_the_limit(make_stores: MakeStores, clock: FakeClock) -> None:
    """The limit holds for any number of simultaneous handshakes."""
    stores = make_stores(connections_per_user=3)

    def is_opened(number: int) -> bool:
        try:
            open_connection(stores, clock, f"a{number}=")
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(is_opened, range(6)))

    assert results.count(True) == len(stores.user_connections.ids_of("u-alice")) == 3


def test_expired_connections_do_not_count(make_stores: MakeStores, clock: FakeClock) -> None:
    """An expired connection does not count, even if its disconnection was never reported."""
    stores = make_stores(connections_per_user=2)
    open_connection(stores, clock, "a1=")
    clock.advance(minutes=30)
    open_connection(stores, clock, "a2=")
    clock.advance(hours=1, minutes=40)

    open_connection(stores, clock, "a3=")

    assert list(stores.user_connections.ids_of("u-alice")) == ["a2=", "a3="]
    with pytest.raises(RateLimited):
        open_connection(stores, clock, "a4=")


def test_banned_users_cannot_connect(stores: Stores, clock: FakeClock) -> None:
    """A banned user is rejected before anything is written.

    The open connections of the user are still listed. Other users can connect.
    """
    open_connection(stores, clock, "a1=")
    stores.bans.ban("u-alice")
    stores.bans.ban("u-alice")

    with pytest.raises(Forbidden):
        open_connection(stores, clock, "a2=")

    assert list(stores.user_connections.ids_of("u-alice")) == ["a1="]
    with pytest.raises(Unauthorized):
        stores.connections.get("a2=")
    open_connection(stores, clock, "b1=", member=BOB)
    stores.bans.lift("u-alice")
    open_connection(stores, clock, "a3=")


def test_renewed_connections_last_longer(stores: Stores, clock: FakeClock) -> None:
    """A renewal extends the connection in each of its rooms. Other connections are unchanged."""
    alice = open_connection(stores, clock, "a1=", minutes=10)
    bob = open_connection(stores, clock, "b1=", member=BOB, minutes=10)
    for room_id in ("tea", "coffee"):
        stores.room_transactions.create_room(room_id, room_id, creator=alice)
        join_public_room(stores, room_id, bob)

    renewed = stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=30)))

    assert renewed.token_expires_at == clock.now() + timedelta(minutes=30)
    assert renewed.rooms == {"tea", "coffee"}
    clock.advance(minutes=11)
    assert subscriber_ids(stores, "tea") == subscriber_ids(stores, "coffee") == ["a1="]
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
    assert subscriber_ids(stores) == []
    assert sorted(stores.connections.expired(limit=9)) == ["a1=", "b1="]


def test_renewing_never_shortens(stores: Stores, clock: FakeClock) -> None:
    """A renewal with a token that ends sooner does not change the end of the connection."""
    alice = open_connection(stores, clock, "a1=", minutes=30)
    stores.room_transactions.create_room("tea", "Tea", creator=alice)

    renewed = stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=5)))

    assert renewed.token_expires_at == alice.token_expires_at
    clock.advance(minutes=6)
    assert subscriber_ids(stores) == ["a1="]
    assert list(stores.connections.expired(limit=9)) == []


def test_renewing_twice_is_no_error(stores: Stores, clock: FakeClock) -> None:
    """If a client received no reply, it renews again with the same token."""
    alice = open_connection(stores, clock, "a1=", minutes=10)
    until = clock.now() + timedelta(minutes=30)

    first = stores.connections.renew(alice, TokenId("t2", until))

    assert stores.connections.renew(alice, TokenId("t2", until)) == first


@pytest.mark.parametrize("minutes", [119.9, 120, 10_000])
def test_a_token_end_after_two_hours_is_ignored(
    stores: Stores, clock: FakeClock, minutes: float
) -> None:
    """API Gateway closes a connection after two hours.

    A token that ends later does not make the connection expire.
    """
    alice = open_connection(stores, clock, "a1=", minutes=1)
    open_connection(stores, clock, "b1=", member=BOB, minutes=minutes)

    stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=minutes)))
    clock.advance(minutes=119.95)

    assert stores.connections.remove("a1=")
    ended = ["b1="] if minutes < 120 else []
    assert list(stores.connections.expired(limit=9)) == ended


def test_closed_connections_are_not_renewed(stores: Stores, clock: FakeClock) -> None:
    """A closed or expired connection is not renewed, and not stored again."""
    gone = open_connection(stores, clock, "a1=", minutes=10)
    ended = open_connection(stores, clock, "a2=", minutes=10)
    stores.connections.remove("a1=")
    clock.advance(minutes=10)

    for connection in (gone, ended):
        with pytest.raises(Unauthorized):
            stores.connections.renew(connection, TokenId("t2", clock.now() + timedelta(minutes=30)))
        with pytest.raises(Unauthorized):
            stores.connections.get(connection.connection_id)

    assert list(stores.connections.expired(limit=9)) == ["a2="]
    assert stores.connections.remove("a1=") is None


def test_renewing_does_not_rejoin_rooms(stores: Stores, clock: FakeClock) -> None:
    """A connection that left a room does not rejoin it by a renewal."""
    alice = open_connection(stores, clock, "a1=", minutes=10)
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    stores.room_transactions.leave("tea", connection=alice)

    stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=30)))

    assert subscriber_ids(stores) == []


def test_a_join_during_a_renewal_lasts_as_long(stores: Stores, clock: FakeClock) -> None:
    """A join that read the connection before the renewal subscribes it until the new end."""
    alice = open_connection(stores, clock, "a1=", minutes=10)
    bob = open_connection(stores, clock, "b1=", member=BOB)
    stores.room_transactions.create_room("tea", "Tea", creator=bob)
    stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=30)))

    join_public_room(stores, "tea", alice)

    clock.advance(minutes=11)
    assert subscriber_ids(stores) == ["a1=", "b1="]


def test_lists_expired_connections(stores: Stores, clock: FakeClock) -> None:
    """`expired` lists the connections whose token has expired, at most *limit* of them.

    A connection is listed until it is removed.
    """
    for number in range(12):
        open_connection(stores, clock, f"a{number}=", minutes=1)
    open_connection(stores, clock, "b1=", member=BOB, minutes=60)
    open_connection(stores, clock, "b2=", member=BOB)
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


def test_lists_connections_that_expired_long_ago(stores: Stores, clock: FakeClock) -> None:
    """A connection that expired a day ago is listed, and is removed with its rooms."""
    alice = open_connection(stores, clock, "a1=", minutes=1)
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    clock.advance(days=1)

    assert list(stores.connections.expired(limit=9)) == ["a1="]
    known = stores.connections.remove("a1=")
    assert known == replace(alice, rooms=frozenset({"tea"}))


def test_no_connection_opens_during_a_cooldown(stores: Stores, clock: FakeClock) -> None:
    """A cooldown rejects new connections of its user, and leaves the open connections.

    Other users are not affected.
    """
    open_connection(stores, clock, "a1=")
    stores.handshakes.start_cooldown("u-alice", until=clock.now() + timedelta(seconds=30))

    clock.advance(seconds=29)
    for _ in range(2):
        with pytest.raises(RateLimited):
            open_connection(stores, clock, "a2=")
    open_connection(stores, clock, "b1=", member=BOB)
    still_open = list(stores.user_connections.ids_of("u-alice"))
    clock.advance(seconds=1)
    open_connection(stores, clock, "a2=")

    assert still_open == ["a1="]
    assert list(stores.user_connections.ids_of("u-alice")) == ["a1=", "a2="]


def test_a_cooldown_needs_no_open_connection(stores: Stores, clock: FakeClock) -> None:
    """A cooldown can start after the last connection of the user closed."""
    stores.handshakes.start_cooldown("u-alice", until=clock.now() + timedelta(seconds=30))

    with pytest.raises(RateLimited):
        open_connection(stores, clock, "a1=")
    clock.advance(seconds=30)
    open_connection(stores, clock, "a1=")


def signed_in(stores: Stores, clock: FakeClock, id_: str, token: str) -> Connection:
    """Open and return a connection of Alice with a token that ends in 30 minutes."""
    end = clock.now() + timedelta(minutes=30)
    tokens = frozenset({TokenId(token, end)})
    connection = Connection(id_, ALICE, clock.now(), token_expires_at=end, tokens=tokens)
    stores.handshakes.open(connection)
    return connection


def test_connections_keep_their_tokens(stores: Stores, clock: FakeClock) -> None:
    """A connection keeps the tokens of its handshake and its renewals, with their ends."""
    alice = signed_in(stores, clock, "a1=", "t1")
    later = TokenId("t2", clock.now() + timedelta(minutes=60))

    stores.connections.renew(alice, later)

    assert stores.connections.get("a1=").tokens == alice.tokens | {later}


def test_a_revoked_token_is_rejected(stores: Stores, clock: FakeClock) -> None:
    """A revoked token neither opens nor renews a connection.

    `revoke_tokens` returns the connections that have the token. Other connections are unchanged.
    """
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


def test_tokens_of_the_same_connections_are_revoked_together(
    stores: Stores, clock: FakeClock
) -> None:
    """A token that renewed another connection of the revoked token is revoked too."""
    alice = signed_in(stores, clock, "a1=", "t1")
    tab = signed_in(stores, clock, "a2=", "t1")
    stores.connections.renew(tab, TokenId("t2", clock.now() + timedelta(minutes=60)))
    signed_in(stores, clock, "a3=", "t2")

    found = stores.connections.revoke_tokens(alice)

    assert sorted(found) == ["a1=", "a2=", "a3="]
    with pytest.raises(Unauthorized):
        signed_in(stores, clock, "a4=", "t2")


def test_a_ban_takes_precedence_over_a_revoked_token(stores: Stores, clock: FakeClock) -> None:
    """If a user is banned and the token is revoked, the error is the ban."""
    stores.connections.revoke_tokens(signed_in(stores, clock, "a1=", "t1"))
    stores.bans.ban("u-alice")

    with pytest.raises(Forbidden):
        signed_in(stores, clock, "a2=", "t1")


def test_a_token_with_an_earlier_end_is_kept(stores: Stores, clock: FakeClock) -> None:
    """A token that ends before the connection does is also kept, and can be revoked."""
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


def test_a_revocation_outlives_the_token(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """A revocation is kept for an hour after the end of the token.

    After that the token is rejected because it has expired.
    """
    table = make_table(emulator_dynamodb)
    stores = Stores.dynamo(emulator_dynamodb, clock, tables=(table, table))
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    for id_, end in (("t1", clock.now()), ("t2", last)):
        connection = Connection(
            id_, ALICE, clock.now(), token_expires_at=end, tokens=frozenset({TokenId(id_, end)})
        )
        stores.connections.revoke_tokens(connection)

    kept = {
        item["pk"]["S"]: int(item["expiresAt"]["N"])
        for item in emulator_dynamodb.scan(TableName=table)["Items"]
    }

    assert kept == {
        "TOKEN#t1": int(clock.now().timestamp()) + 3_600,
        "TOKEN#t2": int(last.timestamp()) + 3_600,
    }
