"""Permissions: every action, by every role, on every role."""

import re
from typing import Any

import pytest

from tests.security.all_actions import ACTIONS, WITHOUT_ROOM
from tests.security.attacked_chat import MakeChat
from tests.security.attacked_rooms import IN_THE_ROOM, NOT_IN_THE_ROOM, TEA, AttackedRooms
from tests.security.role_table import ROWS

ALL = frozenset({"visitor", "member", "moderator", "owner"})
MODERATORS = frozenset({"moderator", "owner"})
OWNERS = frozenset({"owner"})

MAY: dict[str, frozenset[str]] = {
    "createRoom": ALL,
    "joinRoom": ALL,
    "leaveRoom": ALL,
    "sendMessage": ALL,
    "getHistory": ALL,
    "listMembers": ALL,
    "listRoles": ALL,
    "deleteMessage": ALL,
    "kickMember": MODERATORS,
    "banMember": MODERATORS,
    "unbanMember": MODERATORS,
    "muteMember": MODERATORS,
    "inviteMember": MODERATORS,
    "createInvite": MODERATORS,
    "listInvites": MODERATORS,
    "revokeInvite": MODERATORS,
    "setRole": OWNERS,
    "updateRoom": OWNERS,
    "deleteRoom": OWNERS,
}
"""The roles that may take an action at all. The target can restrict it further."""


def test_every_action_has_permissions() -> None:
    """A new action fails here until its permissions are written down."""
    assert MAY.keys() == set(ACTIONS) - WITHOUT_ROOM


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_document_lists_the_same_permissions(row: tuple[str, ...]) -> None:
    """The table of roles in docs/protocol.md agrees with the table that is tested here."""
    what, *cells = row
    yes = {
        role
        for role, cell in zip(("visitor", "member", "moderator", "owner"), cells, strict=True)
        if cell == "yes"
    }

    for action in re.findall(r"`(\w+)`", what):
        assert yes == (
            MODERATORS if what.startswith("`deleteMessage` of others") else MAY[action]
        ) or (action == "deleteMessage" and "own" in what and yes == ALL), action


def test_the_document_lists_every_restricted_action() -> None:
    """The table lists every action that some role may not take."""
    named = {action for what, *_ in ROWS for action in re.findall(r"`(\w+)`", what)}

    assert named >= {action for action, roles in MAY.items() if roles != ALL}


ON_PEOPLE: dict[str, dict[str, Any]] = {
    "kickMember": {},
    "banMember": {},
    "muteMember": {"seconds": 60},
    "unbanMember": {},
    "inviteMember": {},
    "setRole": {"role": "moderator"},
    "setRole owner": {"role": "owner"},
    "setRole member": {"role": "member"},
}
TARGETS = ("visitor", "member", "moderator2", "owner2", "kicked", "banned", "stranger", "oneself")
RANKS = {"moderator2": 2, "moderator": 2, "owner2": 3, "owner": 3}
NOT_THERE = ("kicked", "stranger")


def expected(what: str, actor: str, target: str) -> str | None:
    """Return the code of the error, or None if the action is allowed."""
    action = what.split()[0]
    if actor not in MAY[action]:
        return "forbidden"
    match action:
        case "setRole" if what == "setRole owner" and target == "owner2":
            return None
        case "unbanMember":
            return None
        case "inviteMember":
            return "forbidden" if target == "banned" else None
        case "setRole" if target == "owner2":
            return "forbidden"
        case "setRole":
            return "bad_request" if target in (*NOT_THERE, "banned") else None
    if target == "oneself" or (action == "kickMember" and target in NOT_THERE):
        return "bad_request"
    return None if RANKS[actor] > RANKS.get(target, 0) else "forbidden"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("actor", ["visitor", "member", "moderator", "owner", *NOT_IN_THE_ROOM])
@pytest.mark.parametrize("what", ON_PEOPLE)
def test_actions_on_users(rooms: AttackedRooms, what: str, actor: str, target: str) -> None:
    """A user cannot act on a higher or equal rank. Outsiders cannot act at all.

    On themselves, users can only do what `setRole` allows owners.
    """
    action = what.split()[0]
    user_id = f"u-{actor if target == 'oneself' else target}"
    frame = {"action": action, **TEA, "userId": user_id, **ON_PEOPLE[what]}
    code = expected(what, actor, target)

    if code:
        rooms.chat.rejects(actor, frame, code)
    else:
        with rooms.chat.undone():
            assert rooms.chat.says(actor, frame)["type"] != "error"


