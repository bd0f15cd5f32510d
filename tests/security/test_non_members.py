"""Rooms that a user is not in: a private room looks absent, and a public room is closed."""

import json
from collections import Counter

import pytest

from chat.handlers import delete_room
from tests.security.all_actions import ACTIONS, WITHOUT_ROOM, fields_of, frames
from tests.security.attacked_chat import MakeChat
from tests.security.attacked_rooms import ABSENT_ROOM, NOT_IN_THE_ROOM, TEA, AttackedRooms
from tests.support.harness import Frame

FRAMES = [f for action in ACTIONS if action not in WITHOUT_ROOM for f in frames(action)]
by_frame = pytest.mark.parametrize(
    "frame", FRAMES, ids=lambda f: "-".join([f["action"], *sorted(f.keys() - {"action", "roomId"})])
)


HARMLESS = [f for a in sorted(WITHOUT_ROOM - {"signOut"}) for f in frames(a)]
"""Frames without a room, except `signOut`, which would disconnect the users of the module."""


def test_every_action_is_attacked() -> None:
    """Every action either names a room, and is attacked below, or concerns no room."""
    assert {a for a in ACTIONS if "roomId" not in fields_of(a)} == WITHOUT_ROOM


@by_frame
@pytest.mark.parametrize("who", NOT_IN_THE_ROOM)
def test_a_private_room_looks_like_an_absent_room(
    rooms: AttackedRooms, frame: Frame, who: str
) -> None:
    """The reply is the same word for word, and nothing changes, even for former members."""
    code = "bad_request" if frame["action"] == "createRoom" else "room_not_found"

    private = rooms.chat.rejects(who, {**frame, "roomId": rooms.private_id}, code)
    absent = rooms.chat.rejects(who, {**frame, "roomId": ABSENT_ROOM}, code)

    assert private == absent


@by_frame
def test_a_private_room_costs_the_same_requests_as_an_absent_room(
    rooms: AttackedRooms, frame: Frame
) -> None:
    """The same database requests are made for a private room as for an absent room."""
    made: list[Counter[str]] = []
    rooms.chat.does("stranger", "ping")
    for room_id in (rooms.private_id, ABSENT_ROOM):
        rooms.chat.calls.clear()
        rooms.chat.says("stranger", {**frame, "roomId": room_id})
        made.append(Counter(rooms.chat.calls))

    assert made[0] == made[1]


@pytest.mark.parametrize("who", NOT_IN_THE_ROOM)
@pytest.mark.parametrize("frame", HARMLESS, ids=str)
def test_actions_without_a_room_reveal_no_private_room(
    rooms: AttackedRooms, frame: Frame, who: str
) -> None:
    """No list contains a private room of other users, or a deleted room."""
    with rooms.chat.nothing_happens():
        reply = rooms.chat.says(who, frame)

    text = json.dumps(reply)
    assert rooms.private_id not in text
    assert "secrets" not in text
    assert rooms.deleted_id not in [entry["room"]["roomId"] for entry in reply.get("rooms", [])]


CLOSED: list[tuple[str, Frame]] = [
    ("not_a_member", {"action": "sendMessage", "text": "hi"}),
    ("not_a_member", {"action": "sendMessage", "text": "hi", "clientMessageId": "m1"}),
    ("not_a_member", {"action": "getHistory"}),
    ("not_a_member", {"action": "getHistory", "after": 0}),
    ("not_a_member", {"action": "getHistory", "before": 99}),
    ("not_a_member", {"action": "listMembers"}),
    ("not_a_member", {"action": "leaveRoom"}),
    ("not_a_member", {"action": "leaveRoom", "forGood": True}),
    ("not_a_member", {"action": "deleteMessage", "seq": 1}),
    ("forbidden", {"action": "listRoles", "banned": True}),
]


@pytest.mark.parametrize(("code", "frame"), CLOSED, ids=str)
@pytest.mark.parametrize("who", NOT_IN_THE_ROOM)
def test_a_public_room_is_closed_to_users_who_have_not_joined(
    rooms: AttackedRooms, who: str, code: str, frame: Frame
) -> None:
    """Users outside the room can neither read, send, leave nor delete."""
    rooms.chat.rejects(who, {**frame, **TEA}, code)


@pytest.mark.parametrize("what", [{}, {"after": 0, "epoch": "e"}, {"invite": "x" * 32}], ids=str)
def test_banned_users_cannot_join(rooms: AttackedRooms, what: Frame) -> None:
    """A plain join, a resume and a guessed invite fail on every device."""
    for device in ("banned", "banned.phone"):
        rooms.chat.rejects(device, {"action": "joinRoom", **TEA, **what}, "forbidden")


@pytest.mark.parametrize("room", ["tea", "private"])
def test_banned_users_cannot_join_by_a_valid_invite(rooms: AttackedRooms, room: str) -> None:
    """The join fails, and the invite keeps its use."""
    room_id = rooms.private_id if room == "private" else room
    with rooms.chat.undone():
        invite = rooms.chat.does("owner", "createInvite", roomId=room_id)["invite"]

        rooms.chat.rejects(
            "banned",
            {"action": "joinRoom", "roomId": room_id, "invite": invite},
            "room_not_found" if room == "private" else "forbidden",
        )


@by_frame
@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_a_deleted_room_does_not_exist_for_any_user(
    rooms: AttackedRooms, who: str, frame: Frame
) -> None:
    """The former owner and the former members get the reply of an absent room too."""
    code = "room_exists" if frame["action"] == "createRoom" else "room_not_found"
    frame = {**frame, "roomId": rooms.deleted_id}
    if frame.get("visibility") == "private":
        code = "bad_request"

    rooms.chat.rejects(who, frame, code)


def test_a_room_does_not_exist_while_it_is_being_deleted(
    make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Users who are still in the room, and banned users, get the reply of an absent room."""
    monkeypatch.setattr(delete_room, "MAX_UNSUBSCRIBED", 2)
    chat = make_chat()
    private_id = chat.does("owner", "createRoom", visibility="private")["room"]["roomId"]
    for who in ("a", "b", "c", "banned"):
        chat.does("owner", "inviteMember", roomId=private_id, userId=f"u-{who}")
        chat.does(who, "joinRoom", roomId=private_id)
    seq = chat.does("c", "sendMessage", roomId=private_id, text="a secret")["message"]["seq"]
    chat.does("owner", "banMember", roomId=private_id, userId="u-banned")
    assert not chat.does("owner", "deleteRoom", roomId=private_id)["complete"]

    still_in_room = [who for who in "abc" if private_id in chat.services.connections.get(who).rooms]
    assert still_in_room
    for action, more in (
        ("getHistory", {}),
        ("listMembers", {}),
        ("deleteMessage", {"seq": seq}),
        ("sendMessage", {"text": "hi"}),
    ):
        for who in still_in_room:
            chat.rejects(who, {"action": action, "roomId": private_id, **more}, "room_not_found")
    join = {"action": "joinRoom", "invite": "x"}
    private = chat.rejects("banned", {**join, "roomId": private_id}, "room_not_found")
    assert private == chat.rejects("banned", {**join, "roomId": ABSENT_ROOM}, "room_not_found")
