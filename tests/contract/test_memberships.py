"""The contract of the ports Memberships and Subscribers: roles, bans and mutes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Conflict, Forbidden, RoomNotFound
from chat.protocol import Member, SendMessage
from tests.contract.stored_invites import store_invite
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import Stores

pytestmark = pytest.mark.usefixtures("alice")

ALICE = Member(user_id="u-alice", name="Alice")
BOB = Member(user_id="u-bob", name="Bob")


def connect(
    stores: Stores, clock: FakeClock, member: Member, connection_id: str = ""
) -> Connection:
    connection = Connection(connection_id or f"{member.name}=", member, clock.now())
    stores.handshakes.open(connection)
    return connection


@pytest.fixture
def alice(stores: Stores, clock: FakeClock) -> Connection:
    """The connection of the owner of the tea room, which is private."""
    alice = connect(stores, clock, ALICE)
    stores.room_transactions.create_room("tea", "Tea", creator=alice, visibility="private")
    return alice


def grant(stores: Stores, user: Member = BOB, **changes: object) -> Membership:
    """Change the membership of *user* in the tea room and return the new membership."""
    old, owner = (stores.memberships.of("tea", who.user_id) for who in (user, ALICE))
    stores.memberships.change(old, replace(old, name=user.name, **changes), by=owner)  # type: ignore[arg-type]  # its fields
    return stores.memberships.of("tea", user.user_id)


def test_the_creator_is_the_owner(stores: Stores) -> None:
    """The creator of a room is its owner. Every other user has the default membership.

    In a room that does not exist, a user has the default membership too.
    """
    owner = stores.memberships.of("tea", "u-alice")

    assert (owner.role, owner.name, owner.is_owner) == ("owner", "Alice", True)
    assert stores.memberships.of("tea", "u-bob") == Membership("tea", "u-bob")
    assert stores.memberships.of("nowhere", "u-bob") == Membership("nowhere", "u-bob")


def test_changes_are_kept(stores: Stores, clock: FakeClock) -> None:
    """A changed role, ban or mute is stored. A mute ends at its time.

    A membership without role, ban and mute equals the default membership.
    """
    until = clock.now() + timedelta(minutes=5)

    assert grant(stores, role="moderator").can_moderate
    muted = grant(stores, muted_until=until)
    assert (muted.role, muted.muted_until) == ("moderator", until)
    clock.advance(minutes=5)
    assert stores.memberships.of("tea", "u-bob").muted_until is None
    assert grant(stores, role=None, muted_until=None, banned=True).banned
    assert grant(stores, banned=False) == Membership("tea", "u-bob")


def test_concurrent_changes_race(stores: Stores) -> None:
    """A change of a membership that changed since it was read raises `Conflict`.

    It also raises if the membership changed back to its old value.
    """
    default = stores.memberships.of("tea", "u-bob")
    member = grant(stores, role="member")

    with pytest.raises(Conflict):
        stores.memberships.change(default, replace(default, role="moderator"), by=default)
    grant(stores, role=None)
    again = grant(stores, role="member")
    with pytest.raises(Conflict):
        stores.memberships.change(member, replace(member, role="moderator"), by=member)

    assert stores.memberships.of("tea", "u-bob") == again


def test_an_actor_without_the_role_changes_nothing(stores: Stores, clock: FakeClock) -> None:
    """Every action of a user fails if their membership changed since it was read."""
    grant(stores, role="owner")
    bob, default = (stores.memberships.of("tea", id_) for id_ in ("u-bob", "u-carol"))
    said = stores.messages.append(SendMessage(room_id="tea", text="hi"), sender=ALICE)
    grant(stores, role="member")

    with pytest.raises(Conflict):
        stores.memberships.change(default, replace(default, role="owner"), by=bob)
    with pytest.raises(Conflict):
        stores.rooms.update("tea", name="Mine", publish=True, by=bob)
    with pytest.raises(Conflict):
        store_invite(stores, "tea", "secret", expires_at=clock.now(), uses=1, by=bob)
    with pytest.raises(Conflict):
        stores.rooms.close("tea", by=bob)
    with pytest.raises(Conflict):
        stores.deletions.delete_message(said, by=bob)

    assert stores.memberships.of("tea", "u-carol").is_default
    assert stores.messages.get("tea", said.seq) == said
    assert (stores.rooms.get("tea").name, stores.rooms.get("tea").visibility) == (
        "Tea",
        "private",
    )


def test_deleting_own_messages_needs_no_permission(stores: Stores) -> None:
    """A user can delete their own message, even if their membership changed since it was read."""
    said = stores.messages.append(SendMessage(room_id="tea", text="hi"), sender=BOB)
    before = stores.memberships.of("tea", "u-bob")
    grant(stores, role="member")

    assert stores.deletions.delete_message(said, by=before).deleted_by == "u-bob"


def test_a_join_sets_the_name_of_the_user(stores: Stores, clock: FakeClock) -> None:
    """A join replaces the name that another user chose for the member.

    If the name is the same, the join does not change the membership.
    """
    bob = connect(stores, clock, BOB)
    invited = grant(stores, Member(user_id="u-bob", name="Robert"), role="member")

    stores.room_transactions.join("tea", connection=bob, membership=invited)

    named = stores.memberships.of("tea", "u-bob")
    assert (named.name, named.role) == ("Bob", "member")
    stores.room_transactions.join(
        "tea", connection=connect(stores, clock, BOB, "b2="), membership=named
    )
    assert stores.memberships.of("tea", "u-bob") == named
    assert stores.subscribers.display_name("tea", "u-bob") == "Bob"
    assert stores.subscribers.display_name("tea", "u-carol") is None


def test_a_room_keeps_an_owner(stores: Stores) -> None:
    """The last owner cannot give up the role or leave. One of two owners can."""
    for role in ("moderator", "member", None):
        with pytest.raises(Forbidden):
            grant(stores, ALICE, role=role)
    grant(stores, BOB, role="owner")

    assert grant(stores, ALICE, role="member").role == "member"
    with pytest.raises(Forbidden):
        grant(stores, BOB, role=None)


def test_a_room_that_does_not_exist_has_no_members(stores: Stores) -> None:
    """A change in a room that does not exist is `room_not_found`."""
    old = Membership("nowhere", "u-bob")

    with pytest.raises(RoomNotFound):
        stores.memberships.change(old, replace(old, role="member"), by=old)
    with pytest.raises(RoomNotFound):
        stores.memberships.change(replace(old, role="owner"), old, by=old)


def test_a_join_needs_the_current_membership(stores: Stores, clock: FakeClock) -> None:
    """Only a member can join a private room, and only with the current membership."""
    bob = connect(stores, clock, BOB)
    default = stores.memberships.of("tea", "u-bob")

    with pytest.raises(RoomNotFound):
        stores.room_transactions.join("tea", connection=bob, membership=default)
    member = grant(stores, role="member")
    with pytest.raises(Conflict):
        stores.room_transactions.join("tea", connection=bob, membership=default)
    grant(stores, role=None)
    with pytest.raises(Conflict):
        stores.room_transactions.join("tea", connection=bob, membership=member)
    stores.room_transactions.join("tea", connection=bob, membership=grant(stores, role="moderator"))

    roles = {a.member.name: a.member.role for a in stores.subscribers.of("tea")}
    assert roles == {"Alice": "owner", "Bob": "moderator"}


def test_banned_users_cannot_join(stores: Stores, clock: FakeClock) -> None:
    """A banned user who joins a public room gets `forbidden`.

    For a private room the error is `room_not_found`, also with an invite.
    """
    bob = connect(stores, clock, BOB)
    owner, tomorrow = stores.memberships.of("tea", "u-alice"), clock.now() + timedelta(days=1)
    store_invite(stores, "tea", "secret", expires_at=tomorrow, uses=1, by=owner)
    banned = grant(stores, banned=True)

    for invite in (None, "secret"):
        with pytest.raises(RoomNotFound):
            stores.room_transactions.join("tea", connection=bob, membership=banned, invite=invite)
    stores.rooms.update("tea", name=None, publish=True, by=owner)
    with pytest.raises(Forbidden):
        stores.room_transactions.join("tea", connection=bob, membership=banned)

    assert [a.member.name for a in stores.subscribers.of("tea")] == ["Alice"]
    assert stores.connections.get("Bob=").rooms == frozenset()


def test_unsubscribes_every_connection_of_a_user(stores: Stores, clock: FakeClock) -> None:
    """All connections of the user leave that room, and no other room.

    A repeated call finds no connection.
    """
    grant(stores, role="member")
    for id_ in ("b1=", "b2="):
        bob = connect(stores, clock, BOB, id_)
        stores.room_transactions.join(
            "tea", connection=bob, membership=stores.memberships.of("tea", "u-bob")
        )
    stores.room_transactions.create_room("milk", "Milk", creator=bob)

    assert sorted(stores.subscribers.unsubscribe_user("tea", "u-bob")) == ["b1=", "b2="]

    assert [a.member.name for a in stores.subscribers.of("tea")] == ["Alice"]
    assert stores.connections.get("b1=").rooms == frozenset()
    assert stores.connections.get("b2=").rooms == {"milk"}
    assert list(stores.subscribers.unsubscribe_user("tea", "u-bob")) == []


def test_a_changed_membership_reaches_every_connection(stores: Stores, clock: FakeClock) -> None:
    """A changed membership reaches the connections in the room, and those that join later."""
    until = clock.now() + timedelta(minutes=5)
    here, late = (connect(stores, clock, BOB, id_) for id_ in ("b1=", "b2="))
    stores.room_transactions.join("tea", connection=here, membership=grant(stores, role="member"))

    membership = grant(stores, role="moderator", muted_until=until)
    stores.subscribers.set_membership(membership)
    stores.room_transactions.join("tea", connection=late, membership=membership)

    people = {a.connection_id: a.member for a in stores.subscribers.of("tea")}
    assert people["b1="] == people["b2="] == membership.member
    assert stores.connections.get("b1=").muted == {"tea": until}
    assert stores.connections.get("b2=").muted == {"tea": until}
    stores.subscribers.set_membership(grant(stores, muted_until=None))
    assert stores.connections.get("b1=").muted == {}


def test_lists_roles_and_bans(stores: Stores) -> None:
    """Roles and bans are listed in pages of up to 100 users, ordered by id.

    A user without a role or a ban is in neither list.
    """
    for n in range(120):
        grant(stores, Member(user_id=f"u{n:03}", name=f"U{n}"), role="member")
    grant(stores, BOB, banned=True)

    first = stores.memberships.listed("tea", banned=False, cursor=None)
    second = stores.memberships.listed("tea", banned=False, cursor=first.cursor)
    banned = stores.memberships.listed("tea", banned=True, cursor=None)

    ids = [s.user_id for s in (*first.entries, *second.entries)]
    assert ids == ["u-alice", *(f"u{n:03}" for n in range(120))]
    assert (len(first.entries), second.cursor) == (100, None)
    assert [s.user_id for s in banned.entries] == ["u-bob"]
