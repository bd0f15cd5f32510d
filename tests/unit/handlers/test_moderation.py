"""Roles, and the actions on other users that they allow."""

from typing import Any

import pytest

from tests.support.harness import Chat, Frame

TEA = {"roomId": "tea"}
PEOPLE = ("owner", "mod", "bob", "eve")


@pytest.fixture
def tea(chat: Chat) -> Chat:
    """Return a public room with its owner, a moderator and two visitors."""
    chat.says("owner", {"action": "createRoom", **TEA})
    for who in PEOPLE[1:]:
        chat.says(who, {"action": "joinRoom", **TEA})
    do(chat, "owner", "setRole", "mod", role="moderator")
    return chat


def do(chat: Chat, who: str, action: str, target: str, **fields: Any) -> Frame:
    frame = {"action": action, **TEA, "userId": chat.user_id(target), **fields}
    return chat.says(who, frame)


def new(chat: Chat, who: str, seen: int) -> list[Frame]:
    return chat.heard(who)[seen:]


def test_roles_are_listed_and_sent(chat: Chat) -> None:
    """A new role is in every list, and all connections in the room get the event."""
    chat.says("owner", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})

    reply = do(chat, "owner", "setRole", "bob", role="moderator")

    bob = {"userId": chat.user_id("bob"), "name": "bob", "role": "moderator"}
    assert reply == {"type": "roleSet", "roomId": "tea", "member": bob}
    assert chat.heard("bob") == [{"type": "memberChanged", "roomId": "tea", "member": bob}]
    assert bob in chat.says("owner", {"action": "listMembers", **TEA})["members"]
    assert bob in chat.says("bob.phone", {"action": "joinRoom", **TEA})["members"]
    assert bob in chat.says("owner", {"action": "listRoles", **TEA})["members"]


def test_the_join_event_has_the_role(tea: Chat) -> None:
    """The join event of a moderator has the role, so that no further request is needed."""
    tea.says("mod", {"action": "leaveRoom", **TEA})
    seen = len(tea.heard("bob"))

    tea.says("mod", {"action": "joinRoom", **TEA})

    (event,) = new(tea, "bob", seen)
    assert (event["type"], event["member"]["role"]) == ("memberJoined", "moderator")


@pytest.mark.parametrize(
    ("actor", "target", "code"),
    [
        ("owner", "mod", None),
        ("owner", "bob", None),
        ("mod", "bob", None),
        ("mod", "owner", "forbidden"),
        ("mod", "mod", "bad_request"),
        ("owner", "owner", "bad_request"),
        ("bob", "eve", "forbidden"),
        ("bob", "bob", "forbidden"),
        ("eve", "owner", "forbidden"),
    ],
)
@pytest.mark.parametrize(
    ("action", "fields"),
    [("kickMember", {}), ("banMember", {}), ("muteMember", {"seconds": 60})],
    ids=["kick", "ban", "mute"],
)
def test_rank(
    tea: Chat, action: str, fields: Frame, actor: str, target: str, code: str | None
) -> None:
    """A user may act on lower ranks only, and a visitor on no user."""
    seen = {who: len(tea.heard(who)) for who in PEOPLE}

    reply = do(tea, actor, action, target, **fields)

    assert reply.get("code") == code
    if code:
        assert all(new(tea, who, seen[who]) == [] for who in PEOPLE)
        assert tea.says(target, {"action": "sendMessage", **TEA, "text": "still here"})["message"]


@pytest.mark.parametrize("actor", ["mod", "bob"])
@pytest.mark.parametrize("role", ["owner", "moderator", "member"])
def test_only_owners_give_roles(tea: Chat, actor: str, role: str) -> None:
    """Only an owner can give roles; others can promote neither themselves nor another user."""
    for target in (actor, "eve"):
        assert do(tea, actor, "setRole", target, role=role)["code"] == "forbidden"

    roles = tea.says("owner", {"action": "listRoles", **TEA})["members"]
    assert {m["name"]: m.get("role") for m in roles} == {"owner": "owner", "mod": "moderator"}


