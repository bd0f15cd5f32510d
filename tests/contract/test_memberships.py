"""What every implementation of the Standings port promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Forbidden, Raced, RoomNotFound
from chat.protocol import Member, SendMessage
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
    """The owner of the tea room, which is private."""
    alice = connect(stores, clock, ALICE)
    stores.joins.create_room("tea", "Tea", creator=alice, visibility="private")
    return alice


def grant(stores: Stores, user: Member = BOB, **what: object) -> Membership:
    """Change how a user stands in the tea room; how they stand then."""
    old, owner = (stores.memberships.of("tea", who.user_id) for who in (user, ALICE))
    stores.memberships.change(old, replace(old, name=user.name, **what), by=owner)  # type: ignore[arg-type]  # its fields
    return stores.memberships.of("tea", user.user_id)


def test_creators_own(stores: Stores) -> None:
    """Who has opened a room owns it; others are nobody in particular, also where there is none."""
    owner = stores.memberships.of("tea", "u-alice")

    assert (owner.role, owner.name, owner.is_owner) == ("owner", "Alice", True)
    assert stores.memberships.of("tea", "u-bob") == Membership("tea", "u-bob")
    assert stores.memberships.of("nowhere", "u-bob") == Membership("nowhere", "u-bob")


def test_changes_are_kept(stores: Stores, clock: FakeClock) -> None:
    """Role, ban and mute are read back; a mute ends by itself; plain is as if nothing was."""
    until = clock.now() + timedelta(minutes=5)

    assert grant(stores, role="moderator").can_moderate
    muted = grant(stores, muted_until=until)
    assert (muted.role, muted.muted_until) == ("moderator", until)
    clock.advance(minutes=5)
    assert stores.memberships.of("tea", "u-bob").muted_until is None
    assert grant(stores, role=None, muted_until=None, banned=True).banned
    assert grant(stores, banned=False) == Membership("tea", "u-bob")


def test_who_was_faster_counts(stores: Stores) -> None:
    """A change of what has changed meanwhile is `Raced`, also back to what it was before."""
    nobody = stores.memberships.of("tea", "u-bob")
    member = grant(stores, role="member")

    with pytest.raises(Raced):
        stores.memberships.change(nobody, replace(nobody, role="moderator"), by=nobody)
    grant(stores, role=None)
    again = grant(stores, role="member")
    with pytest.raises(Raced):
        stores.memberships.change(member, replace(member, role="moderator"), by=member)

    assert stores.memberships.of("tea", "u-bob") == again


def test_whose_rights_were_taken_changes_nothing(stores: Stores, clock: FakeClock) -> None:
    """What somebody may do is a condition of what they do; another change of theirs is one too."""
    grant(stores, role="owner")
    bob, nobody = (stores.memberships.of("tea", id_) for id_ in ("u-bob", "u-carol"))
    said = stores.messages.append(SendMessage(room_id="tea", text="hi"), sender=ALICE)
    grant(stores, role="member")

    with pytest.raises(Raced):
        stores.memberships.change(nobody, replace(nobody, role="owner"), by=bob)
    with pytest.raises(Raced):
        stores.rooms.update("tea", name="Mine", publish=True, by=bob)
    with pytest.raises(Raced):
        stores.rooms.create_invite("tea", "secret", expires_at=clock.now(), uses=1, by=bob)
    with pytest.raises(Raced):
        stores.rooms.close("tea", by=bob)
    with pytest.raises(Raced):
        stores.deletions.delete_message(said, by=bob)

    assert stores.memberships.of("tea", "u-carol").is_default
    assert stores.messages.get("tea", said.seq) == said
    assert (stores.rooms.get("tea").name, stores.rooms.get("tea").visibility) == (
        "Tea",
        "private",
    )


def test_own_words_need_no_rights(stores: Stores) -> None:
    """What somebody said they take back however they stand, and whatever becomes of that."""
    said = stores.messages.append(SendMessage(room_id="tea", text="hi"), sender=BOB)
    before = stores.memberships.of("tea", "u-bob")
    grant(stores, role="member")

    assert stores.deletions.delete_message(said, by=before).deleted_by == "u-bob"


def test_who_comes_has_their_own_name(stores: Stores, clock: FakeClock) -> None:
    """Whatever somebody else has called them until then; a name that is right changes nothing."""
    bob = connect(stores, clock, BOB)
    invited = grant(stores, Member(user_id="u-bob", name="Robert"), role="member")

    stores.joins.join("tea", connection=bob, membership=invited)

    named = stores.memberships.of("tea", "u-bob")
    assert (named.name, named.role) == ("Bob", "member")
    stores.joins.join("tea", connection=connect(stores, clock, BOB, "b2="), membership=named)
    assert stores.memberships.of("tea", "u-bob") == named
    assert stores.subscribers.display_name("tea", "u-bob") == "Bob"
    assert stores.subscribers.display_name("tea", "u-carol") is None


def test_a_room_keeps_an_owner(stores: Stores) -> None:
    """The last owner cannot step down or go; one of two can."""
    for role in ("moderator", "member", None):
        with pytest.raises(Forbidden):
            grant(stores, ALICE, role=role)
    grant(stores, BOB, role="owner")

    assert grant(stores, ALICE, role="member").role == "member"
    with pytest.raises(Forbidden):
        grant(stores, BOB, role=None)


def test_nobody_stands_nowhere(stores: Stores) -> None:
    """A change in a room that there is not is `room_not_found`."""
    old = Membership("nowhere", "u-bob")

    with pytest.raises(RoomNotFound):
        stores.memberships.change(old, replace(old, role="member"), by=old)
    with pytest.raises(RoomNotFound):
        stores.memberships.change(replace(old, role="owner"), old, by=old)


def test_join_as_one_stands(stores: Stores, clock: FakeClock) -> None:
    """A private room is open to members alone, and as what they are now, not what they were."""
    bob = connect(stores, clock, BOB)
    nobody = stores.memberships.of("tea", "u-bob")

    with pytest.raises(RoomNotFound):
        stores.joins.join("tea", connection=bob, membership=nobody)
    member = grant(stores, role="member")
    with pytest.raises(Raced):
        stores.joins.join("tea", connection=bob, membership=nobody)
    grant(stores, role=None)
    with pytest.raises(Raced):
        stores.joins.join("tea", connection=bob, membership=member)
    stores.joins.join("tea", connection=bob, membership=grant(stores, role="moderator"))

    roles = {a.member.name: a.member.role for a in stores.subscribers.of("tea")}
    assert roles == {"Alice": "owner", "Bob": "moderator"}


def test_the_banned_stay_out(stores: Stores, clock: FakeClock) -> None:
    """Of a public room they hear why, of a private one what strangers hear; no invite helps."""
    bob = connect(stores, clock, BOB)
    owner, tomorrow = stores.memberships.of("tea", "u-alice"), clock.now() + timedelta(days=1)
    stores.rooms.create_invite("tea", "secret", expires_at=tomorrow, uses=1, by=owner)
    banned = grant(stores, banned=True)

    for invite in (None, "secret"):
        with pytest.raises(RoomNotFound):
            stores.joins.join("tea", connection=bob, membership=banned, invite=invite)
    stores.rooms.update("tea", name=None, publish=True, by=owner)
    with pytest.raises(Forbidden):
        stores.joins.join("tea", connection=bob, membership=banned)

    assert [a.member.name for a in stores.subscribers.of("tea")] == ["Alice"]
    assert stores.connections.get("Bob=").rooms == frozenset()


def test_expels_every_connection(stores: Stores, clock: FakeClock) -> None:
    """All of a user's devices are out of that room, and of no other; once more finds nobody."""
    grant(stores, role="member")
    for id_ in ("b1=", "b2="):
        bob = connect(stores, clock, BOB, id_)
        stores.joins.join("tea", connection=bob, membership=stores.memberships.of("tea", "u-bob"))
    stores.joins.create_room("milk", "Milk", creator=bob)

    assert sorted(stores.subscribers.unsubscribe_user("tea", "u-bob")) == ["b1=", "b2="]

    assert [a.member.name for a in stores.subscribers.of("tea")] == ["Alice"]
    assert stores.connections.get("b1=").rooms == frozenset()
    assert stores.connections.get("b2=").rooms == {"milk"}
    assert list(stores.subscribers.unsubscribe_user("tea", "u-bob")) == []


def test_marks_every_connection(stores: Stores, clock: FakeClock) -> None:
    """What changes reaches the devices that are in the room, and those that come later."""
    until = clock.now() + timedelta(minutes=5)
    here, late = (connect(stores, clock, BOB, id_) for id_ in ("b1=", "b2="))
    stores.joins.join("tea", connection=here, membership=grant(stores, role="member"))

    membership = grant(stores, role="moderator", muted_until=until)
    stores.subscribers.set_membership(membership)
    stores.joins.join("tea", connection=late, membership=membership)

    people = {a.connection_id: a.member for a in stores.subscribers.of("tea")}
    assert people["b1="] == people["b2="] == membership.member
    assert stores.connections.get("b1=").muted == {"tea": until}
    assert stores.connections.get("b2=").muted == {"tea": until}
    stores.subscribers.set_membership(grant(stores, muted_until=None))
    assert stores.connections.get("b1=").muted == {}


def test_lists_roles_and_bans(stores: Stores) -> None:
    """Each in pages of up to 100 in one order, the others in neither."""
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
