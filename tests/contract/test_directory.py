"""The contract of the room directory: lists, invites, limits, closed rooms and deletions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.errors import Conflict, Forbidden, RoomExists, RoomNotFound
from chat.protocol import ListedRoom, Member, Message, Role, SendMessage
from tests.contract.stored_invites import store_invite
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import MakeStores, Stores

ALICE = Member(user_id="u-alice", name="Alice")
BOB = Member(user_id="u-bob", name="Bob")
DAY = timedelta(days=1)


@pytest.fixture
def alice(stores: Stores, clock: FakeClock) -> Connection:
    return connect(stores, clock, ALICE)


@pytest.fixture
def bob(stores: Stores, clock: FakeClock) -> Connection:
    return connect(stores, clock, BOB)


def connect(stores: Stores, clock: FakeClock, member: Member) -> Connection:
    connection = Connection(f"{member.name}=", member, clock.now())
    stores.handshakes.open(connection)
    return connection


def join(stores: Stores, room_id: str, connection: Connection, invite: str | None = None) -> None:
    membership = stores.memberships.of(room_id, connection.member.user_id)
    stores.room_transactions.join(
        room_id, connection=connection, membership=membership, invite=invite
    )


def owner(stores: Stores, room_id: str) -> Membership:
    return stores.memberships.of(room_id, "u-alice")


def ids(listing: Listing[ListedRoom]) -> list[str]:
    return [entry.room.room_id for entry in listing.entries]


def mine(stores: Stores, user: Member) -> dict[str, str | None]:
    listing = stores.rooms.of_user(user.user_id, cursor=None, limit=100)
    return {entry.room.room_id: entry.role for entry in listing.entries}


def say(stores: Stores, clock: FakeClock) -> Message:
    """Send a message one second after the last and return it."""
    clock.advance(seconds=1)
    return stores.messages.append(SendMessage(room_id="tea", text="oops"), sender=ALICE)


def test_lists_public_rooms_in_pages(stores: Stores, alice: Connection) -> None:
    """The list has every public room once, ordered by id, and no private room."""
    for room_id in ("b", "a", "c"):
        stores.room_transactions.create_room(room_id, room_id, creator=alice)
    stores.room_transactions.create_room("hidden", "Hidden", creator=alice, visibility="private")

    first = stores.rooms.public(cursor=None, limit=2)
    second = stores.rooms.public(cursor=first.cursor, limit=2)

    assert (ids(first), ids(second)) == (["a", "b"], ["c"])
    assert second.cursor is None
    assert first.entries[0].room == stores.rooms.get("a")
    assert stores.rooms.public(cursor=None, limit=3).cursor is None


def test_lists_the_rooms_of_a_user(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """A user has the rooms with a role permanently, and visited rooms for 90 days."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    stores.room_transactions.create_room("milk", "Milk", creator=bob, visibility="private")
    join(stores, "tea", bob)

    assert mine(stores, ALICE) == {"tea": "owner"}
    assert mine(stores, BOB) == {"milk": "owner", "tea": None}
    clock.advance(days=90)
    assert mine(stores, BOB) == {"milk": "owner"}


