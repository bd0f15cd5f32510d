"""Who may do what to whom: every action, by every role, to every role."""

import re
from typing import Any

import pytest

from tests.security.all_actions import ACTIONS, OF_NO_ROOM
from tests.security.attacked_rooms import INSIDE, OUTSIDE, TEA, Town
from tests.security.role_table import ROWS

ALL = frozenset({"visitor", "member", "moderator", "owner"})
KEEPERS = frozenset({"moderator", "owner"})
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
    "kickMember": KEEPERS,
    "banMember": KEEPERS,
    "unbanMember": KEEPERS,
    "muteMember": KEEPERS,
    "inviteMember": KEEPERS,
    "createInvite": KEEPERS,
    "setRole": OWNERS,
    "updateRoom": OWNERS,
    "deleteRoom": OWNERS,
}
"""Who may do it at all, to whom or what they may do it to."""


def test_every_action_has_its_place() -> None:
    """A new action fails here until it is said who may do it."""
    assert MAY.keys() == set(ACTIONS) - OF_NO_ROOM


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_document_says_the_same(row: tuple[str, ...]) -> None:
    """The table of roles in docs/protocol.md is the one that is tested here."""
    what, *cells = row
    yes = {
        role
        for role, cell in zip(("visitor", "member", "moderator", "owner"), cells, strict=True)
        if cell == "yes"
    }

    for action in re.findall(r"`(\w+)`", what):
        assert yes == (
            KEEPERS if what.startswith("`deleteMessage` of others") else MAY[action]
        ) or (action == "deleteMessage" and "own" in what and yes == ALL), action


def test_the_document_names_every_action_of_some() -> None:
    """Whatever not everybody may do is in that table."""
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


def expected(action: str, actor: str, target: str) -> str | None:
    """The code of the refusal; None where it may be done."""
    if actor not in MAY[action]:
        return "forbidden"
    match action:
        case "unbanMember":
            return None
        case "inviteMember":
            return "forbidden" if target == "banned" else None
        case "setRole":
            return "bad_request" if target in (*NOT_THERE, "banned") else None
    if target == "oneself" or (action == "kickMember" and target in NOT_THERE):
        return "bad_request"
    return None if RANKS[actor] > RANKS.get(target, 0) else "forbidden"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("actor", ["visitor", "member", "moderator", "owner", *OUTSIDE])
@pytest.mark.parametrize("what", ON_PEOPLE)
def test_on_people(town: Town, what: str, actor: str, target: str) -> None:
    """Upwards, sideways and on oneself nothing goes; who is nobody does nothing to anybody."""
    action = what.split()[0]
    user_id = f"u-{actor if target == 'oneself' else target}"
    frame = {"action": action, **TEA, "userId": user_id, **ON_PEOPLE[what]}
    code = expected(action, actor, target)

    if code:
        town.chat.refuses(actor, frame, code)
    else:
        with town.chat.undone():
            assert town.chat.says(actor, frame)["type"] != "error"


@pytest.mark.parametrize("target", ["visitor", "kicked", "stranger"])
def test_leaving_in_time_is_no_way_around_a_ban(town: Town, target: str) -> None:
    """Who has just left, was put out before, or was never there, is kept out on every device."""
    chat = town.chat
    with chat.undone():
        if target == "visitor":
            chat.does("visitor", "leaveRoom", **TEA, forGood=True)

        chat.does("moderator", "banMember", **TEA, userId=f"u-{target}")

        for device in (target, f"{target}.phone"):
            chat.refuses(device, {"action": "joinRoom", **TEA}, "forbidden")


@pytest.mark.parametrize("target", ["visitor", "kicked", "stranger"])
def test_nor_around_a_mute(town: Town, target: str) -> None:
    """Who comes back, or comes at all, comes without a voice."""
    chat = town.chat
    with chat.undone():
        if target == "visitor":
            chat.does("visitor", "leaveRoom", **TEA)

        chat.does("moderator", "muteMember", **TEA, userId=f"u-{target}", seconds=60)

        chat.does(target, "joinRoom", **TEA)
        chat.refuses(target, {"action": "sendMessage", **TEA, "text": "hi"}, "forbidden")


@pytest.mark.parametrize("target", ["visitor", "member", "owner", "kicked", "stranger"])
def test_unbanning_who_is_not_banned(town: Town, target: str) -> None:
    """Changes nothing, above all not what the room is to them."""
    with town.chat.nothing_happens():
        town.chat.does("moderator", "unbanMember", **TEA, userId=f"u-{target}")


@pytest.mark.parametrize("whose", [*INSIDE, "kicked", "banned"])
@pytest.mark.parametrize("actor", ["visitor", "member", "moderator", "owner", *OUTSIDE])
def test_on_messages(town: Town, actor: str, whose: str) -> None:
    """One's own, or, keeping order, anyone's; who is out takes back nothing, not even their own."""
    seq = town.seqs["tea"][whose]
    if actor in KEEPERS or (actor == whose and actor not in OUTSIDE):
        with town.chat.undone():
            assert (
                town.chat.does(actor, "deleteMessage", **TEA, seq=seq)["message"]["deletedBy"]
                == f"u-{actor}"
            )
    else:
        frame = {"action": "deleteMessage", **TEA, "seq": seq}
        town.chat.refuses(actor, frame, "not_a_member" if actor in OUTSIDE else "forbidden")