def test_a_room_keeps_an_owner(tea: Chat) -> None:
    """The last owner cannot step down or leave permanently; with a second owner both work."""
    assert do(tea, "owner", "setRole", "owner", role="member")["code"] == "forbidden"
    leave = {"action": "leaveRoom", **TEA, "forGood": True}
    assert tea.says("owner", leave)["code"] == "forbidden"

    do(tea, "owner", "setRole", "mod", role="owner")

    assert tea.says("owner", leave)["type"] == "roomLeft"
    assert do(tea, "mod", "kickMember", "bob")["type"] == "memberKicked"


def test_kicked_users_are_removed_and_may_rejoin(tea: Chat) -> None:
    """All connections of the user are removed with a reason; the user may rejoin."""
    tea.says("bob.phone", {"action": "joinRoom", **TEA})
    seen = len(tea.heard("eve"))

    assert do(tea, "mod", "kickMember", "bob")["type"] == "memberKicked"

    for device in ("bob", "bob.phone"):
        assert tea.heard(device)[-1] == {"type": "removed", "roomId": "tea", "reason": "kicked"}
        reply = tea.says(device, {"action": "sendMessage", **TEA, "text": "hey"})
        assert reply["code"] == "not_a_member"
    assert [event["type"] for event in new(tea, "eve", seen)] == ["memberLeft"]
    assert tea.says("bob", {"action": "joinRoom", **TEA})["type"] == "roomJoined"


@pytest.mark.parametrize("action", ["kickMember", "banMember"])
def test_the_others_get_the_leave_event(tea: Chat, action: str) -> None:
    """The others get one leave event, and none if the user was not in the room."""
    seen, bob = len(tea.heard("eve")), tea.user_id("bob")

    do(tea, "mod", action, "bob")
    tea.says("mod", {"action": "banMember", **TEA, "userId": "u-nobody"})

    left = {"type": "memberLeft", "roomId": "tea", "userId": bob, "memberCount": 3}
    assert new(tea, "eve", seen) == [left]


def test_banned_users_cannot_rejoin(tea: Chat) -> None:
    """A ban counts on every device until it is lifted; the user returns without a role."""
    do(tea, "owner", "setRole", "bob", role="moderator")

    assert do(tea, "owner", "banMember", "bob")["type"] == "memberBanned"

    assert tea.heard("bob")[-1] == {"type": "removed", "roomId": "tea", "reason": "banned"}
    for device in ("bob", "bob.phone"):
        assert tea.says(device, {"action": "joinRoom", **TEA})["code"] == "forbidden"
    banned = tea.says("mod", {"action": "listRoles", **TEA, "banned": True})["members"]
    assert [member["name"] for member in banned] == ["bob"]
    assert do(tea, "owner", "setRole", "bob", role="owner")["code"] == "bad_request"
    assert do(tea, "mod", "unbanMember", "bob")["type"] == "memberUnbanned"
    joined = tea.says("bob", {"action": "joinRoom", **TEA})
    assert [m for m in joined["members"] if "role" in m and m["name"] == "bob"] == []


def test_muted_users_can_only_read(tea: Chat) -> None:
    """A mute counts on every device, later ones too, until it ends or is lifted."""
    tea.says("bob.phone", {"action": "joinRoom", **TEA})
    speak = {"action": "sendMessage", **TEA, "text": "la la"}

    muted = do(tea, "mod", "muteMember", "bob", seconds=60)

    assert muted["member"]["mutedUntil"] == "2026-01-01T00:01:00.000Z"
    assert tea.heard("bob")[-1]["member"] == muted["member"]
    tea.says("bob.tablet", {"action": "joinRoom", **TEA})
    for device in ("bob", "bob.phone", "bob.tablet"):
        refused = tea.says(device, speak)
        assert (refused["code"], refused["retryAfterMs"]) == ("forbidden", 60_001)
    assert tea.says("bob", {"action": "getHistory", **TEA})["messages"] == []
    tea.clock.advance(seconds=60)
    assert tea.says("bob", speak)["type"] == "messageSent"
    do(tea, "mod", "muteMember", "bob", seconds=60)
    do(tea, "mod", "muteMember", "bob", seconds=0)
    assert tea.says("bob.phone", speak)["type"] == "messageSent"