def test_a_visitor_that_leaves_loses_the_room(
    stores: Stores, alice: Connection, bob: Connection
) -> None:
    """If a visitor leaves, is removed or is banned, the room is not in their list any more."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    visitor, by = stores.memberships.of("tea", "u-bob"), owner(stores, "tea")

    for old, new, actor in (
        (visitor, visitor, visitor),
        (visitor, replace(visitor, name="Bob"), by),
        (visitor, replace(visitor, name="Bob", banned=True), by),
    ):
        join(stores, "tea", bob)
        assert mine(stores, BOB) == {"tea": None}
        stores.memberships.change(old, new, by=actor)
        assert mine(stores, BOB) == {}


def test_keeps_rooms_of_muted_users(stores: Stores, clock: FakeClock, bob: Connection) -> None:
    """A muted user still has the room in their list."""
    stores.room_transactions.create_room("tea", "Tea", creator=connect(stores, clock, ALICE))
    join(stores, "tea", bob)
    visitor = stores.memberships.of("tea", "u-bob")
    muted = replace(visitor, name="Bob", muted_until=clock.now() + DAY)

    stores.memberships.change(visitor, muted, by=owner(stores, "tea"))

    assert mine(stores, BOB) == {"tea": None}


def test_renames_and_publishes(stores: Stores, alice: Connection) -> None:
    """An update renames a room or publishes it. A published room is in the public list."""
    created = stores.room_transactions.create_room(
        "tea", "Tea", creator=alice, visibility="private"
    )

    renamed = stores.rooms.update("tea", name="Coffee", publish=False, by=owner(stores, "tea"))
    assert (renamed.name, renamed.visibility, renamed.epoch) == ("Coffee", "private", created.epoch)
    assert ids(stores.rooms.public(cursor=None, limit=9)) == []
    public = stores.rooms.update("tea", name=None, publish=True, by=owner(stores, "tea"))

    assert (public.name, public.visibility) == ("Coffee", "public")
    assert stores.rooms.get("tea") == public
    assert ids(stores.rooms.public(cursor=None, limit=9)) == ["tea"]
    with pytest.raises(RoomNotFound):
        stores.rooms.update("nowhere", name="x", publish=True, by=owner(stores, "nowhere"))
    assert ids(stores.rooms.public(cursor=None, limit=9)) == ["tea"]


def test_invites_make_members(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """A user with the secret becomes a member, up to the number of uses.

    A join of a member does not count as a use.
    """
    carol = connect(stores, clock, Member(user_id="u-carol", name="Carol"))
    stores.room_transactions.create_room("tea", "Tea", creator=alice, visibility="private")
    store_invite(
        stores, "tea", "secret", expires_at=clock.now() + DAY, uses=1, by=owner(stores, "tea")
    )

    with pytest.raises(RoomNotFound):
        join(stores, "tea", bob, invite="guess")
    join(stores, "tea", bob, invite="secret")
    stores.room_transactions.leave("tea", connection=bob)
    join(stores, "tea", bob, invite="secret")
    with pytest.raises(RoomNotFound):
        join(stores, "tea", carol, invite="secret")

    assert stores.memberships.of("tea", "u-bob").role == "member"
    assert mine(stores, BOB) == {"tea": "member"}
    assert stores.connections.get("Carol=").rooms == frozenset()
    assert stores.memberships.of("tea", "u-carol").is_default


def test_invites_expire(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """An invite is valid until it expires, and only for its room.

    A room that does not exist cannot have an invite.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice, visibility="private")
    stores.room_transactions.create_room("milk", "Milk", creator=alice, visibility="private")
    store_invite(
        stores, "tea", "secret", expires_at=clock.now() + DAY, uses=9, by=owner(stores, "tea")
    )

    with pytest.raises(RoomNotFound):
        join(stores, "milk", bob, invite="secret")
    clock.advance(days=1)
    fresh = connect(stores, clock, BOB)
    with pytest.raises(RoomNotFound):
        join(stores, "tea", fresh, invite="secret")
    with pytest.raises(RoomNotFound):
        store_invite(
            stores,
            "nowhere",
            "secret",
            expires_at=clock.now() + DAY,
            uses=1,
            by=owner(stores, "nowhere"),
        )


