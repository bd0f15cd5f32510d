"""What every implementation of the Directory port promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.errors import Forbidden, Raced, RoomExists, RoomNotFound
from chat.protocol import ListedRoom, Member, Message, SendMessage
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
    stores.rooms.connect(connection)
    return connection


def join(stores: Stores, room_id: str, who: Connection, invite: str | None = None) -> None:
    membership = stores.memberships.of(room_id, who.member.user_id)
    stores.rooms.join(room_id, connection=who, membership=membership, invite=invite)


def owner(stores: Stores, room_id: str) -> Membership:
    return stores.memberships.of(room_id, "u-alice")


def ids(listing: Listing[ListedRoom]) -> list[str]:
    return [entry.room.room_id for entry in listing.entries]


def mine(stores: Stores, user: Member) -> dict[str, str | None]:
    listing = stores.directory.mine(user.user_id, cursor=None, limit=100)
    return {entry.room.room_id: entry.role for entry in listing.entries}


def say(stores: Stores, clock: FakeClock) -> Message:
    """A message of a second of its own."""
    clock.advance(seconds=1)
    return stores.rooms.append(SendMessage(room_id="tea", text="oops"), sender=ALICE)


def test_lists_public_rooms_in_pages(stores: Stores, alice: Connection) -> None:
    """Every public room once, by its id, and no private one."""
    for room_id in ("b", "a", "c"):
        stores.rooms.create(room_id, room_id, creator=alice)
    stores.rooms.create("hidden", "Hidden", creator=alice, visibility="private")

    first = stores.directory.public(cursor=None, limit=2)
    second = stores.directory.public(cursor=first.cursor, limit=2)

    assert (ids(first), ids(second)) == (["a", "b"], ["c"])
    assert second.cursor is None
    assert first.entries[0].room == stores.rooms.room("a")
    assert stores.directory.public(cursor=None, limit=3).cursor is None


def test_lists_own_rooms(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """Those with a role for good, those visited for 90 days; each user their own."""
    stores.rooms.create("tea", "Tea", creator=alice)
    stores.rooms.create("milk", "Milk", creator=bob, visibility="private")
    join(stores, "tea", bob)

    assert mine(stores, ALICE) == {"tea": "owner"}
    assert mine(stores, BOB) == {"milk": "owner", "tea": None}
    clock.advance(days=90)
    assert mine(stores, BOB) == {"milk": "owner"}


def test_forgets_rooms_left_for_good(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A visitor that goes, is put out, or banned, has the room no more among their own."""
    stores.rooms.create("tea", "Tea", creator=alice)
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


def test_keeps_rooms_of_the_muted(stores: Stores, clock: FakeClock, bob: Connection) -> None:
    """Who may not speak for a while has the room among their own as before."""
    stores.rooms.create("tea", "Tea", creator=connect(stores, clock, ALICE))
    join(stores, "tea", bob)
    visitor = stores.memberships.of("tea", "u-bob")
    muted = replace(visitor, name="Bob", muted_until=clock.now() + DAY)

    stores.memberships.change(visitor, muted, by=owner(stores, "tea"))

    assert mine(stores, BOB) == {"tea": None}


def test_renames_and_publishes(stores: Stores, alice: Connection) -> None:
    """A new name is the room's name; a published room is listed, and open to all."""
    created = stores.rooms.create("tea", "Tea", creator=alice, visibility="private")

    renamed = stores.directory.update("tea", name="Coffee", publish=False, by=owner(stores, "tea"))
    assert (renamed.name, renamed.visibility, renamed.epoch) == ("Coffee", "private", created.epoch)
    assert ids(stores.directory.public(cursor=None, limit=9)) == []
    public = stores.directory.update("tea", name=None, publish=True, by=owner(stores, "tea"))

    assert (public.name, public.visibility) == ("Coffee", "public")
    assert stores.rooms.room("tea") == public
    assert ids(stores.directory.public(cursor=None, limit=9)) == ["tea"]
    with pytest.raises(RoomNotFound):
        stores.directory.update("nowhere", name="x", publish=True, by=owner(stores, "nowhere"))
    assert ids(stores.directory.public(cursor=None, limit=9)) == ["tea"]


