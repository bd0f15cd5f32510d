"""Whatever a client sends, it gets a typed error that names the field, and nothing is lost."""

import json

import pytest

from chat.dispatch import dispatch
from chat.protocol.codec import ACTIONS
from tests.support.harness import Chat, event

LONG = "x" * 100_000
DEEP = 50_000


def text_of(**fields: object) -> str:
    return json.dumps({"action": "sendMessage", "roomId": "tea", "text": "hi", **fields})


BAD: dict[str, tuple[str, str, str]] = {
    "empty": ("", "bad_request", "$: "),
    "not json": ("hello", "bad_request", "$: "),
    "truncated": ('{"action":', "bad_request", "$: "),
    "two objects": ('{"action":"ping"}{}', "bad_request", "$: "),
    "array": ("[1]", "bad_request", "$: expected object, got array"),
    "number": ("5", "bad_request", "$: expected object, got int"),
    "string": ('"hello"', "bad_request", "$: expected object, got str"),
    "null": ("null", "bad_request", "$: expected object, got null"),
    "no action": ("{}", "bad_request", "$.action: required field is missing"),
    "action of wrong type": ('{"action":[]}', "bad_request", "$.action: expected str, got array"),
    "action of null": ('{"action":null}', "bad_request", "$.action: expected str, got null"),
    "unknown action": ('{"action":"dance"}', "unknown_action", "$.action: expected one of "),
    "long action": (json.dumps({"action": LONG}), "unknown_action", "$.action: "),
    "reserved route": ('{"action":"$connect"}', "unknown_action", "$.action: "),
    "default route": ('{"action":"$default"}', "unknown_action", "$.action: "),
    "missing field": ('{"action":"joinRoom"}', "bad_request", "$.roomId: required field"),
    "extra field": (text_of(sender="eve"), "bad_request", "$.sender: unknown field"),
    "wrong type": (text_of(text=5), "bad_request", "$.text: expected str, got int"),
    "null field": (text_of(text=None), "bad_request", "$.text: expected str, got null"),
    "empty text": (text_of(text=""), "bad_request", "$.text: expected str of length >= 1"),
    "blank text": (text_of(text=" \n "), "bad_request", "$.text: expected some text"),
    "long text": (text_of(text="x" * 4001), "too_large", "$.text: expected at most 4000"),
    "huge text": (text_of(text=LONG), "too_large", "$.text: expected at most 4000"),
    "control character": (text_of(text="a\x1b[2J"), "bad_request", "$.text: control"),
    "nul": (text_of(text="a\x00b"), "bad_request", "$.text: control"),
    "raw control": ('{"action":"ping\x01"}', "bad_request", "$: "),
    "lone surrogate": (text_of(text="\ud800"), "bad_request", "$.text: expected Unicode"),
    "raw surrogate": ('{"action":"\udfff"}', "bad_request", "$.action: expected Unicode"),
    "surrogate in a key": ('{"action":"ping","\\ud800":1}', "bad_request", "$: expected Unicode"),
    "deep array": ("[" * DEEP, "bad_request", "$: expected object, got array"),
    "deep field": ('{"action":"ping","x":' + "[" * DEEP, "bad_request", "$.x: unknown field"),
    "deep text": (
        '{"action":"sendMessage","roomId":"tea","text":' + "[" * DEEP + "]" * DEEP + "}",
        "bad_request",
        "$.text: expected str, got array",
    ),
    "bad roomId": (text_of(roomId="no spaces"), "bad_request", "$.roomId: expected 1 to 64"),
    "roomId and newline": (text_of(roomId="tea\n"), "bad_request", "$.roomId: expected 1 to 64"),
    "empty roomId": (text_of(roomId=""), "bad_request", "$.roomId: expected 1 to 64"),
    "long roomId": (text_of(roomId="x" * 65), "bad_request", "$.roomId: expected 1 to 64"),
    "bad message id": (text_of(clientMessageId="#"), "bad_request", "$.clientMessageId: expected"),
    "requestId of wrong type": (text_of(requestId=5), "bad_request", "$.requestId: expected str"),
    "long requestId": (text_of(requestId="x" * 65), "bad_request", "$.requestId: expected str of"),
    "room name of two lines": (
        '{"action":"createRoom","name":"a\\nb"}',
        "bad_request",
        "$.name: control",
    ),
    "long room name": (
        json.dumps({"action": "createRoom", "name": "x" * 65}),
        "too_large",
        "$.name: expected at most 64",
    ),
    "blank room name": ('{"action":"createRoom","name":" "}', "bad_request", "$.name: expected"),
    "bad epoch": (
        '{"action":"joinRoom","roomId":"tea","epoch":7}',
        "bad_request",
        "$.epoch: expected str, got int",
    ),
    "no such role": (
        '{"action":"setRole","roomId":"tea","userId":"u","role":"king"}',
        "bad_request",
        "$.role: expected one of owner, moderator, member",
    ),
    "never private again": (
        '{"action":"updateRoom","roomId":"tea","visibility":"private"}',
        "bad_request",
        "$.visibility: expected one of public",
    ),
    "breaks off after a wrong choice": (
        '{"action":"updateRoom","visibility":""',
        "bad_request",
        "$.visibility: invalid value",
    ),
    "fraction": (
        '{"action":"getHistory","roomId":"tea","after":1.5}',
        "bad_request",
        "$.after: expected int, got float",
    ),
}