def test_rejoining_does_not_lift_a_mute(tea: Chat) -> None:
    """Leaving, leaving permanently and a new connection do not end a mute."""
    do(tea, "mod", "muteMember", "bob", seconds=60)

    for leave in ({}, {"forGood": True}):
        tea.says("bob", {"action": "leaveRoom", **TEA, **leave})
        tea.says("bob", {"action": "joinRoom", **TEA})
        assert (
            tea.says("bob", {"action": "sendMessage", **TEA, "text": "la"})["code"] == "forbidden"
        )


@pytest.mark.parametrize(
    ("action", "fields"),
    [("setRole", {"role": "member"}), ("kickMember", {})],
)
def test_users_who_are_not_there(tea: Chat, action: str, fields: Frame) -> None:
    """A user without a membership cannot be kicked or get a role; the error names the field."""
    reply = tea.says("owner", {"action": action, **TEA, "userId": "u-nobody", **fields})

    assert (reply["code"], reply["message"].split(":")[0]) == ("bad_request", "$.userId")


def test_who_has_left_can_be_banned_and_muted(tea: Chat) -> None:
    """The name is derived from the user id if it is unknown; a repeated ban changes nothing."""
    bob, unseen = tea.user_id("bob"), "\u3164"
    tea.says("bob", {"action": "leaveRoom", **TEA})

    muted = tea.says("mod", {"action": "muteMember", **TEA, "userId": unseen, "seconds": 60})
    replies = [do(tea, "mod", "banMember", "bob") for _ in range(2)]

    assert muted["member"]["name"] == "user"
    assert replies == [{"type": "memberBanned", "roomId": "tea", "userId": bob}] * 2
    assert tea.says("bob", {"action": "joinRoom", **TEA})["code"] == "forbidden"
    banned = tea.says("mod", {"action": "listRoles", **TEA, "banned": True})["members"]
    assert banned == [{"userId": bob, "name": bob}]


def test_lifting_an_absent_mute(tea: Chat) -> None:
    """It changes nothing and keeps the room in the user's list; the reply has the name."""
    lifted = do(tea, "mod", "muteMember", "bob", seconds=0)

    assert lifted["member"] == {"userId": tea.user_id("bob"), "name": "bob"}
    own = tea.says("bob", {"action": "listRooms"})["rooms"]
    assert [entry["room"]["roomId"] for entry in own] == ["tea"]


def test_the_room_leaves_the_kicked_users_list(tea: Chat) -> None:
    """The room is not in the user's list until the user rejoins."""
    do(tea, "mod", "kickMember", "bob")
    without = tea.says("bob", {"action": "listRooms"})["rooms"]
    tea.says("bob", {"action": "joinRoom", **TEA})

    assert without == []
    assert len(tea.says("bob", {"action": "listRooms"})["rooms"]) == 1


def test_own_messages_can_be_deleted(tea: Chat) -> None:
    """The text is deleted and the seq stays; all clients get the event, history and resume too."""
    said = [
        tea.says("bob", {"action": "sendMessage", **TEA, "text": t}) for t in ("a", "oops", "c")
    ]
    seq = said[1]["message"]["seq"]

    reply = tea.says("bob", {"action": "deleteMessage", **TEA, "seq": seq})

    left = reply["message"]
    assert reply["type"] == "messageDeleted"
    assert (left["text"], left["deletedBy"], left["seq"]) == ("", tea.user_id("bob"), seq)
    assert tea.heard("eve")[-1] == {"type": "messageChanged", "message": left}
    history = tea.says("eve", {"action": "getHistory", **TEA})["messages"]
    assert [m["text"] for m in history] == ["a", "", "c"]
    again = tea.says("bob", {"action": "deleteMessage", **TEA, "seq": seq})
    assert again["message"] == left


