"""Text that would be more than text: in keys of the tables, in cursors, in names, in log lines."""

import json
from typing import Any

import pytest

from tests.security.all_actions import ACTIONS, fields_of, frames
from tests.security.attacked_chat import Told
from tests.security.attacked_rooms import TEA, Town
from tests.support.harness import Frame

STRANGE = [
    *("ROOM#tea", "tea#", "tea#MEMBER", "tea/../den", "*", "%", "..", "tea ", " tea", "TEA\n"),
    *("\x00", "tea\x00", "tea\u200b", "te\u0430", "~", "\U0010ffff", "tea'--", 'tea" OR "1', "$ne"),
    *(":room", "#name", "{}", "0" * 65, "", "tea,den", "tea;den", "\uff03", "\uff54ea"),
]
"""What is no id, though some store might take it for one, or for more."""

PATTERNED = [
    (action, name)
    for action in ACTIONS
    for name in ("roomId", "clientMessageId")
    if name in fields_of(action)
] + [("listRooms", "cursor")]


@pytest.mark.parametrize(("action", "field"), PATTERNED)
def test_ids(town: Town, action: str, field: str) -> None:
    """An id has 1 to 64 plain characters; all else is refused before anything is looked up."""
    for value in STRANGE:
        frame = {**next(frames(action)), field: value}
        town.chat.calls.clear()

        reply = town.chat.refuses("owner", frame, "bad_request")

        assert reply["message"].startswith(f"$.{field}: ")
        assert not town.chat.calls


USERS = [
    *("#", "u-owner#", "u-owner#m1", "MEMBER#u-owner", "ROOM", "\x00", "\x01", "~", "\U0010ffff"),
    *(
        "u-owne\u0433",
        "U-OWNER",
        "u-owner ",
        " u-owner",
        "u-owner\n",
        "u-owner\x00",
        "u-owner\u200b",
    ),
    *("*", "%", "' OR '1'='1", '{"$ne":""}', "${jndi:ldap://x}", "x" * 256, "\U0010ffff" * 64),
]


@pytest.mark.parametrize("user_id", USERS, ids=ascii)
@pytest.mark.parametrize("action", ["setRole", "kickMember"])
def test_user_ids(town: Town, action: str, user_id: str) -> None:
    """A user is exactly who has that id: nothing that looks like it, starts so, or matches."""
    frame = {**next(frames(action)), **TEA, "userId": user_id}

    reply = town.chat.refuses("owner", frame, "bad_request")

    assert reply["message"].startswith("$.userId: no user with this id")


@pytest.mark.parametrize("user_id", USERS, ids=ascii)
@pytest.mark.parametrize("action", ["banMember", "muteMember"])
def test_user_ids_of_nobody_there(town: Town, action: str, user_id: str) -> None:
    """Who is kept out or silenced under a strange id is of that id, and nobody else is."""
    chat = town.chat
    with chat.undone():
        before = chat.items()
        chat.does("owner", **{**next(frames(action)), **TEA, "userId": user_id})

        assert chat.changed(before).keys() == {("ROOM#tea", f"MEMBER#{user_id}")}
        for who in ("visitor", "member"):
            chat.does(who, "sendMessage", **TEA, text="still here")


@pytest.mark.parametrize("user_id", USERS, ids=ascii)
def test_invited_user_ids(town: Town, user_id: str) -> None:
    """Who is invited under a strange id is a member of that id, and nobody else is."""
    chat = town.chat
    with chat.undone():
        before = chat.items().keys()
        chat.does("owner", "inviteMember", roomId=town.den, userId=user_id, name="x")

        added = {(pk, sk) for _, pk, sk in chat.items().keys() - before}
        assert added == {
            (f"ROOM#{town.den}", f"MEMBER#{user_id}"),
            (f"USER#{user_id}", f"ROOM#{town.den}"),
        }
        people = chat.does("owner", "listRoles", roomId=town.den)["members"]
        assert user_id in [member["userId"] for member in people]
        for who in ("stranger", "kicked"):
            chat.refuses(who, {"action": "joinRoom", "roomId": town.den}, "room_not_found")


CURSORS = [*USERS, "MESSAGE#", "INVITE#", "../", "A", "a", "zzz", "u-", "\U0010fffe"]


@pytest.mark.parametrize("cursor", CURSORS, ids=ascii)
def test_cursors_of_roles(town: Town, cursor: str) -> None:
    """From wherever a list is read on, it is that room's list of members, and a page of it."""
    with town.chat.nothing_happens():
        reply = town.chat.does("visitor", "listRoles", **TEA, cursor=cursor)

    everybody = town.chat.does("visitor", "listRoles", **TEA)["members"]
    assert reply["members"] == [m for m in everybody if m["userId"].encode() > cursor.encode()]


@pytest.mark.parametrize("cursor", ["x" * 257, "\U0010ffff" * 65, "", 7, ["a"], {"pk": "x"}])
def test_no_cursors_of_roles(town: Town, cursor: Any) -> None:
    """What no page before has given is refused by its field."""
    frame = {"action": "listRoles", **TEA, "cursor": cursor}
    code = "too_large" if isinstance(cursor, str) and 64 < len(cursor) < 200 else "bad_request"

    assert town.chat.refuses("visitor", frame, code)["message"].startswith("$.cursor: ")


@pytest.mark.parametrize("cursor", ["-", "0", "Z", "_", "a", "tea", "z" * 64, "den"])
def test_cursors_of_rooms(town: Town, cursor: str) -> None:
    """From wherever the public rooms are read on, they are the public rooms."""
    for which in ("public", "mine"):
        everything = town.chat.does("stranger", "listRooms", which=which)["rooms"]

        reply = town.chat.does("stranger", "listRooms", which=which, cursor=cursor)

        assert reply["rooms"] == [e for e in everything if e["room"]["roomId"] > cursor]


