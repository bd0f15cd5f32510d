"""Roles: who may do what to whom."""

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
    "listRoles": {"banned": True},
}
AT_USERS = {"setRole", "kickMember", "banMember", "unbanMember", "muteMember", "inviteMember"}


@pytest.fixture
def at_bob(bob: ValidatingClient, room: str) -> dict[str, str]:
    """Bob is in the room; the fields of a request that is about him."""
    bob.get("joinRoom", "roomJoined", roomId=room)
    return {"roomId": room, "userId": bob.user_id()}


def code_of(who: ValidatingClient, action: str, room: str, user_id: str, **fields: Any) -> str:
    about = {"userId": user_id} if action in AT_USERS else {}
    return who.refused(action, roomId=room, **about, **fields)


def test_members_rule_nobody(
    alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]
) -> None:
    """What is for owners and moderators is `forbidden` to members, deleting others' words too."""
    room, alices = at_bob["roomId"], alice.user_id()
    seq = alice.say(room, "hi")["seq"]

    for action, fields in {**OWNERS, **KEEPERS}.items():
        assert code_of(bob, action, room, alices, **fields) == "forbidden", action
    assert bob.refused("deleteMessage", roomId=room, seq=seq) == "forbidden"


def test_moderators_keep_order(
    alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]
) -> None:
    """A moderator may delete others' words and see bans, and does not stand above an owner."""
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
    """`listRoles` has who has a role, present or not."""
    alice.get("setRole", "roleSet", **at_bob, role="moderator")

    members = alice.get("listRoles", "roles", roomId=at_bob["roomId"])["members"]

    assert {it["userId"]: it["role"] for it in members} == {
        alice.user_id(): "owner",
        at_bob["userId"]: "moderator",
    }


def test_a_room_keeps_an_owner(alice: ValidatingClient, at_bob: dict[str, str]) -> None:
    """The last owner cannot step down, and nobody acts on themselves."""
    mine = {"roomId": at_bob["roomId"], "userId": alice.user_id()}

    assert alice.refused("setRole", **mine, role="member") in {"forbidden", "bad_request"}
    assert alice.refused("kickMember", **mine) == "bad_request"
    alice.get("setRole", "roleSet", **at_bob, role="owner")
    alice.get("setRole", "roleSet", **mine, role="member")
    assert alice.refused("updateRoom", roomId=at_bob["roomId"], name="x") == "forbidden"


def test_a_kick(alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]) -> None:
    """Who is kicked is told, is out, and may come back into a public room."""
    room = at_bob["roomId"]
    alice.next_event("memberJoined")

    alice.get("kickMember", "memberKicked", **at_bob)

    assert bob.next_event("removed")["reason"] == "kicked"
    assert bob.refused("sendMessage", roomId=room, text="hi") == "not_a_member"
    bob.get("joinRoom", "roomJoined", roomId=room)


def test_a_ban(alice: ValidatingClient, bob: ValidatingClient, at_bob: dict[str, str]) -> None:
    """Who is banned is out, listed as such and `forbidden` to join, until it is lifted."""
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
    """Who is muted reads and is `forbidden` to speak, with `retryAfterMs`; 0 seconds lift it."""
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


def test_ones_own_words(bob: ValidatingClient, at_bob: dict[str, str]) -> None:
    """Everybody may delete what they said themselves."""
    seq = bob.say(at_bob["roomId"], "oops")["seq"]

    bob.get("deleteMessage", "messageDeleted", roomId=at_bob["roomId"], seq=seq)