def private_room(stores: Stores, alice: Connection) -> Membership:
    """Create a private room of Alice, make Bob a moderator, and return his membership."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice, visibility="private")
    return set_role(stores, "u-bob", "moderator")


def set_role(
    stores: Stores, user_id: str, role: Role | None, *, banned: bool = False
) -> Membership:
    """Change a membership, and return it."""
    old = stores.memberships.of("tea", user_id)
    new = replace(old, name="Bob", role=role, banned=banned)
    stores.memberships.change(old, new, by=owner(stores, "tea"))
    return stores.memberships.of("tea", user_id)


@pytest.mark.parametrize("role", ["member", None])
@pytest.mark.parametrize("banned", [False, True])
def test_invites_of_users_who_may_not_invite_open_nothing(
    stores: Stores, clock: FakeClock, alice: Connection, role: Role | None, banned: bool
) -> None:
    """An invite opens the room only while its creator is an owner or a moderator."""
    carol = connect(stores, clock, Member(user_id="u-carol", name="Carol"))
    bob = private_room(stores, alice)
    made = store_invite(stores, "tea", "secret", expires_at=clock.now() + DAY, by=bob)
    set_role(stores, "u-bob", None if banned else role, banned=banned)

    with pytest.raises(RoomNotFound):
        join(stores, "tea", carol, invite="secret")
    set_role(stores, "u-bob", "moderator")

    assert (
        stores.room_transactions.join(
            "tea",
            connection=carol,
            membership=stores.memberships.of("tea", "u-carol"),
            invite="secret",
        )
        == made
    )


def test_creators_cannot_return_by_their_own_invites(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """A kicked moderator has no role, so the own invite opens nothing."""
    store_invite(
        stores, "tea", "secret", expires_at=clock.now() + DAY, by=private_room(stores, alice)
    )
    set_role(stores, "u-bob", None)

    with pytest.raises(RoomNotFound):
        join(stores, "tea", bob, invite="secret")


def test_lists_open_invites(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """The list has no used-up, revoked or expired invite, and no invite of another room."""
    moderator = private_room(stores, alice)
    stores.room_transactions.create_room("milk", "Milk", creator=alice, visibility="private")
    by, tomorrow = owner(stores, "tea"), clock.now() + DAY
    soon = clock.now() + timedelta(minutes=1)
    once = store_invite(stores, "tea", "once", expires_at=tomorrow, by=by)
    kept = store_invite(stores, "tea", "kept", expires_at=tomorrow, by=moderator, uses=9)
    revoked = store_invite(stores, "tea", "revoked", expires_at=tomorrow, by=by)
    expired = store_invite(stores, "tea", "expired", expires_at=soon, by=by)
    store_invite(stores, "milk", "other", expires_at=tomorrow, by=owner(stores, "milk"))
    listed = stores.invites.listed("tea", cursor=None).entries
    assert {*listed} == {once, kept, revoked, expired}

    set_role(stores, "u-bob", None)
    join(stores, "tea", bob, invite="once")
    by = owner(stores, "tea")
    assert stores.invites.revoke("tea", revoked.invite_id, by=by)
    assert not stores.invites.revoke("tea", revoked.invite_id, by=by)
    assert not stores.invites.revoke("milk", kept.invite_id, by=owner(stores, "milk"))
    clock.advance(minutes=1)

    assert stores.invites.listed("tea", cursor=None) == Listing((kept,))


def test_lists_invites_in_pages(stores: Stores, clock: FakeClock, alice: Connection) -> None:
    """The pages have every invite once."""
    by, tomorrow = private_room(stores, alice), clock.now() + DAY
    made = [
        store_invite(stores, "tea", f"secret {n}", expires_at=tomorrow, by=by) for n in range(101)
    ]
    pages = [stores.invites.listed("tea", cursor=None)]
    while pages[-1].cursor:
        pages.append(stores.invites.listed("tea", cursor=pages[-1].cursor))

    assert [len(page.entries) for page in pages] == [50, 50, 1]
    assert sorted(it.invite_id for page in pages for it in page.entries) == sorted(
        it.invite_id for it in made
    )


def test_invites_of_users_who_have_changed_are_not_revoked(
    stores: Stores, clock: FakeClock, alice: Connection
) -> None:
    """A user whose membership changed meanwhile revokes nothing."""
    bob = private_room(stores, alice)
    made = store_invite(stores, "tea", "secret", expires_at=clock.now() + DAY, by=bob)
    set_role(stores, "u-bob", "member")

    with pytest.raises(Conflict):
        stores.invites.revoke("tea", made.invite_id, by=bob)

    assert stores.invites.listed("tea", cursor=None).entries == (made,)


def test_public_rooms_use_no_invite(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """A join of a public room does not use a valid invite, and makes no member."""
    carol = connect(stores, clock, Member(user_id="u-carol", name="Carol"))
    stores.room_transactions.create_room("tea", "Tea", creator=alice, visibility="private")
    store_invite(
        stores, "tea", "secret", expires_at=clock.now() + DAY, uses=1, by=owner(stores, "tea")
    )
    stores.rooms.update("tea", name=None, publish=True, by=owner(stores, "tea"))

    for connection in (bob, carol):
        join(stores, "tea", connection, invite="secret")

    assert stores.memberships.of("tea", "u-bob").is_default
    assert len(stores.subscribers.of("tea")) == 3


def test_public_rooms_need_no_invite(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A join of a public room with a wrong secret succeeds, and makes no member."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)

    join(stores, "tea", bob, invite="guess")

    assert stores.memberships.of("tea", "u-bob").is_default
    assert "tea" in stores.connections.get("Bob=").rooms


def test_limits_rooms_per_user(make_stores: MakeStores, clock: FakeClock) -> None:
    """A room above the limit is `forbidden`, and nothing is stored.

    If a room of the user is closed, the user can create another.
    """
    stores = make_stores(rooms_per_user=2)
    alice = connect(stores, clock, ALICE)
    for room_id in ("one", "two"):
        stores.room_transactions.create_room(room_id, room_id, creator=alice)

    with pytest.raises(Forbidden):
        stores.room_transactions.create_room("three", "three", creator=alice)
    with pytest.raises(RoomNotFound):
        stores.rooms.get("three")
    stores.rooms.close("one", by=owner(stores, "one"))
    stores.room_transactions.create_room("three", "three", creator=alice)

    assert set(mine(stores, ALICE)) == {"two", "three"}


def test_closes_rooms(stores: Stores, clock: FakeClock, alice: Connection, bob: Connection) -> None:
    """A closed room rejects joins, messages and changes.

    It is in no list, and its id cannot be used again.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    said = SendMessage(room_id="tea", text="hi")
    stores.messages.append(said, sender=ALICE)

    stores.rooms.close("tea", by=owner(stores, "tea"))
    stores.rooms.close("tea", by=owner(stores, "tea"))

    with pytest.raises(RoomNotFound):
        join(stores, "tea", bob)
    with pytest.raises(RoomNotFound):
        stores.messages.append(said, sender=ALICE)
    with pytest.raises(RoomNotFound):
        stores.rooms.update("tea", name="x", publish=False, by=owner(stores, "tea"))
    with pytest.raises(RoomNotFound):
        store_invite(
            stores, "tea", "secret", expires_at=clock.now() + DAY, uses=1, by=owner(stores, "tea")
        )
    with pytest.raises(RoomExists):
        stores.room_transactions.create_room("tea", "Tea", creator=bob)
    assert ids(stores.rooms.public(cursor=None, limit=9)) == []
    assert mine(stores, ALICE) == {}


