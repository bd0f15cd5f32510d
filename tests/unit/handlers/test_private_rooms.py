"""Private rooms: who may know of them, and how one comes in."""

from typing import Any

import pytest

from tests.support.harness import Chat, Frame


@pytest.fixture
def den(chat: Chat) -> str:
    """Alice's private room; its id."""
    room = chat.says("alice", {"action": "createRoom", "name": "Den", "visibility": "private"})
    return str(room["room"]["roomId"])


def invite(chat: Chat, room_id: str, **fields: Any) -> str:
    made = chat.says("alice", {"action": "createInvite", "roomId": room_id, **fields})
    return str(made["invite"])


def join(chat: Chat, who: str, room_id: str, **fields: Any) -> Frame:
    return chat.says(who, {"action": "joinRoom", "roomId": room_id, **fields})


def test_is_private(chat: Chat, den: str) -> None:
    """Its id is long and random, it says what it is, and its creator owns it."""
    room = join(chat, "alice", den)["room"]

    assert (len(den), room["visibility"]) == (40, "private")


def test_has_no_id_of_choice(chat: Chat) -> None:
    """An id that can be guessed would give the room away."""
    reply = chat.says("alice", {"action": "createRoom", "roomId": "den", "visibility": "private"})

    assert (reply["code"], reply["message"].split(":")[0]) == ("bad_request", "$.roomId")


@pytest.mark.parametrize(
    "frame",
    [
        {"action": "joinRoom"},
        {"action": "joinRoom", "after": 0, "epoch": "e"},
        {"action": "joinRoom", "invite": "guess"},
        {"action": "leaveRoom"},
        {"action": "leaveRoom", "forGood": True},
        {"action": "sendMessage", "text": "hi"},
        {"action": "getHistory"},
        {"action": "listMembers"},
        {"action": "listRoles"},
        {"action": "listRoles", "banned": True},
        {"action": "updateRoom", "name": "Mine"},
        {"action": "deleteRoom"},
        {"action": "inviteMember", "userId": "u"},
        {"action": "createInvite"},
        {"action": "setRole", "userId": "u", "role": "owner"},
        {"action": "kickMember", "userId": "u"},
        {"action": "banMember", "userId": "u"},
        {"action": "unbanMember", "userId": "u"},
        {"action": "muteMember", "userId": "u", "seconds": 60},
        {"action": "deleteMessage", "seq": 1},
    ],
    ids=lambda frame: "-".join(str(value) for value in frame.values()),
)
def test_strangers_cannot_tell_it_from_none(chat: Chat, den: str, frame: Frame) -> None:
    """Whatever a stranger asks of it, the answer is that of a room that does not exist."""
    chat.says("alice", {"action": "sendMessage", "roomId": den, "text": "psst"})

    there = chat.says("eve", {**frame, "roomId": den})
    nowhere = chat.says("eve", {**frame, "roomId": f"private-{0:032}"})

    assert there == nowhere
    assert there["code"] == "room_not_found"
    assert chat.heard("alice") == []


def test_is_in_no_strangers_list(chat: Chat, den: str) -> None:
    """Members find it among their own rooms; the public list and others' lists do not have it."""
    for which in ("mine", "public"):
        assert chat.says("eve", {"action": "listRooms", "which": which})["rooms"] == []

    own = chat.says("alice", {"action": "listRooms"})["rooms"]
    assert [(entry["room"]["roomId"], entry["role"]) for entry in own] == [(den, "owner")]


def test_invited_users_join(chat: Chat, den: str) -> None:
    """Who was made a member joins, on every device, and is one member."""
    bob = chat.says("bob", {"action": "hello"})["userId"]

    invited = chat.says(
        "alice", {"action": "inviteMember", "roomId": den, "userId": bob, "name": "Bob"}
    )

    assert invited == {"type": "memberInvited", "roomId": den, "userId": bob}
    assert join(chat, "bob", den)["memberCount"] == 2
    assert join(chat, "bob.phone", den)["memberCount"] == 2
    roles = chat.says("bob", {"action": "listRoles", "roomId": den})["members"]
    assert {member["userId"] for member in roles} == {bob, chat.user_id("alice")}