def test_invites_let_in(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """Who has the secret becomes a member, as many as it says; a member uses none of it."""
    carol = connect(stores, clock, Member(user_id="u-carol", name="Carol"))
    stores.rooms.create("tea", "Tea", creator=alice, visibility="private")
    stores.directory.invite(
        "tea", "secret", expires_at=clock.now() + DAY, uses=1, by=owner(stores, "tea")
    )

    with pytest.raises(RoomNotFound):
        join(stores, "tea", bob, invite="guess")
    join(stores, "tea", bob, invite="secret")
    stores.rooms.leave("tea", connection=bob)
    join(stores, "tea", bob, invite="secret")
    with pytest.raises(RoomNotFound):
        join(stores, "tea", carol, invite="secret")

    assert stores.memberships.of("tea", "u-bob").role == "member"
    assert mine(stores, BOB) == {"tea": "member"}
    assert stores.rooms.connection("Carol=").rooms == frozenset()
    assert stores.memberships.of("tea", "u-carol").is_plain


def test_invites_end(stores: Stores, clock: FakeClock, alice: Connection, bob: Connection) -> None:
    """An invite counts until its time, for its room alone, and for none that there is not."""
    stores.rooms.create("tea", "Tea", creator=alice, visibility="private")
    stores.rooms.create("milk", "Milk", creator=alice, visibility="private")
    stores.directory.invite(
        "tea", "secret", expires_at=clock.now() + DAY, uses=9, by=owner(stores, "tea")
    )

    with pytest.raises(RoomNotFound):
        join(stores, "milk", bob, invite="secret")
    clock.advance(days=1)
    fresh = connect(stores, clock, BOB)
    with pytest.raises(RoomNotFound):
        join(stores, "tea", fresh, invite="secret")
    with pytest.raises(RoomNotFound):
        stores.directory.invite(
            "nowhere", "secret", expires_at=clock.now() + DAY, uses=1, by=owner(stores, "nowhere")
        )


def test_public_rooms_use_no_invite(
    stores: Stores, clock: FakeClock, alice: Connection, bob: Connection
) -> None:
    """A good secret is not used up where everybody may come in, and makes nobody a member."""
    carol = connect(stores, clock, Member(user_id="u-carol", name="Carol"))
    stores.rooms.create("tea", "Tea", creator=alice, visibility="private")
    stores.directory.invite(
        "tea", "secret", expires_at=clock.now() + DAY, uses=1, by=owner(stores, "tea")
    )
    stores.directory.update("tea", name=None, publish=True, by=owner(stores, "tea"))

    for who in (bob, carol):
        join(stores, "tea", who, invite="secret")

    assert stores.memberships.of("tea", "u-bob").is_plain
    assert len(stores.rooms.audience("tea")) == 3


def test_public_rooms_need_no_invite(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A secret that does not count keeps nobody out of a public room, and makes nobody a member."""
    stores.rooms.create("tea", "Tea", creator=alice)

    join(stores, "tea", bob, invite="guess")

    assert stores.memberships.of("tea", "u-bob").is_plain
    assert "tea" in stores.rooms.connection("Bob=").rooms


def test_limits_rooms_per_user(make_stores: MakeStores, clock: FakeClock) -> None:
    """One room too many is `forbidden` and makes nothing; ending one makes place."""
    stores = make_stores(rooms_per_user=2)
    alice = connect(stores, clock, ALICE)
    for room_id in ("one", "two"):
        stores.rooms.create(room_id, room_id, creator=alice)

    with pytest.raises(Forbidden):
        stores.rooms.create("three", "three", creator=alice)
    with pytest.raises(RoomNotFound):
        stores.rooms.room("three")
    stores.directory.close("one", by=owner(stores, "one"))
    stores.rooms.create("three", "three", creator=alice)

    assert set(mine(stores, ALICE)) == {"two", "three"}


def test_ends_rooms(stores: Stores, clock: FakeClock, alice: Connection, bob: Connection) -> None:
    """Nobody joins, speaks or changes anything there; no list has it; its id is used up."""
    stores.rooms.create("tea", "Tea", creator=alice)
    said = SendMessage(room_id="tea", text="hi")
    stores.rooms.append(said, sender=ALICE)

    stores.directory.close("tea", by=owner(stores, "tea"))
    stores.directory.close("tea", by=owner(stores, "tea"))

    with pytest.raises(RoomNotFound):
        join(stores, "tea", bob)
    with pytest.raises(RoomNotFound):
        stores.rooms.append(said, sender=ALICE)
    with pytest.raises(RoomNotFound):
        stores.directory.update("tea", name="x", publish=False, by=owner(stores, "tea"))
    with pytest.raises(RoomNotFound):
        stores.directory.invite(
            "tea", "secret", expires_at=clock.now() + DAY, uses=1, by=owner(stores, "tea")
        )
    with pytest.raises(RoomExists):
        stores.rooms.create("tea", "Tea", creator=bob)
    assert ids(stores.directory.public(cursor=None, limit=9)) == []
    assert mine(stores, ALICE) == {}


def test_ended_rooms_take_no_place_in_the_list(stores: Stores, alice: Connection) -> None:
    """A page of public rooms is full, though rooms before them have ended."""
    for room_id in ("a", "b", "c"):
        stores.rooms.create(room_id, room_id, creator=alice)
    for room_id in ("a", "b"):
        stores.directory.close(room_id, by=owner(stores, room_id))

    assert stores.directory.public(cursor=None, limit=1) == Listing(
        (ListedRoom(room=stores.rooms.room("c")),)
    )


def test_purges_what_a_room_leaves(stores: Stores, alice: Connection, bob: Connection) -> None:
    """Messages and standings go, the one named at the very end."""
    stores.rooms.create("tea", "Tea", creator=alice)
    for n in range(60):
        stores.rooms.append(
            SendMessage(room_id="tea", text=str(n), client_message_id=f"m{n}"), sender=ALICE
        )
    stores.directory.close("tea", by=owner(stores, "tea"))

    assert stores.directory.purge("tea", last="u-alice")

    assert stores.rooms.after("tea", 0, limit=100).messages == ()
    assert stores.memberships.of("tea", "u-alice").is_plain
    with pytest.raises(RoomExists):
        stores.rooms.create("tea", "Tea", creator=bob)


def test_standings_race_with_joins(stores: Stores, alice: Connection, bob: Connection) -> None:
    """A join by what was read before a ban finds out."""
    stores.rooms.create("tea", "Tea", creator=alice)
    before = stores.memberships.of("tea", "u-bob")
    old = stores.memberships.of("tea", "u-bob")
    stores.memberships.change(old, type(old)("tea", "u-bob", name="Bob", banned=True), by=old)

    with pytest.raises(Raced):
        stores.rooms.join("tea", connection=bob, membership=before)


def test_takes_messages_back(stores: Stores, alice: Connection) -> None:
    """Text goes, place and sender stay; twice is once; what is not there cannot go."""
    stores.rooms.create("tea", "Tea", creator=alice)
    said = stores.rooms.append(
        SendMessage(room_id="tea", text="oops", client_message_id="m1"), sender=ALICE
    )

    left = stores.rooms.take_back(
        stores.rooms.message("tea", said.seq), by=Membership("tea", "u-bob")
    )

    assert (left.text, left.seq, left.sender, left.deleted_by) == ("", said.seq, ALICE, "u-bob")
    assert stores.rooms.message("tea", said.seq) == left
    assert stores.rooms.after("tea", 0, limit=9).messages == (left,)
    assert stores.rooms.take_back(said, by=owner(stores, "tea")) == left
    again = SendMessage(room_id="tea", text="oops", client_message_id="m1")
    assert stores.rooms.append(again, sender=ALICE) == left
    assert stores.rooms.deleted("tea", said.seq) == [said.seq]
    assert stores.rooms.deleted("tea", said.seq - 1) == []


def test_tells_the_latest_deletions(stores: Stores, clock: FakeClock, alice: Connection) -> None:
    """The last hundred, of whatever messages; older ones only to who has seen a message since."""
    stores.rooms.create("tea", "Tea", creator=alice)
    said = [say(stores, clock) for _ in range(101)]
    for message in reversed(said[1:]):
        stores.rooms.take_back(message, by=owner(stores, "tea"))
    assert stores.rooms.deleted("tea", 101) == list(range(2, 102))
    since = say(stores, clock)
    clock.advance(seconds=1)

    stores.rooms.take_back(said[0], by=owner(stores, "tea"))

    assert stores.rooms.deleted("tea", since.seq) == list(range(1, 101))
    assert stores.rooms.deleted("tea", 101) is None
    assert stores.rooms.deleted("tea", 0) == []