ON_ROOMS: list[tuple[str, dict[str, Any], frozenset[str]]] = [
    ("createInvite", {}, KEEPERS),
    ("createInvite", {"uses": 1000, "expiresInSeconds": 2_592_000}, KEEPERS),
    ("listRoles", {"banned": True}, KEEPERS),
    ("updateRoom", {"name": "Mine"}, OWNERS),
    ("updateRoom", {"visibility": "public"}, OWNERS),
    ("updateRoom", {"name": "Mine", "visibility": "public"}, OWNERS),
    ("deleteRoom", {}, OWNERS),
]


@pytest.mark.parametrize(
    ("action", "fields", "may"), ON_ROOMS, ids=[f"{what}-{fields}" for what, fields, _ in ON_ROOMS]
)
@pytest.mark.parametrize("actor", ["visitor", "member", "moderator", "owner", *OUTSIDE])
@pytest.mark.parametrize("room", ["tea", "den"])
def test_on_rooms(
    town: Town, room: str, actor: str, action: str, fields: dict[str, Any], may: frozenset[str]
) -> None:
    """Only who may; to whom the private room does not exist, it does not even then."""
    frame = {"action": action, "roomId": town.den if room == "den" else room, **fields}
    if actor in may:
        with town.chat.undone():
            assert town.chat.says(actor, frame)["type"] != "error"
    else:
        hidden = room == "den" and actor in OUTSIDE
        town.chat.refuses(actor, frame, "room_not_found" if hidden else "forbidden")


def test_the_last_owner_stays(town: Town) -> None:
    """Neither stepping down nor leaving for good leaves a room without an owner."""
    with town.chat.undone():
        town.chat.does("owner", "setRole", **TEA, userId="u-owner2", role="member")

        for role in ("member", "moderator"):
            frame = {"action": "setRole", **TEA, "userId": "u-owner", "role": role}
            town.chat.refuses("owner", frame, "forbidden")
        town.chat.refuses("owner", {"action": "leaveRoom", **TEA, "forGood": True}, "forbidden")


KEPT_MUTE: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "kickMember": [("kickMember", {})],
    "banMember": [("banMember", {})],
    "unbanMember": [("banMember", {}), ("unbanMember", {})],
    "setRole": [("setRole", {"role": "moderator"}), ("setRole", {"role": "member"})],
    "inviteMember": [("inviteMember", {})],
}


@pytest.mark.parametrize("deeds", KEPT_MUTE.values(), ids=KEPT_MUTE.keys())
def test_nothing_else_lifts_a_mute(town: Town, deeds: list[tuple[str, dict[str, Any]]]) -> None:
    """Whatever becomes of who is muted: what is kept of it, and of their voice, is as before."""
    chat = town.chat
    with chat.undone():
        chat.does("moderator", "muteMember", **TEA, userId="u-visitor", seconds=60)
        until = chat.stores.memberships.of("tea", "u-visitor").muted_until

        for action, fields in deeds:
            chat.does("owner", action, **TEA, userId="u-visitor", **fields)

        assert chat.stores.memberships.of("tea", "u-visitor").muted_until == until is not None
        if deeds[-1][0] != "banMember":
            for device in ("visitor", "visitor.phone"):
                chat.does(device, "joinRoom", **TEA)
                said = {"action": "sendMessage", **TEA, "text": "hi"}
                chat.refuses(device, said, "forbidden")


def test_nor_does_an_invite(town: Town) -> None:
    """A muted member who was put out and comes back by an invite is a muted member."""
    chat, den = town.chat, {"roomId": town.den}
    with chat.undone():
        chat.does("moderator", "muteMember", **den, userId="u-member", seconds=60)
        chat.does("moderator", "kickMember", **den, userId="u-member")
        invite = chat.does("owner", "createInvite", **den)["invite"]

        chat.does("member", "joinRoom", **den, invite=invite)

        chat.refuses("member", {"action": "sendMessage", **den, "text": "hi"}, "forbidden")


def test_a_mute_holds_everywhere(town: Town) -> None:
    """On every device, after leaving and coming back, and for what could pass as speaking."""
    chat = town.chat
    with chat.undone():
        chat.does("moderator", "muteMember", **TEA, userId="u-visitor", seconds=60)
        chat.does("visitor.phone", "joinRoom", **TEA)
        chat.does("visitor", "leaveRoom", **TEA, forGood=True)
        for device in ("visitor", "visitor.phone"):
            chat.does(device, "joinRoom", **TEA)
            for more in ({}, {"clientMessageId": "m1"}):
                frame = {"action": "sendMessage", **TEA, "text": "hi", **more}
                chat.refuses(device, frame, "forbidden")
