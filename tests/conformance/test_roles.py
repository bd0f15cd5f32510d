"""Roles: which user may do what to which other."""

from typing import Any

import pytest

from tests.conformance.client import ValidatingClient

OWNERS: dict[str, dict[str, Any]] = {
    "setRole": {"role": "member"},
    "updateRoom": {"name": "x"},
    "deleteRoom": {},
}
KEEPERS: dict[str, dict[str, Any]] = {
    "kickMember": {},
    "banMember": {},
    "unbanMember": {},
    "muteMember": {"seconds": 1},
    "inviteMember": {},
    "createInvite": {},
    "listInvites": {},
    "revokeInvite": {"inviteId": "0" * 64},
    "listRoles": {"banned": True},
}
AT_USERS = {"setRole", "kickMember", "banMember", "unbanMember", "muteMember", "inviteMember"}


@pytest.fixture
def at_bob(bob: ValidatingClient, room: str) -> dict[str, str]:
    """Let bob join the room; return the fields of a request about him."""
    bob.get("joinRoom", "roomJoined", roomId=room)
    return {"roomId": room, "userId": bob.user_id()}


def code_of(who: ValidatingClient, action: str, room: str, user_id: str, **fields: Any) -> str:
    about = {"userId": user_id} if action in AT_USERS else {}
    return who.refused(action, roomId=room, **about, **fields)


def test_members_cannot_moderate(
    alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]
) -> None:
    """Members get `forbidden` for all that owners and moderators may do."""
    room, alices = at_bob["roomId"], alice.user_id()
    seq = alice.say(room, "hi")["seq"]

    for action, fields in {**OWNERS, **KEEPERS}.items():
        assert code_of(bob, action, room, alices, **fields) == "forbidden", action
    assert bob.refused("deleteMessage", roomId=room, seq=seq) == "forbidden"


def test_moderators_moderate_lower_ranks(
    alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]
) -> None:
    """A moderator may delete messages of others and list bans, but not act on an owner."""
    room, alices = at_bob["roomId"], alice.user_id()
    seq = alice.say(room, "hi")["seq"]

    given = alice.get("setRole", "roleSet", **at_bob, role="moderator")

    assert given["member"]["role"] == "moderator"
    assert bob.next_event("memberChanged")["member"] == given["member"]
    bob.get("deleteMessage", "messageDeleted", roomId=room, seq=seq)
    bob.get("listRoles", "roles", roomId=room, banned=True)
    for action, fields in OWNERS.items():
        assert code_of(bob, action, room, alices, **fields) == "forbidden", action
    for action, fields in {"kickMember": {}, "banMember": {}, "muteMember": {"seconds": 1}}.items():
        assert code_of(bob, action, room, alices, **fields) == "forbidden", action


def test_roles_are_listed(alice: ValidatingClient, at_bob: dict[str, str]) -> None:
    """`listRoles` returns all users with a role, whether they are connected or not."""
    alice.get("setRole", "roleSet", **at_bob, role="moderator")

    members = alice.get("listRoles", "roles", roomId=at_bob["roomId"])["members"]

    assert {it["userId"]: it["role"] for it in members} == {
        alice.user_id(): "owner",
        at_bob["userId"]: "moderator",
    }


def test_a_room_keeps_an_owner(alice: ValidatingClient, at_bob: dict[str, str]) -> None:
    """The last owner cannot step down, and no user can act on themselves."""
    mine = {"roomId": at_bob["roomId"], "userId": alice.user_id()}

    assert alice.refused("setRole", **mine, role="member") in {"forbidden", "bad_request"}
    assert alice.refused("kickMember", **mine) == "bad_request"
    alice.get("setRole", "roleSet", **at_bob, role="owner")
    alice.get("setRole", "roleSet", **mine, role="member")
    assert alice.refused("updateRoom", roomId=at_bob["roomId"], name="x") == "forbidden"


def test_a_kick(alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]) -> None:
    """A kicked user gets an event, is no longer in the room, and may rejoin a public room."""
    room = at_bob["roomId"]
    alice.next_event("memberJoined")

    alice.get("kickMember", "memberKicked", **at_bob)

    assert bob.next_event("removed")["reason"] == "kicked"
    assert bob.refused("sendMessage", roomId=room, text="hi") == "not_a_member"
    bob.get("joinRoom", "roomJoined", roomId=room)


def test_a_ban(alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]) -> None:
    """A banned user is removed and listed, and `forbidden` to join until the ban is lifted."""
    room = at_bob["roomId"]

    alice.get("banMember", "memberBanned", **at_bob)
    refused = bob.refused("joinRoom", roomId=room)
    banned = alice.get("listRoles", "roles", roomId=room, banned=True)["members"]
    alice.get("unbanMember", "memberUnbanned", **at_bob)

    assert bob.next_event("removed")["reason"] == "banned"
    assert refused == "forbidden"
    assert [it["userId"] for it in banned] == [at_bob["userId"]]
    bob.get("joinRoom", "roomJoined", roomId=room)


def test_a_mute(alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]) -> None:
    """A muted user can only read, until a mute of 0 seconds; the error has `retryAfterMs`."""
    room = at_bob["roomId"]

    muted = alice.get("muteMember", "memberMuted", **at_bob, seconds=600)
    refused = bob.get("sendMessage", "error", roomId=room, text="hi")
    bob.get("getHistory", "history", roomId=room)
    alice.get("muteMember", "memberMuted", **at_bob, seconds=0)

    assert muted["member"]["mutedUntil"]
    assert bob.next_event("memberChanged")["member"] == muted["member"]
    assert refused["code"] == "forbidden"
    assert 0 < refused["retryAfterMs"] <= 600_000
    assert bob.say(room, "hi")["seq"]


def test_own_messages_can_be_deleted(bob: ValidatingClient, at_bob: dict[str, str]) -> None:
    """Every user may delete their own messages."""
    seq = bob.say(at_bob["roomId"], "oops")["seq"]

    bob.get("deleteMessage", "messageDeleted", roomId=at_bob["roomId"], seq=seq)