@pytest.mark.parametrize("target", ["visitor", "kicked", "stranger"])
def test_leaving_first_does_not_avoid_a_ban(rooms: AttackedRooms, target: str) -> None:
    """A former member, a kicked user and a stranger are banned on every device."""
    chat = rooms.chat
    with chat.undone():
        if target == "visitor":
            chat.does("visitor", "leaveRoom", **TEA, forGood=True)

        chat.does("moderator", "banMember", **TEA, userId=f"u-{target}")

        for device in (target, f"{target}.phone"):
            chat.rejects(device, {"action": "joinRoom", **TEA}, "forbidden")


@pytest.mark.parametrize("target", ["visitor", "kicked", "stranger"])
def test_leaving_first_does_not_avoid_a_mute(rooms: AttackedRooms, target: str) -> None:
    """A user who joins later is muted."""
    chat = rooms.chat
    with chat.undone():
        if target == "visitor":
            chat.does("visitor", "leaveRoom", **TEA)

        chat.does("moderator", "muteMember", **TEA, userId=f"u-{target}", seconds=60)

        chat.does(target, "joinRoom", **TEA)
        chat.rejects(target, {"action": "sendMessage", **TEA, "text": "hi"}, "forbidden")


@pytest.mark.parametrize("target", ["visitor", "member", "owner", "kicked", "stranger"])
def test_unbanning_a_user_who_is_not_banned(rooms: AttackedRooms, target: str) -> None:
    """The request changes nothing, and the user's list of rooms stays the same."""
    with rooms.chat.nothing_happens():
        rooms.chat.does("moderator", "unbanMember", **TEA, userId=f"u-{target}")


@pytest.mark.parametrize("whose", [*IN_THE_ROOM, "kicked", "banned"])
@pytest.mark.parametrize("actor", ["visitor", "member", "moderator", "owner", *NOT_IN_THE_ROOM])
def test_actions_on_messages(rooms: AttackedRooms, actor: str, whose: str) -> None:
    """Senders delete their own messages, moderators delete any.

    Outsiders delete none, even their own.
    """
    seq = rooms.seqs["tea"][whose]
    if actor in MODERATORS or (actor == whose and actor not in NOT_IN_THE_ROOM):
        with rooms.chat.undone():
            assert (
                rooms.chat.does(actor, "deleteMessage", **TEA, seq=seq)["message"]["deletedBy"]
                == f"u-{actor}"
            )
    else:
        frame = {"action": "deleteMessage", **TEA, "seq": seq}
        rooms.chat.rejects(
            actor, frame, "not_a_member" if actor in NOT_IN_THE_ROOM else "forbidden"
        )


ON_ROOMS: list[tuple[str, dict[str, Any], frozenset[str]]] = [
    ("createInvite", {}, MODERATORS),
    ("createInvite", {"uses": 1000, "expiresInSeconds": 2_592_000}, MODERATORS),
    ("listInvites", {}, MODERATORS),
    ("revokeInvite", {"inviteId": "0" * 64}, MODERATORS),
    ("listRoles", {"banned": True}, MODERATORS),
    ("updateRoom", {"name": "Mine"}, OWNERS),
    ("updateRoom", {"visibility": "public"}, OWNERS),
    ("updateRoom", {"name": "Mine", "visibility": "public"}, OWNERS),
    ("deleteRoom", {}, OWNERS),
]


@pytest.mark.parametrize(
    ("action", "fields", "may"), ON_ROOMS, ids=[f"{what}-{fields}" for what, fields, _ in ON_ROOMS]
)
@pytest.mark.parametrize("actor", ["visitor", "member", "moderator", "owner", *NOT_IN_THE_ROOM])
@pytest.mark.parametrize("room", ["tea", "private"])
def test_actions_on_rooms(
    rooms: AttackedRooms,
    room: str,
    actor: str,
    action: str,
    fields: dict[str, Any],
    may: frozenset[str],
) -> None:
    """Only permitted roles may act. For outsiders a private room does not exist."""
    frame = {"action": action, "roomId": rooms.private_id if room == "private" else room, **fields}
    if actor in may:
        with rooms.chat.undone():
            assert rooms.chat.says(actor, frame)["type"] != "error"
    else:
        hidden = room == "private" and actor in NOT_IN_THE_ROOM
        rooms.chat.rejects(actor, frame, "room_not_found" if hidden else "forbidden")


