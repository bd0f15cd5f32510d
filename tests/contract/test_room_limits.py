"""The limits of what a room and its creator may store, and the end of a deleted room's id."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chat.domain.connection import Connection
from chat.domain.invites import INVITES_PER_ROOM
from chat.domain.membership import Membership
from chat.errors import Forbidden, RoomExists, RoomNotFound
from chat.protocol import Member, SendMessage, Visibility
from tests.contract.stored_invites import store_invite
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import MakeStores, Stores

ALICE = Member(user_id="u-alice", name="Alice")


def connect(stores: Stores, clock: FakeClock, name: str) -> Connection:
    """Return a new connection of a user."""
    connection = Connection(f"{name}=", Member(user_id=f"u-{name}", name=name), clock.now())
    stores.handshakes.open(connection)
    return connection


def create(stores: Stores, who: Connection, room_id: str, visibility: Visibility = "public") -> str:
    """Create a room and return its epoch."""
    room = stores.room_transactions.create_room(
        room_id, room_id, creator=who, visibility=visibility
    )
    stores.room_transactions.leave(room_id, connection=who)
    return room.epoch


def owner(stores: Stores, room_id: str) -> Membership:
    """Return Alice's membership."""
    return stores.memberships.of(room_id, "u-alice")


def delete(stores: Stores, room_id: str) -> None:
    """Close and purge a room of Alice."""
    stores.rooms.close(room_id, by=owner(stores, room_id))
    assert stores.rooms.purge(room_id, last="u-alice")


def change(stores: Stores, user_id: str, **changes: Any) -> None:
    """Change the membership of a user in the tea room."""
    old = stores.memberships.of("tea", user_id)
    stores.memberships.change(old, replace(old, **changes), by=owner(stores, "tea"))


@contextmanager
def refused(text: str) -> Iterator[None]:
    """Assert that an action is forbidden, and why."""
    with pytest.raises(Forbidden) as error:
        yield
    assert text in str(error.value)


def test_deleted_rooms_count_as_created_for_the_day(
    make_stores: MakeStores, clock: FakeClock
) -> None:
    """A user creates at most twice as many rooms a day (UTC) as they may have."""
    stores = make_stores(rooms_per_user=1)
    alice = connect(stores, clock, "alice")
    for room_id in ("one", "two"):
        create(stores, alice, room_id)
        delete(stores, room_id)

    with refused("a day"):
        create(stores, alice, "three")
    with pytest.raises(RoomNotFound):
        stores.rooms.get("three")
    clock.advance(days=1)
    create(stores, connect(stores, clock, "alice"), "three")

    assert stores.rooms.get("three").created_by == "u-alice"


def test_the_id_of_a_deleted_room_is_free_after_90_days(stores: Stores, clock: FakeClock) -> None:
    """The room that takes the id has no message, invite, ban or member of the deleted one."""
    alice = connect(stores, clock, "alice")
    create(stores, alice, "tea")
    stores.messages.append(SendMessage(room_id="tea", text="old"), sender=ALICE)
    change(stores, "u-eve", banned=True)
    expires_at = clock.now() + timedelta(days=365)
    store_invite(stores, "tea", "secret", expires_at=expires_at, by=owner(stores, "tea"))
    delete(stores, "tea")

    clock.advance(days=89)
    with pytest.raises(RoomExists):
        create(stores, connect(stores, clock, "bob"), "tea")
    clock.advance(days=1)
    create(stores, connect(stores, clock, "bob"), "tea")

    assert stores.rooms.get("tea").created_by == "u-bob"
    assert stores.rooms.get("tea").last_seq == 0
    assert stores.messages.after("tea", 0, limit=9).messages == ()
    assert stores.memberships.of("tea", "u-eve").is_default
    assert owner(stores, "tea").is_default
    assert stores.invites.listed("tea", cursor=None).entries == ()
    with pytest.raises(RoomExists):
        create(stores, connect(stores, clock, "bob"), "tea")