def test_pages_of_public_rooms_skip_closed_rooms(stores: Stores, alice: Connection) -> None:
    """A page of public rooms is full, even if rooms before its rooms are closed."""
    for room_id in ("a", "b", "c"):
        stores.room_transactions.create_room(room_id, room_id, creator=alice)
    for room_id in ("a", "b"):
        stores.rooms.close(room_id, by=owner(stores, room_id))

    assert stores.rooms.public(cursor=None, limit=1) == Listing(
        (ListedRoom(room=stores.rooms.get("c")),)
    )


def test_purges_the_items_of_a_closed_room(
    stores: Stores, alice: Connection, bob: Connection
) -> None:
    """A purge deletes messages and memberships. The membership *last* is deleted last."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    for n in range(60):
        stores.messages.append(
            SendMessage(room_id="tea", text=str(n), client_message_id=f"m{n}"), sender=ALICE
        )
    stores.rooms.close("tea", by=owner(stores, "tea"))

    assert stores.rooms.purge("tea", last="u-alice")

    assert stores.messages.after("tea", 0, limit=100).messages == ()
    assert stores.memberships.of("tea", "u-alice").is_default
    with pytest.raises(RoomExists):
        stores.room_transactions.create_room("tea", "Tea", creator=bob)


def test_a_ban_races_with_a_join(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A join with a membership that was read before a ban raises `Conflict`."""
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    before = stores.memberships.of("tea", "u-bob")
    old = stores.memberships.of("tea", "u-bob")
    stores.memberships.change(old, type(old)("tea", "u-bob", name="Bob", banned=True), by=old)

    with pytest.raises(Conflict):
        stores.room_transactions.join("tea", connection=bob, membership=before)


def test_deletes_messages(stores: Stores, alice: Connection) -> None:
    """A deletion removes the text of a message. The seq and the sender stay.

    A repeated deletion changes nothing.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    said = stores.messages.append(
        SendMessage(room_id="tea", text="oops", client_message_id="m1"), sender=ALICE
    )

    left = stores.deletions.delete_message(
        stores.messages.get("tea", said.seq), by=Membership("tea", "u-bob")
    )

    assert (left.text, left.seq, left.sender, left.deleted_by) == ("", said.seq, ALICE, "u-bob")
    assert stores.messages.get("tea", said.seq) == left
    assert stores.messages.after("tea", 0, limit=9).messages == (left,)
    assert stores.deletions.delete_message(said, by=owner(stores, "tea")) == left
    again = SendMessage(room_id="tea", text="oops", client_message_id="m1")
    assert stores.messages.append(again, sender=ALICE) == left
    assert stores.deletions.deletions_until("tea", said.seq) == [said.seq]
    assert stores.deletions.deletions_until("tea", said.seq - 1) == []


def test_lists_the_latest_deletions(stores: Stores, clock: FakeClock, alice: Connection) -> None:
    """A room keeps its last 100 deletions.

    The list is complete for a reader that has seen a message sent after the older deletions.
    """
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    said = [say(stores, clock) for _ in range(101)]
    for message in reversed(said[1:]):
        stores.deletions.delete_message(message, by=owner(stores, "tea"))
    assert stores.deletions.deletions_until("tea", 101) == list(range(2, 102))
    since = say(stores, clock)
    clock.advance(seconds=1)

    stores.deletions.delete_message(said[0], by=owner(stores, "tea"))

    assert stores.deletions.deletions_until("tea", since.seq) == list(range(1, 101))
    assert stores.deletions.deletions_until("tea", 101) is None
    assert stores.deletions.deletions_until("tea", 0) == []