FIELDS = [
    *("x` - at `$.text", "` - at `$", "`", "x\n", "\n` - at `$.text", "x\u2028y", "", " "),
    *("Object contains unknown field `text`", "x" * 65, "\n" * 65, "x" * 100 + "` - at `$.text"),
]
"""Names of fields that a parser of complaints might take for more than a name."""


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: ascii(field[:20]))
@pytest.mark.parametrize("action", ["ping", "sendMessage"])
def test_names_of_fields(town: Town, action: str, field: str) -> None:
    """An unknown field is complained about by its own name, cut, and under no other path."""
    reply = town.chat.refuses("owner", {**next(frames(action)), field: 1}, "bad_request")

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
"""What would end a line, colour a terminal, close a JSON string, or be formatted."""


def said(line: str) -> dict[str, Frame]:
    """Frames with the line wherever a client has a say."""
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
def test_log_lines(town: Town, told: Told, line: str, where: str) -> None:
    """Each event is one JSON object in one line of ASCII, and nothing of the client's is in it."""
    before = len(told.lines)

    with town.chat.undone():
        town.chat.says("owner", said(line)[where])

    (text,) = told.lines[before:]
    logged = json.loads(text)
    assert text.isascii()
    assert (logged["level"], logged["message"]) == ("INFO", "handled")
    assert (logged["function"], logged["connectionId"]) == ("chat", "owner")
    logged.pop("roomId", None)  # which is checked before, and no place for a line
    assert line not in logged.values()


def test_logs_hold_no_text(town: Town, told: Told) -> None:
    """What people say, and how they and their rooms are called, is in no log line."""
    with town.chat.undone():
        town.chat.does("owner", "sendMessage", **TEA, text="a very quiet remark")
        town.chat.does("owner", "updateRoom", **TEA, name="a very quiet name")
        frame = {"action": "sendMessage", **TEA, "text": "a very quiet remark", "x": "remark"}
        town.chat.refuses("owner", frame, "bad_request")

    assert "quiet" not in told.log.getvalue()


LOOK_ALIKES = [
    "\u043ewner",
    "ow\u0578er",
    "OWNER",
    "owner\u0301",
    "\uff4fwner",
    "owner (moderator)",
]


@pytest.mark.parametrize("name", LOOK_ALIKES, ids=ascii)
def test_look_alike_names(town: Town, name: str) -> None:
    """Allowed, as equal names are; they are another user's, unchanged, without the role."""
    chat = town.chat
    with chat.undone():
        token = chat.secret(chat.issuer.token(sub="u-mallory", name=name))
        assert chat.knocks("mallory", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["mallory"] = []
        chat.does("mallory", "joinRoom", **TEA)

        people = chat.does("visitor", "listMembers", **TEA)["members"]
        assert {"userId": "u-mallory", "name": name} in people
        assert {"userId": "u-owner", "name": "owner", "role": "owner"} in people
        chat.refuses("mallory", {"action": "deleteRoom", **TEA}, "forbidden")


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
def test_names_that_cannot_be_told_apart(town: Town, name: str) -> None:
    """Names with what nobody sees, or what turns the line around, are refused for rooms."""
    for action in ("createRoom", "updateRoom", "inviteMember"):
        fields = {"userId": "u-x"} if action == "inviteMember" else {}
        frame = {"action": action, "roomId": "tea", "name": name, **fields}

        assert town.chat.refuses("owner", frame, "bad_request")["message"].startswith("$.name: ")


@pytest.mark.parametrize("name", [*HIDDEN, "\u3164", " ", "\u200d"], ids=ascii)
def test_tokens_with_such_names(town: Town, name: str) -> None:
    """Whoever's token has such a name is called by their user id."""
    chat = town.chat
    with chat.undone():
        token = chat.secret(chat.issuer.token(sub="u-mallory", name=name))
        assert chat.knocks("mallory", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["mallory"] = []

        assert chat.does("mallory", "hello")["name"] in ("u-mallory", name.strip() or "u-mallory")
        assert chat.user_id("mallory") == "u-mallory"


CALLED = {
    "\u202eecila\u202c\n\u200b": "ecila",
    "owner\u200b": "owner",
    "u\u2066\nmallory ": "umallory",
    "\u2069" + "x" * 80: "x" * 64,
    "\u202e\u200b": "user",
    "\u3164": "user",
    "\u200d\u0301": "user",
}
"""User ids that nobody may have as a name, and what their users are called."""


@pytest.mark.parametrize(("user_id", "called"), CALLED.items(), ids=ascii)
@pytest.mark.parametrize("name", [None, "\u202e"], ids=ascii)
def test_user_ids_that_are_no_names(
    town: Town, user_id: str, called: str, name: str | None
) -> None:
    """In place of a name stands what can be seen of the user id; the id itself is as it was."""
    chat = town.chat
    with chat.undone():
        token = chat.secret(chat.issuer.token(sub=user_id, name=name))
        assert chat.knocks("mallory", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["mallory"] = []
        chat.does("mallory", "joinRoom", **TEA)

        assert chat.user_id("mallory") == user_id
        people = chat.does("visitor", "listMembers", **TEA)["members"]
        assert {"userId": user_id, "name": called} in people
        assert chat.heard("visitor")[-1]["member"] == {"userId": user_id, "name": called}
        chat.refuses("mallory", {"action": "deleteRoom", **TEA}, "forbidden")