def test_a_deletion_that_is_not_complete_keeps_the_id(stores: Stores, clock: FakeClock) -> None:
    """A closed room that was not purged has messages, so its id is never free."""
    alice = connect(stores, clock, "alice")
    create(stores, alice, "tea")
    stores.messages.append(SendMessage(room_id="tea", text="old"), sender=ALICE)
    stores.rooms.close("tea", by=owner(stores, "tea"))

    clock.advance(days=1_000)

    with pytest.raises(RoomExists):
        create(stores, connect(stores, clock, "bob"), "tea")


def test_roles_and_bans_of_a_room_are_limited(make_stores: MakeStores, clock: FakeClock) -> None:
    """A role or a ban above the limit is forbidden. A mute and a change of one are not."""
    stores = make_stores(memberships_per_room=3)
    create(stores, connect(stores, clock, "alice"), "tea")
    change(stores, "u-bob", role="member")
    change(stores, "u-eve", banned=True)

    for changes in ({"banned": True}, {"role": "member"}):
        with refused("roles and bans of 3 users"):
            change(stores, "u-carol", **changes)
    change(stores, "u-carol", muted_until=clock.now() + timedelta(hours=1))
    change(stores, "u-bob", role="moderator")
    change(stores, "u-bob", role=None, banned=True)
    with refused("roles and bans of 3 users"):
        change(stores, "u-carol", banned=True)
    change(stores, "u-eve", banned=False)
    change(stores, "u-carol", banned=True)

    assert stores.memberships.of("tea", "u-carol").banned
    with refused("roles and bans of 3 users"):
        change(stores, "u-dora", banned=True)


def test_the_last_owner_of_a_full_room(make_stores: MakeStores, clock: FakeClock) -> None:
    """The error is that of the last owner, not that of the limit."""
    stores = make_stores(memberships_per_room=1)
    create(stores, connect(stores, clock, "alice"), "tea")

    with refused("a room needs an owner"):
        change(stores, "u-alice", role="member")


def test_an_invite_to_a_full_room(make_stores: MakeStores, clock: FakeClock) -> None:
    """The invite is not used up. A wrong invite gets the error of any wrong invite."""
    stores = make_stores(memberships_per_room=1)
    create(stores, connect(stores, clock, "alice"), "tea", "private")
    expires_at = clock.now() + timedelta(hours=1)
    store_invite(stores, "tea", "secret", expires_at=expires_at, by=owner(stores, "tea"))
    bob = connect(stores, clock, "bob")
    nobody = stores.memberships.of("tea", "u-bob")

    with refused("roles and bans of 1 users"):
        stores.room_transactions.join("tea", connection=bob, membership=nobody, invite="secret")
    with pytest.raises(RoomNotFound):
        stores.room_transactions.join("tea", connection=bob, membership=nobody, invite="guess")

    assert [it.uses for it in stores.invites.listed("tea", cursor=None).entries] == [1]
    assert stores.memberships.of("tea", "u-bob").is_default


def test_open_invites_of_a_room_are_limited(stores: Stores, clock: FakeClock) -> None:
    """A room has at most 200 open invites. One that is revoked, used up or over is not counted."""
    create(stores, connect(stores, clock, "alice"), "tea", "private")
    hour, day = (clock.now() + timedelta(hours=n) for n in (1, 24))
    store_invite(stores, "tea", "short", expires_at=hour, by=owner(stores, "tea"))
    for n in range(1, INVITES_PER_ROOM):
        invite = store_invite(stores, "tea", f"{n}", expires_at=day, by=owner(stores, "tea"))

    with refused("200 open invites"):
        store_invite(stores, "tea", "more", expires_at=day, by=owner(stores, "tea"))
    assert stores.invites.revoke("tea", invite.invite_id, by=owner(stores, "tea"))
    store_invite(stores, "tea", "another", expires_at=day, by=owner(stores, "tea"))
    with refused("200 open invites"):
        store_invite(stores, "tea", "more", expires_at=day, by=owner(stores, "tea"))
    clock.advance(hours=2)
    store_invite(stores, "tea", "after the hour", expires_at=day, by=owner(stores, "tea"))
