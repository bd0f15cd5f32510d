"""Private rooms: their visibility, and how users join."""

from typing import Any

import pytest

from tests.support.harness import Chat, Frame


@pytest.fixture
def den(chat: Chat) -> str:
    """Create Alice's private room; return its id."""
    room = chat.says("alice", {"action": "createRoom", "name": "Den", "visibility": "private"})
    return str(room["room"]["roomId"])


def invite(chat: Chat, room_id: str, **fields: Any) -> str:
    made = chat.says("alice", {"action": "createInvite", "roomId": room_id, **fields})
    return str(made["invite"])


def join(chat: Chat, who: str, room_id: str, **fields: Any) -> Frame:
    return chat.says(who, {"action": "joinRoom", "roomId": room_id, **fields})


def test_is_private(chat: Chat, den: str) -> None:
    """Its id is long and random with the prefix of private rooms, and its creator owns it."""
    room = join(chat, "alice", den)["room"]

    assert (len(den), room["visibility"]) == (40, "private")


def test_has_no_id_of_choice(chat: Chat) -> None:
    """A chosen id is rejected, because it could be guessed."""
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
def test_looks_absent_to_strangers(chat: Chat, den: str, frame: Frame) -> None:
    """Each request of a stranger gets the reply for a room that does not exist."""
    chat.says("alice", {"action": "sendMessage", "roomId": den, "text": "psst"})

    there = chat.says("eve", {**frame, "roomId": den})
    nowhere = chat.says("eve", {**frame, "roomId": f"private-{0:032}"})

    assert there == nowhere
    assert there["code"] == "room_not_found"
    assert chat.heard("alice") == []


def test_is_in_no_strangers_list(chat: Chat, den: str) -> None:
    """It is in the lists of its members, and in no public list or other user's list."""
    for which in ("mine", "public"):
        assert chat.says("eve", {"action": "listRooms", "which": which})["rooms"] == []

    own = chat.says("alice", {"action": "listRooms"})["rooms"]
    assert [(entry["room"]["roomId"], entry["role"]) for entry in own] == [(den, "owner")]


def test_invited_users_join(chat: Chat, den: str) -> None:
    """An invited user joins on every device, and counts as one member."""
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
    [("felix", "felix"), ("\u3164", "user"), ("x" * 100, "x" * 64)],
    ids=ascii,
)
def test_users_without_a_name_are_invited(chat: Chat, den: str, user_id: str, name: str) -> None:
    """Until they join, their name is derived from the user id."""
    invited = chat.says("alice", {"action": "inviteMember", "roomId": den, "userId": user_id})

    roles = chat.says("alice", {"action": "listRoles", "roomId": den})["members"]
    assert invited == {"type": "memberInvited", "roomId": den, "userId": user_id}
    assert {"userId": user_id, "name": name} in roles


def test_invited_users_get_an_event(chat: Chat, den: str) -> None:
    """Every connection of the user gets one event, even after repeated invitations."""
    bob = chat.says("bob", {"action": "hello"})["userId"]
    chat.says("bob.phone", {"action": "createRoom", "roomId": "tea"})
    invite_him = {"action": "inviteMember", "roomId": den, "userId": bob}

    for _ in range(2):
        chat.says("alice", invite_him)

    alice = {"userId": chat.user_id("alice"), "name": "alice"}
    for device in ("bob", "bob.phone"):
        (event,) = chat.heard(device)
        assert (event["type"], event["by"], event["room"]["roomId"]) == ("invited", alice, den)


def test_invites_let_users_join(chat: Chat, den: str) -> None:
    """An invite counts as often as it says; a member's second device does not use it."""
    secret = invite(chat, den)

    assert join(chat, "bob", den, invite=secret)["type"] == "roomJoined"
    assert join(chat, "bob.phone", den, invite=secret)["type"] == "roomJoined"
    assert join(chat, "carol", den, invite=secret)["code"] == "room_not_found"


def test_invites_expire(chat: Chat, den: str) -> None:
    """An expired invite does not count; the reply to its creation has the expiry."""
    made = chat.says(
        "alice",
        {"action": "createInvite", "roomId": den, "expiresInSeconds": 60, "uses": 5},
    )
    assert (made["expiresAt"], made["uses"]) == ("2026-01-01T00:01:00.000Z", 5)

    chat.clock.advance(seconds=60)

    assert join(chat, "bob", den, invite=made["invite"])["code"] == "room_not_found"


def test_members_cannot_invite(chat: Chat, den: str) -> None:
    """Only owners and moderators may invite; a member gets `forbidden`."""
    join(chat, "bob", den, invite=invite(chat, den))

    for frame in ({"action": "createInvite"}, {"action": "inviteMember", "userId": "u-carol"}):
        assert chat.says("bob", {**frame, "roomId": den})["code"] == "forbidden"


def test_leaving_for_good_ends_membership(chat: Chat, den: str) -> None:
    """All connections are removed with one event, and the user cannot rejoin."""
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
    """A plain leave is about the connection; the member may rejoin without an invite."""
    join(chat, "bob", den, invite=invite(chat, den))

    chat.says("bob", {"action": "leaveRoom", "roomId": den})

    assert join(chat, "bob", den)["type"] == "roomJoined"


def test_private_rooms_can_be_made_public(chat: Chat, den: str) -> None:
    """An owner can make it public, and never private again; its members get the event."""
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
