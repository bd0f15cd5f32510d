"""Rooms one is not in: to strangers a private one does not exist, and a public one is closed."""

import json
from collections import Counter

import pytest

from chat.handlers import delete_room
from tests.security.all_actions import ACTIONS, OF_NO_ROOM, fields_of, frames
from tests.security.attacked_chat import MakeFortress
from tests.security.attacked_rooms import NOWHERE, OUTSIDE, TEA, Town
from tests.support.harness import Frame

FRAMES = [f for action in ACTIONS if action not in OF_NO_ROOM for f in frames(action)]
by_frame = pytest.mark.parametrize(
    "frame", FRAMES, ids=lambda f: "-".join([f["action"], *sorted(f.keys() - {"action", "roomId"})])
)


HARMLESS = [f for a in sorted(OF_NO_ROOM - {"signOut"}) for f in frames(a)]
"""Whoever signs out is told that they have, and nothing else; it would end the town's people."""


def test_every_action_is_probed() -> None:
    """An action either names a room, and is probed below, or is known to be about none."""
    assert {a for a in ACTIONS if "roomId" not in fields_of(a)} == OF_NO_ROOM


@by_frame
@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_can_tell_a_private_room_from_none(town: Town, frame: Frame, who: str) -> None:
    """Word for word the same answer, and nothing happens; also for who once was a member."""
    code = "bad_request" if frame["action"] == "createRoom" else "room_not_found"

    there = town.chat.refuses(who, {**frame, "roomId": town.den}, code)
    nowhere = town.chat.refuses(who, {**frame, "roomId": NOWHERE}, code)

    assert there == nowhere


@by_frame
def test_nor_by_its_time(town: Town, frame: Frame) -> None:
    """The same requests to the database are made for a private room as for none."""
    made: list[Counter[str]] = []
    town.chat.does("stranger", "ping")
    for room_id in (town.den, NOWHERE):
        town.chat.calls.clear()
        town.chat.says("stranger", {**frame, "roomId": room_id})
        made.append(Counter(town.chat.calls))

    assert made[0] == made[1]


@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize("frame", HARMLESS, ids=str)
def test_what_names_no_room_tells_of_none(town: Town, frame: Frame, who: str) -> None:
    """Neither the public list nor anybody's own has a private room of others, or a deleted one."""
    with town.chat.nothing_happens():
        reply = town.chat.says(who, frame)

    told = json.dumps(reply)
    assert town.den not in told
    assert "secrets" not in told
    assert town.gone not in [entry["room"]["roomId"] for entry in reply.get("rooms", [])]


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
@pytest.mark.parametrize("who", OUTSIDE)
def test_a_public_room_is_for_those_in_it(town: Town, who: str, code: str, frame: Frame) -> None:
    """Whoever has not joined reads nothing, says nothing, and leaves nothing."""
    town.chat.refuses(who, {**frame, **TEA}, code)


@pytest.mark.parametrize("what", [{}, {"after": 0, "epoch": "e"}, {"invite": "x" * 32}], ids=str)
def test_the_banned_do_not_come_in(town: Town, what: Frame) -> None:
    """Neither plainly, nor by resuming, nor by an invite, on any device."""
    for device in ("banned", "banned.phone"):
        town.chat.refuses(device, {"action": "joinRoom", **TEA, **what}, "forbidden")


@pytest.mark.parametrize("room", ["tea", "den"])
def test_the_banned_do_not_come_in_by_a_good_invite(town: Town, room: str) -> None:
    """The invite is not used up either."""
    room_id = town.den if room == "den" else room
    with town.chat.undone():
        invite = town.chat.does("owner", "createInvite", roomId=room_id)["invite"]

        town.chat.refuses(
            "banned",
            {"action": "joinRoom", "roomId": room_id, "invite": invite},
            "room_not_found" if room == "den" else "forbidden",
        )


@by_frame
@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_a_deleted_room_is_gone_for_all(town: Town, who: str, frame: Frame) -> None:
    """Also for who owned it, and for who was in it when it was deleted."""
    code = "room_exists" if frame["action"] == "createRoom" else "room_not_found"
    frame = {**frame, "roomId": town.gone}
    if frame.get("visibility") == "private":
        code = "bad_request"

    town.chat.refuses(who, frame, code)


def test_a_room_that_is_being_deleted_is_gone(
    make_fortress: MakeFortress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does who was not put out yet, or is banned, learn more of it than of none."""
    monkeypatch.setattr(delete_room, "MOST_EXPELLED", 2)
    chat = make_fortress()
    den = chat.does("owner", "createRoom", visibility="private")["room"]["roomId"]
    for who in ("a", "b", "c", "banned"):
        chat.does("owner", "inviteMember", roomId=den, userId=f"u-{who}")
        chat.does(who, "joinRoom", roomId=den)
    seq = chat.does("c", "sendMessage", roomId=den, text="a secret")["message"]["seq"]
    chat.does("owner", "banMember", roomId=den, userId="u-banned")
    assert not chat.does("owner", "deleteRoom", roomId=den)["complete"]

    inside = [who for who in "abc" if den in chat.services.connections.get(who).rooms]
    assert inside
    for action, more in (
        ("getHistory", {}),
        ("listMembers", {}),
        ("deleteMessage", {"seq": seq}),
        ("sendMessage", {"text": "hi"}),
    ):
        for who in inside:
            chat.refuses(who, {"action": action, "roomId": den, **more}, "room_not_found")
    join = {"action": "joinRoom", "invite": "x"}
    there = chat.refuses("banned", {**join, "roomId": den}, "room_not_found")
    assert there == chat.refuses("banned", {**join, "roomId": NOWHERE}, "room_not_found")
