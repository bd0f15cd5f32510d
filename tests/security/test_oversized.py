"""Too much of everything: refused by its field, in little time, and without a trace."""

import json
import time
from typing import Any

import pytest

from chat.dispatch import dispatch
from tests.security.all_actions import ACTIONS, fields_of, frames
from tests.security.attacked_rooms import TEA, Town
from tests.support.harness import event

MESSAGE = 128 * 1024
"""Bytes of the longest message that API Gateway lets through."""

HUGE = "x" * (MESSAGE - 200)
SECONDS = 1.0
"""In which any frame is refused, on a machine that is busy with other tests."""

TOO_MUCH: dict[str, Any] = {
    "text": HUGE,
    "list": [0] * 40_000,
    "object": {f"k{n}": n for n in range(8_000)},
    "depth": json.loads("[" * 900 + "]" * 900),
    "digits": 10**4_000,
    "negative digits": -(10**4_000),
    "float": 1e300,
    "small": 5e-324,
    "below": -1,
    "boolean": True,
}

FLAGS = {"forGood", "banned"}

FIELDS = [(action, field) for action in ACTIONS for field in fields_of(action)]


@pytest.mark.parametrize(("action", "field"), FIELDS)
def test_fields(town: Town, action: str, field: str) -> None:
    """In every field of every action: too long, too deep, too large, or of another kind."""
    town.chat.does("owner", "ping")
    for much, value in TOO_MUCH.items():
        if much == "boolean" and field in FLAGS:
            continue
        with town.chat.nothing_happens():
            reply = town.chat.says("owner", {**next(frames(action)), field: value})

        assert reply["type"] == "error", much
        assert reply["code"] in ("bad_request", "too_large")
        assert reply["message"].startswith(f"$.{field}")
        assert len(json.dumps(reply)) < 1_000


RAW = {
    "deep arrays": '{"action":"ping","x":' + "[" * 60_000,
    "deep objects": '{"a":' * 20_000,
    "closed deep arrays": '{"action":"ping","requestId":' + "[" * 50_000 + "]" * 50_000 + "}",
    "an exponent": '{"action":"getHistory","roomId":"tea","after":1e400}',
    "a negative exponent": '{"action":"getHistory","roomId":"tea","after":-1e400}',
    "many digits": f'{{"action":"getHistory","roomId":"tea","after":{"9" * 100_000}}}',
    "many decimals": f'{{"action":"getHistory","roomId":"tea","after":0.{"9" * 100_000}}}',
    "many keys": "{" + ",".join(f'"k{n}":0' for n in range(10_000)) + "}",
    "one key many times": "{" + ",".join('"requestId":"r"' for _ in range(8_000)) + "}",
    "many escapes": '{"action":"ping","requestId":"' + "\\u0041" * 20_000 + '"}',
    "a long key": f'{{"action":"ping","{HUGE}":1}}',
    "a long key of two lines": f'{{"action":"ping","{HUGE}\\n":1}}',
    "a long key of half a character": f'{{"{HUGE}":"\\ud83d"}}',
    "a long action": f'{{"action":"{HUGE}"}}',
    "a long action and another": f'{{"action":"{HUGE}","action":"ping"}}',
    "a long action that breaks off": f'{{"action":"{HUGE}"',
    "spaces": " " * MESSAGE,
    "NaN": '{"action":"getHistory","roomId":"tea","after":NaN}',
    "Infinity": '{"action":"muteMember","roomId":"tea","userId":"u-visitor","seconds":Infinity}',
    "two frames": '{"action":"ping"}' * 5_000,
    "a byte order mark": '\ufeff{"action":"ping"}',
    "a comment": '{"action":"ping"/**/}',
    "single quotes": "{'action':'ping'}",
    "UTF-16 halves": '{"action":"ping","requestId":"\\ud83d"}',
}


@pytest.mark.parametrize("text", RAW.values(), ids=RAW.keys())
def test_frames(town: Town, text: str) -> None:
    """Frames that are more than JSON, or less: one short answer."""
    started = time.process_time()

    code = "unknown_action" if text == RAW["a long action"] else "bad_request"
    reply = town.chat.refuses("owner", text, code)

    assert time.process_time() - started < SECONDS
    assert len(json.dumps(reply)) < 1_000


@pytest.mark.parametrize(
    "text",
    ["x" * 4_001, "\U0001fad6" * 4_001, "x" * 100_000, "e\u0301" * 2_001, "\n" * 4_001 + "x"],
)
def test_texts(town: Town, text: str) -> None:
    """A text has so many code points, however many bytes or letters they are."""
    town.chat.refuses("owner", {"action": "sendMessage", **TEA, "text": text}, "too_large")


@pytest.mark.parametrize("name", ["x" * 65, "\U0001fad6" * 65, "x" * 100_000])
@pytest.mark.parametrize("action", ["createRoom", "updateRoom", "inviteMember"])
def test_names(town: Town, action: str, name: str) -> None:
    """So has a name."""
    frame = {**next(frames(action)), "name": name}

    town.chat.refuses("owner", frame, "too_large")


@pytest.mark.parametrize("body", [b"\x00" * 10, b"\xff\xfe", b'{"action":"ping"}'], ids=repr)
def test_binary_frames(town: Town, body: bytes) -> None:
    """Bytes are no frame, whatever is in them."""
    town.chat.does("owner", "ping")
    with town.chat.nothing_happens():
        arrived = {**event("MESSAGE", "owner", body=body.hex()), "isBase64Encoded": True}
        reply = json.loads(dispatch(arrived, town.chat.services)["body"])

    assert reply["code"] == "bad_request"


def test_whoever_is_unknown(town: Town) -> None:
    """A connection that was never opened, or has ended, does nothing at all."""
    town.chat.replies["ghost"] = []
    for action in ACTIONS:
        if action != "ping":
            for frame in frames(action):
                town.chat.refuses("ghost", frame, "unauthorized")
    del town.chat.replies["ghost"]
