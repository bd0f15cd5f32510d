"""Every message of msgspec about a request, and the protocol's message for it.

An upgrade of msgspec that words one differently fails here, and nowhere else first.
"""

import json
import operator
from functools import reduce
from typing import Any

import msgspec
import pytest

from chat.protocol import REQUEST_TYPES
from chat.protocol.msgspec_errors import explain

ROLES = {"roomId": "tea", "userId": "bob"}
ID_PATTERN = r"'^[A-Za-z0-9_-]{1,64}(?![\\s\\S])'"
AN_ID = "expected 1 to 64 characters of A-Z a-z 0-9 _ -"

FRAMES: dict[str, tuple[Any, str, str]] = {
    "array": ([1], "Expected `object`, got `array`", "$: expected object, got array"),
    "null": (None, "Expected `object`, got `null`", "$: expected object, got null"),
    "no action": (
        {},
        "Object missing required field `action`",
        "$.action: required field is missing",
    ),
    "action of another type": (
        {"action": []},
        "Expected `str` - at `$.action`",
        "$.action: expected str",
    ),
    "unknown action": (
        {"action": "dance"},
        "Invalid value 'dance' - at `$.action`",
        "$.action: invalid value",
    ),
    "missing field": (
        {"action": "joinRoom"},
        "Object missing required field `roomId`",
        "$.roomId: required field is missing",
    ),
    "unknown field": (
        {"action": "ping", "colour": 1},
        "Object contains unknown field `colour`",
        "$.colour: unknown field",
    ),
    "unknown field that looks like a path": (
        {"action": "ping", "a` - at `$.b": 1},
        "Object contains unknown field `a` - at `$.b`",
        "$.a` - at `$.b: unknown field",
    ),
    "unknown field of two lines": (
        {"action": "ping", "a\nb": 1},
        "Object contains unknown field `a\nb`",
        "$.a\nb: unknown field",
    ),
    "unknown field that is long": (
        {"action": "ping", "x" * 65: 1},
        f"Object contains unknown field `{'x' * 65}`",
        f"$.{'x' * 64}: unknown field",
    ),
    "another type": (
        {"action": "sendMessage", "roomId": "tea", "text": 5},
        "Expected `str`, got `int` - at `$.text`",
        "$.text: expected str, got int",
    ),
    "another type of an optional field": (
        {"action": "ping", "requestId": 5},
        "Expected `str | null`, got `int` - at `$.requestId`",
        "$.requestId: expected str, got int",
    ),
    "fraction": (
        {"action": "joinRoom", "roomId": "tea", "after": 1.5},
        "Expected `int | null`, got `float` - at `$.after`",
        "$.after: expected int, got float",
    ),
    "no boolean": (
        {"action": "leaveRoom", "roomId": "tea", "forGood": 1},
        "Expected `bool`, got `int` - at `$.forGood`",
        "$.forGood: expected bool, got int",
    ),
    "too short": (
        {"action": "sendMessage", "roomId": "tea", "text": ""},
        "Expected `str` of length >= 1 - at `$.text`",
        "$.text: expected str of length >= 1",
    ),
    "too long": (
        {"action": "ping", "requestId": "x" * 65},
        "Expected `str` of length <= 64 - at `$.requestId`",
        "$.requestId: expected str of length <= 64",
    ),
    "bad id": (
        {"action": "joinRoom", "roomId": "a b"},
        f"Expected `str` matching regex {ID_PATTERN} - at `$.roomId`",
        f"$.roomId: {AN_ID}",
    ),
    "too low": (
        {"action": "joinRoom", "roomId": "tea", "after": -1},
        "Expected `int` >= 0 - at `$.after`",
        "$.after: expected int >= 0",
    ),
    "too high": (
        {"action": "createInvite", "roomId": "tea", "uses": 1_001},
        "Expected `int` <= 1000 - at `$.uses`",
        "$.uses: expected int <= 1000",
    ),
    "more than 64 bits": (
        {"action": "joinRoom", "roomId": "tea", "after": 10**30},
        "Expected `int` <= 9999999999999999 - at `$.after`",
        "$.after: expected int <= 9999999999999999",
    ),
    "not one of a few": (
        {"action": "setRole", **ROLES, "role": "king"},
        "Invalid enum value 'king' - at `$.role`",
        "$.role: expected one of owner, moderator, member",
    ),
    "not one of a few, optional": (
        {"action": "updateRoom", "roomId": "tea", "visibility": "private"},
        "Invalid enum value 'private' - at `$.visibility`",
        "$.visibility: expected one of public",
    ),
}

TEXTS: dict[str, tuple[str, str, str]] = {
    "number beyond any float": (
        '{"action":"muteMember","roomId":"tea","userId":"bob","seconds":1e400}',
        "Number out of range - at `$.seconds`",
        "$.seconds: number out of range",
    ),
}

CASES = {name: (json.dumps(frame), *rest) for name, (frame, *rest) in FRAMES.items()} | TEXTS
requests = msgspec.json.Decoder(reduce(operator.or_, REQUEST_TYPES))


@pytest.mark.parametrize(("text", "theirs", "ours"), CASES.values(), ids=CASES)
def test_each_message_has_ours(text: str, theirs: str, ours: str) -> None:
    """The pinned msgspec has the message of the table, and the protocol has its own for it."""
    with pytest.raises(msgspec.ValidationError) as raised:
        requests.decode(text)

    frame = json.loads(text)
    assert str(raised.value) == theirs
    assert explain(theirs, frame.get("action") if isinstance(frame, dict) else None) == ours


def test_choices_of_an_unreadable_action_are_not_listed() -> None:
    """A truncated frame has no readable action, so its field has no list of values."""
    assert explain("Invalid enum value 'k' - at `$.role`", None) == "$.role: invalid value"