@pytest.mark.parametrize(
    ("user_id", "name"),
    [("\u202efelix", "felix"), ("\u200b", "user"), ("x" * 100, "x" * 64), ("a\nb", "ab")],
    ids=ascii,
)
def test_users_without_a_name_are_invited(chat: Chat, den: str, user_id: str, name: str) -> None:
    """Until they come they are called by what can be shown of their id, whatever that is."""
    invited = chat.says("alice", {"action": "inviteMember", "roomId": den, "userId": user_id})

    roles = chat.says("alice", {"action": "listRoles", "roomId": den})["members"]
    assert invited == {"type": "memberInvited", "roomId": den, "userId": user_id}
    assert {"userId": user_id, "name": name} in roles


def test_the_invited_hear_of_it(chat: Chat, den: str) -> None:
    """On every device, whichever room they are in; once, however often they are invited."""
    bob = chat.says("bob", {"action": "hello"})["userId"]
    chat.says("bob.phone", {"action": "createRoom", "roomId": "tea"})
    invite_him = {"action": "inviteMember", "roomId": den, "userId": bob}

    for _ in range(2):
        chat.says("alice", invite_him)

    alice = {"userId": chat.user_id("alice"), "name": "alice"}
    for device in ("bob", "bob.phone"):
        (event,) = chat.heard(device)
        assert (event["type"], event["by"], event["room"]["roomId"]) == ("invited", alice, den)


def test_links_let_in(chat: Chat, den: str) -> None:
    """An invite works as often as it says, and a member's second device needs none of it."""
    secret = invite(chat, den)

    assert join(chat, "bob", den, invite=secret)["type"] == "roomJoined"
    assert join(chat, "bob.phone", den, invite=secret)["type"] == "roomJoined"
    assert join(chat, "carol", den, invite=secret)["code"] == "room_not_found"


def test_links_expire(chat: Chat, den: str) -> None:
    """After its time an invite is as good as none; the reply tells the time."""
    made = chat.says(
        "alice",
        {"action": "createInvite", "roomId": den, "expiresInSeconds": 60, "uses": 5},
    )
    assert (made["expiresAt"], made["uses"]) == ("2026-01-01T00:01:00.000Z", 5)

    chat.clock.advance(seconds=60)

    assert join(chat, "bob", den, invite=made["invite"])["code"] == "room_not_found"


def test_members_invite_nobody(chat: Chat, den: str) -> None:
    """Inviting is for owners and moderators; a member hears `forbidden`."""
    join(chat, "bob", den, invite=invite(chat, den))

    for frame in ({"action": "createInvite"}, {"action": "inviteMember", "userId": "u-carol"}):
        assert chat.says("bob", {**frame, "roomId": den})["code"] == "forbidden"


def test_leaving_for_good_ends_membership(chat: Chat, den: str) -> None:
    """All devices are out, the others hear it once, and the way back is closed."""
    secret = invite(chat, den)
    for device in ("bob", "bob.phone"):
        join(chat, device, den, invite=secret)
    before = len(chat.heard("alice"))

    left = chat.says("bob", {"action": "leaveRoom", "roomId": den, "forGood": True})

    assert left == {"type": "roomLeft", "roomId": den}
    assert chat.heard("bob.phone")[-1] == {"type": "removed", "roomId": den, "reason": "left"}
    assert [e["type"] for e in chat.heard("alice")[before:]] == ["memberLeft"]
    assert join(chat, "bob", den)["code"] == "room_not_found"
    assert chat.says("bob", {"action": "listRooms"})["rooms"] == []


def test_leaving_with_one_connection_keeps_membership(chat: Chat, den: str) -> None:
    """A plain leave is of the connection: the member may come back without an invite."""
    join(chat, "bob", den, invite=invite(chat, den))

    chat.says("bob", {"action": "leaveRoom", "roomId": den})

    assert join(chat, "bob", den)["type"] == "roomJoined"


def test_published_rooms_are_open(chat: Chat, den: str) -> None:
    """An owner can make it public, never the other way; those inside hear of it."""
    join(chat, "bob", den, invite=invite(chat, den))

    updated = chat.says(
        "alice", {"action": "updateRoom", "roomId": den, "visibility": "public", "name": "Café"}
    )

    assert updated["type"] == "roomUpdated"
    assert chat.heard("bob") == [{"type": "roomChanged", "room": updated["room"]}]
    assert updated["room"]["name"] == "Café"
    assert "visibility" not in updated["room"]
    assert join(chat, "eve", den)["type"] == "roomJoined"
    back = chat.says("alice", {"action": "updateRoom", "roomId": den, "visibility": "private"})
    assert (back["code"], back["message"].split(":")[0]) == ("bad_request", "$.visibility")