def test_resuming_clients_get_deletions(tea: Chat) -> None:
    """The reply to a resume has the deleted seqs that the client may still show."""
    seqs = [
        tea.says("bob", {"action": "sendMessage", **TEA, "text": t})["message"]["seq"]
        for t in ("a", "b", "c")
    ]
    tea.says("bob", {"action": "deleteMessage", **TEA, "seq": seqs[0]})
    resume = {"action": "joinRoom", **TEA, "epoch": "epoch-tea"}

    assert tea.says("eve", {**resume, "after": seqs[1]})["deleted"] == [seqs[0]]
    assert "deleted" not in tea.says("eve", {**resume, "after": 0})
    assert "deleted" not in tea.says("eve", {"action": "joinRoom", **TEA})


def test_moderators_delete_messages_of_others(tea: Chat) -> None:
    """A moderator may delete all messages, a visitor only own ones; a wrong seq is an error."""
    seq = tea.says("owner", {"action": "sendMessage", **TEA, "text": "psst"})["message"]["seq"]
    delete = {"action": "deleteMessage", **TEA, "seq": seq}

    assert tea.says("bob", delete)["code"] == "forbidden"
    assert tea.says("bob", {"action": "getHistory", **TEA})["messages"][0]["text"] == "psst"
    assert tea.says("mod", delete)["message"]["deletedBy"] == tea.user_id("mod")
    missing = tea.says("mod", {**delete, "seq": 999})
    assert (missing["code"], missing["message"].split(":")[0]) == ("bad_request", "$.seq")


def test_deleted_rooms_are_gone(tea: Chat) -> None:
    """All connections are removed with an event, and no request works; only an owner may delete."""
    for who in ("mod", "bob"):
        assert tea.says(who, {"action": "deleteRoom", **TEA})["code"] == "forbidden"

    reply = tea.says("owner", {"action": "deleteRoom", **TEA})

    assert reply == {"type": "roomDeleted", "roomId": "tea", "complete": True}
    assert tea.heard("bob")[-1] == {"type": "removed", "roomId": "tea", "reason": "deleted"}
    for action in ("joinRoom", "getHistory", "listMembers", "leaveRoom"):
        assert tea.says("bob", {"action": action, **TEA})["code"] == "room_not_found"
    assert tea.says("owner", {"action": "createRoom", **TEA})["code"] == "room_exists"
    assert tea.says("owner", {"action": "listRooms", "which": "public"})["rooms"] == []


def test_names_of_rooms_are_names(tea: Chat) -> None:
    """A new name has the rules of a first one, and an update must have a field."""
    assert tea.says("owner", {"action": "updateRoom", **TEA, "name": " "})["code"] == "bad_request"
    assert tea.says("owner", {"action": "updateRoom", **TEA})["code"] == "bad_request"
    assert tea.says("mod", {"action": "updateRoom", **TEA, "name": "Mod's"})["code"] == "forbidden"


def test_public_rooms_are_listed_in_pages(chat: Chat) -> None:
    """A page has the requested length, and a cursor to the next one."""
    for n in range(3):
        chat.says("owner", {"action": "createRoom", "roomId": f"room{n}"})
    ask = {"action": "listRooms", "which": "public", "limit": 2}

    first = chat.says("eve", ask)
    second = chat.says("eve", {**ask, "cursor": first["cursor"]})

    pages = [[entry["room"]["roomId"] for entry in page["rooms"]] for page in (first, second)]
    assert pages == [["room0", "room1"], ["room2"]]
    assert "cursor" not in second


@pytest.mark.parametrize("action", ["banMember", "inviteMember", "listRoles"])
def test_ids_that_fit_no_key(tea: Chat, action: str) -> None:
    """An impossible user id is an error of the field, not of the database."""
    field = "cursor" if action == "listRoles" else "userId"

    reply = tea.says("owner", {"action": action, **TEA, field: "🫖" * 100})

    assert (reply["code"], reply["message"].split(":")[0]) == ("too_large", f"$.{field}")