def test_the_last_owner_keeps_the_role(rooms: AttackedRooms) -> None:
    """The last owner can neither give up the role nor leave permanently."""
    with rooms.chat.undone():
        rooms.chat.does("owner2", "setRole", **TEA, userId="u-owner2", role="member")

        for role in ("member", "moderator"):
            frame = {"action": "setRole", **TEA, "userId": "u-owner", "role": role}
            rooms.chat.rejects("owner", frame, "forbidden")
        rooms.chat.rejects("owner", {"action": "leaveRoom", **TEA, "forGood": True}, "forbidden")


KEPT_MUTE: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "kickMember": [("kickMember", {})],
    "banMember": [("banMember", {})],
    "unbanMember": [("banMember", {}), ("unbanMember", {})],
    "setRole": [("setRole", {"role": "moderator"}), ("setRole", {"role": "member"})],
    "inviteMember": [("inviteMember", {})],
}


@pytest.mark.parametrize("actions", KEPT_MUTE.values(), ids=KEPT_MUTE.keys())
def test_nothing_else_lifts_a_mute(
    rooms: AttackedRooms, actions: list[tuple[str, dict[str, Any]]]
) -> None:
    """Later kicks, bans, roles and invitations leave the mute as it is."""
    chat = rooms.chat
    with chat.undone():
        chat.does("moderator", "muteMember", **TEA, userId="u-visitor", seconds=60)
        until = chat.stores.memberships.of("tea", "u-visitor").muted_until

        for action, fields in actions:
            chat.does("owner", action, **TEA, userId="u-visitor", **fields)

        assert chat.stores.memberships.of("tea", "u-visitor").muted_until == until is not None
        if actions[-1][0] != "banMember":
            for device in ("visitor", "visitor.phone"):
                chat.does(device, "joinRoom", **TEA)
                said = {"action": "sendMessage", **TEA, "text": "hi"}
                chat.rejects(device, said, "forbidden")


def test_an_invite_does_not_lift_a_mute(rooms: AttackedRooms) -> None:
    """A muted member who was kicked and joins by an invite is still muted."""
    chat, private_room = rooms.chat, {"roomId": rooms.private_id}
    with chat.undone():
        chat.does("moderator", "muteMember", **private_room, userId="u-member", seconds=60)
        chat.does("moderator", "kickMember", **private_room, userId="u-member")
        invite = chat.does("owner", "createInvite", **private_room)["invite"]

        chat.does("member", "joinRoom", **private_room, invite=invite)

        chat.rejects("member", {"action": "sendMessage", **private_room, "text": "hi"}, "forbidden")


def test_a_mute_applies_to_every_device(rooms: AttackedRooms) -> None:
    """The mute holds on every device, after leaving and rejoining, and with a clientMessageId."""
    chat = rooms.chat
    with chat.undone():
        chat.does("moderator", "muteMember", **TEA, userId="u-visitor", seconds=60)
        chat.does("visitor.phone", "joinRoom", **TEA)
        chat.does("visitor", "leaveRoom", **TEA, forGood=True)
        for device in ("visitor", "visitor.phone"):
            chat.does(device, "joinRoom", **TEA)
            for more in ({}, {"clientMessageId": "m1"}):
                frame = {"action": "sendMessage", **TEA, "text": "hi", **more}
                chat.rejects(device, frame, "forbidden")


def test_a_moderator_leaves_places_for_owners(make_chat: MakeChat) -> None:
    """A moderator who bans invented users cannot prevent owners from banning and inviting."""
    chat = make_chat(memberships_per_room=40)
    chat.does("owner", "createRoom", **TEA)
    for who in ("moderator", "flooder"):
        chat.does(who, "joinRoom", **TEA)
    chat.does("owner", "setRole", **TEA, userId="u-moderator", role="moderator")

    for n in range(36):
        chat.does("moderator", "banMember", **TEA, userId=f"invented-{n}")
    for action in ("banMember", "inviteMember"):
        chat.rejects("moderator", {"action": action, **TEA, "userId": "one-more"}, "forbidden")

    chat.does("owner", "banMember", **TEA, userId="u-flooder")
    chat.does("owner", "inviteMember", **TEA, userId="u-friend")
    chat.rejects("owner", {"action": "inviteMember", **TEA, "userId": "one-more"}, "forbidden")
