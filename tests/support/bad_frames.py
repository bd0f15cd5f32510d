"""Frames that a client must not send: the code and the start of the message that answer each."""

import json

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
