"""Oversized input is rejected by its field, in a short time, and changes nothing."""

import json
import time
from typing import Any

import pytest

from chat.dispatch import dispatch
from tests.security.all_actions import ACTIONS, fields_of, frames
from tests.security.attacked_rooms import TEA, AttackedRooms
from tests.support.harness import event

MESSAGE = 128 * 1024
"""The bytes of the longest message that API Gateway accepts."""

HUGE = "x" * (MESSAGE - 200)
SECONDS = 1.0
"""The processor time within which any frame is rejected, on a machine busy with other tests."""

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
def test_oversized_fields_are_rejected(rooms: AttackedRooms, action: str, field: str) -> None:
    """Every field rejects values that are too long, deep or large, or of another type."""
    rooms.chat.does("owner", "ping")
    for much, value in TOO_MUCH.items():
        if much == "boolean" and field in FLAGS:
            continue
        with rooms.chat.nothing_happens():
            reply = rooms.chat.says("owner", {**next(frames(action)), field: value})

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
def test_malformed_frames_are_rejected(rooms: AttackedRooms, text: str) -> None:
    """A frame that is more or less than JSON gets one short reply."""
    started = time.process_time()

    code = "unknown_action" if text == RAW["a long action"] else "bad_request"
    reply = rooms.chat.rejects("owner", text, code)

    assert time.process_time() - started < SECONDS
    assert len(json.dumps(reply)) < 1_000


@pytest.mark.parametrize(
    "text",
    ["x" * 4_001, "\U0001fad6" * 4_001, "x" * 100_000, "e\u0301" * 2_001, "\n" * 4_001 + "x"],
)
def test_oversized_texts_are_rejected(rooms: AttackedRooms, text: str) -> None:
    """The limit of a text counts code points, whatever their bytes or letters."""
    rooms.chat.rejects("owner", {"action": "sendMessage", **TEA, "text": text}, "too_large")


@pytest.mark.parametrize("name", ["x" * 65, "\U0001fad6" * 65, "x" * 100_000])
@pytest.mark.parametrize("action", ["createRoom", "updateRoom", "inviteMember"])
def test_oversized_names_are_rejected(rooms: AttackedRooms, action: str, name: str) -> None:
    """The limit of a name counts code points too."""
    frame = {**next(frames(action)), "name": name}

    rooms.chat.rejects("owner", frame, "too_large")


@pytest.mark.parametrize("body", [b"\x00" * 10, b"\xff\xfe", b'{"action":"ping"}'], ids=repr)
def test_binary_frames_are_rejected(rooms: AttackedRooms, body: bytes) -> None:
    """A binary frame is rejected, whatever it contains."""
    rooms.chat.does("owner", "ping")
    with rooms.chat.nothing_happens():
        arrived = {**event("MESSAGE", "owner", body=body.hex()), "isBase64Encoded": True}
        reply = json.loads(dispatch(arrived, rooms.chat.services)["body"])

    assert reply["code"] == "bad_request"


def test_an_unknown_connection_may_only_ping(rooms: AttackedRooms) -> None:
    """A connection that was never opened, or that has ended, cannot do anything else."""
    rooms.chat.replies["ghost"] = []
    for action in ACTIONS:
        if action != "ping":
            for frame in frames(action):
                rooms.chat.rejects("ghost", frame, "unauthorized")
    del rooms.chat.replies["ghost"]