@pytest.mark.parametrize(("frame", "code", "message"), BAD.values(), ids=BAD.keys())
def test_names_the_field(chat: Chat, frame: str, code: str, message: str) -> None:
    """The error has its code and its field; the connection works on; nothing was written."""
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})

    reply = chat.says("alice", frame)

    assert (reply["type"], reply["code"]) == ("error", code)
    assert reply["message"].startswith(message)
    assert chat.says("alice", {"action": "getHistory", "roomId": "tea"})["messages"] == []


def test_errors_echo_what_was_asked(chat: Chat) -> None:
    """An error repeats requestId and action where it could read them."""
    reply = chat.says("alice", {"action": "dance", "requestId": "r1"})
    refused = chat.says("alice", {"action": "joinRoom", "requestId": "r2"})

    assert (reply["action"], reply["requestId"]) == ("dance", "r1")
    assert (refused["action"], refused["requestId"]) == ("joinRoom", "r2")
    assert all(action in reply["message"] for action in ACTIONS)


@pytest.mark.parametrize("text", ['"cut \\ud83d"', "NaN", "1e400"])
def test_malformed_frames_keep_their_request_id(chat: Chat, text: str) -> None:
    """A frame that only a lenient parser reads is refused under its own requestId."""
    frame = f'{{"action":"sendMessage","roomId":"tea","text":{text},"requestId":"7"}}'

    reply = chat.says("alice", frame)

    assert (reply["code"], reply["action"], reply["requestId"]) == (
        "bad_request",
        "sendMessage",
        "7",
    )


def test_refuses_binary_frames(chat: Chat) -> None:
    """A frame that came as bytes is `bad_request`."""
    chat.says("alice", {"action": "ping"})
    binary = {**event("MESSAGE", "alice", body="AAEC"), "isBase64Encoded": True}

    reply = json.loads(dispatch(binary, chat.services)["body"])

    assert reply["code"] == "bad_request"
    assert "text frame" in reply["message"]


@pytest.mark.parametrize("body", [{}, {"body": None}, {"body": ""}])
def test_answers_an_absent_body(chat: Chat, body: dict[str, None]) -> None:
    """An event without a body gets a reply like any other."""
    reply = json.loads(dispatch(event("MESSAGE", "alice", **body), chat.services)["body"])

    assert reply["code"] == "bad_request"


def test_surprises_stay_inside(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    """What nobody foresaw becomes `internal` with an id that finds the log line, and no detail."""
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})
    chat.stores.rooms._rooms["tea"] = None  # type: ignore[attr-defined]  # a store gone wrong

    reply = chat.says("alice", {"action": "joinRoom", "roomId": "tea", "requestId": "r1"})

    assert (reply["code"], reply["requestId"]) == ("internal", "r1")
    error_id = reply["message"].removeprefix("internal error ")
    assert reply["retryAfterMs"] > 0
    assert any(getattr(r, "fields", {}).get("errorId") == error_id for r in caplog.records)
