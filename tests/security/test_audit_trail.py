"""The audit trail: each change has one line with its user, and nothing else has a line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args

import pytest

from chat.logic.audit import AuditEvent
from tests.security.all_actions import ACTIONS, WITHOUT_ROOM, frames
from tests.security.attacked_chat import AttackLog, MakeChat
from tests.security.attacked_rooms import TEA, AttackedRooms
from tests.support.harness import Frame

Line = dict[str, Any]

WITHOUT_LINE = frozenset({"sendMessage", "joinRoom", "leaveRoom"})
"""The actions that change items and have no line: messages and presence."""


@contextmanager
def trail(attack_log: AttackLog) -> Iterator[list[Line]]:
    """Provide the lines of the audit trail that are written meanwhile, after the block."""
    found: list[Line] = []
    before = len(attack_log.lines)
    yield found
    lines = [json.loads(line) for line in attack_log.lines[before:]]
    found += [line for line in lines if line["message"] == "audit"]


CHANGES: dict[str, tuple[AuditEvent, Frame, Line]] = {
    "createRoom": ("roomCreated", {"roomId": "milk"}, {"roomId": "milk", "visibility": "public"}),
    "updateRoom": ("roomRenamed", {**TEA, "name": "Milk"}, {}),
    "deleteRoom": ("roomDeleted", TEA, {}),
    "setRole": (
        "roleSet",
        {**TEA, "userId": "u-member", "role": "moderator"},
        {"targetUserId": "u-member", "role": "moderator", "formerRole": "member"},
    ),
    "inviteMember": (
        "memberInvited",
        {**TEA, "userId": "u-stranger"},
        {"targetUserId": "u-stranger", "role": "member"},
    ),
    "kickMember": (
        "memberKicked",
        {**TEA, "userId": "u-member"},
        {"targetUserId": "u-member", "formerRole": "member"},
    ),
    "banMember": (
        "memberBanned",
        {**TEA, "userId": "u-moderator"},
        {"targetUserId": "u-moderator", "formerRole": "moderator"},
    ),
    "unbanMember": (
        "memberUnbanned",
        {**TEA, "userId": "u-banned"},
        {"targetUserId": "u-banned"},
    ),
    "muteMember": (
        "memberMuted",
        {**TEA, "userId": "u-visitor", "seconds": 60},
        {"targetUserId": "u-visitor"},
    ),
    "deleteMessage": ("messageDeleted", TEA, {"targetUserId": "u-visitor"}),
    "createInvite": ("inviteCreated", {**TEA, "uses": 7}, {"uses": 7}),
    "revokeInvite": ("inviteRevoked", TEA, {}),
}
"""For each changing action: the event of its line, a frame, and fields of the line."""


def frame_of(rooms: AttackedRooms, action: str) -> Frame:
    """Return the frame of a change that the owner may make."""
    frame = {"action": action, **CHANGES[action][1]}
    if action == "deleteMessage":
        frame["seq"] = rooms.seqs["tea"]["visitor"]
    if action == "revokeInvite":
        frame["inviteId"] = rooms.chat.does("owner", "createInvite", **TEA)["inviteId"]
    return frame


@pytest.mark.parametrize("action", CHANGES)
def test_each_change_has_one_line(rooms: AttackedRooms, attack_log: AttackLog, action: str) -> None:
    """The line names the user, the connection, the room and the other user."""
    event, _, fields = CHANGES[action]
    with rooms.chat.undone():
        frame = frame_of(rooms, action)

        with trail(attack_log) as lines:
            rooms.chat.does("owner", **frame)

        (line,) = lines
        expected = {
            "event": event,
            "userId": "u-owner",
            "connectionId": "owner",
            "roomId": "tea",
            **fields,
        }
        assert line | expected == line
        if action == "deleteMessage":
            assert line["seq"] == frame["seq"]
        if action == "muteMember":
            assert line["mutedUntil"]


def test_every_changing_action_has_a_line(rooms: AttackedRooms) -> None:
    """A new action that changes items fails here until it has a line, or a reason for none."""
    changing = set()
    for action in {*ACTIONS} - WITHOUT_ROOM - CHANGES.keys():
        for frame in frames(action):
            with rooms.chat.undone():
                before = rooms.chat.items()
                rooms.chat.says("owner2", frame)
                if any(pk.startswith("ROOM#") for pk, _ in rooms.chat.changed(before)):
                    changing.add(action)

    assert changing <= WITHOUT_LINE


@pytest.mark.parametrize("who", ["visitor", "stranger", "banned", "moderator"])
def test_requests_without_a_change_have_no_line(
    rooms: AttackedRooms, attack_log: AttackLog, who: str
) -> None:
    """A rejected request has no line."""
    rooms.chat.does(who, "ping")
    for action in {*CHANGES} - {"createRoom"}:
        with rooms.chat.undone():
            frame = frame_of(rooms, action)
            with trail(attack_log) as lines:
                reply = rooms.chat.says(who, frame)
            assert len(lines) == (reply["type"] != "error"), action


@pytest.mark.parametrize(
    "action", sorted({*CHANGES} - {"createRoom", "createInvite", "muteMember"})
)
def test_repeated_changes_have_no_line(
    rooms: AttackedRooms, attack_log: AttackLog, action: str
) -> None:
    """The second of two equal requests changes nothing, so it has no line.

    A repeated mute has a later end, which is a change.
    """
    with rooms.chat.undone():
        frame = frame_of(rooms, action)
        rooms.chat.does("owner", **frame)

        with trail(attack_log) as lines:
            rooms.chat.says("owner", frame)

        assert lines == []


def test_the_use_of_an_invite_has_a_line(rooms: AttackedRooms, attack_log: AttackLog) -> None:
    """The line names the new member, the creator of the invite, and its id."""
    here = {"roomId": rooms.private_id}
    with rooms.chat.undone():
        made = rooms.chat.does("moderator", "createInvite", **here)

        with trail(attack_log) as lines:
            rooms.chat.does("stranger", "joinRoom", **here, invite=made["invite"])

        (line,) = lines
        assert (line["event"], line["userId"]) == ("inviteUsed", "u-stranger")
        assert (line["targetUserId"], line["inviteId"]) == ("u-moderator", made["inviteId"])


def test_publication_and_departure_have_lines(rooms: AttackedRooms, attack_log: AttackLog) -> None:
    """A room that is renamed and made public has two lines; a role that is given up has one."""
    here = {"roomId": rooms.private_id}
    with rooms.chat.undone(), trail(attack_log) as lines:
        rooms.chat.does("owner", "updateRoom", **here, name="Open", visibility="public")
        rooms.chat.does("owner2", "leaveRoom", **here, forGood=True)

    assert [line["event"] for line in lines] == ["roomRenamed", "roomPublished", "roleGivenUp"]


def test_each_connection_has_a_line(make_chat: MakeChat, attack_log: AttackLog) -> None:
    """The line of a handshake joins the connection id with its user; a rejected one has none."""
    chat = make_chat(connections_per_user=1)

    with trail(attack_log) as lines:
        assert [chat.connects("alice"), chat.connects("alice.2")] == [200, 429]

    (line,) = lines
    assert (line["event"], line["userId"], line["connectionId"]) == (
        "connected",
        "u-alice",
        "alice",
    )


def test_every_event_is_tested() -> None:
    """Each event of the trail is in a test above."""
    others = {"connected", "inviteUsed", "roomPublished", "roleGivenUp"}

    assert {event for event, *_ in CHANGES.values()} | others == {*get_args(AuditEvent)}
