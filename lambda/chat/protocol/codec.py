"""Decodes requests, and encodes replies and events."""

import json
import operator
from functools import reduce
from typing import Any

import msgspec

from chat.errors import BadRequest
from chat.protocol import ID_LENGTH, REQUEST_TYPES, Event, Reply, Request
from chat.protocol.msgspec_errors import explain, path_of
from chat.protocol.text import is_unicode


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A request with an action that the protocol does not have."""

    request_id: str | None = None


class Envelope(msgspec.Struct, frozen=True):
    """The fields of a rejected frame that its error repeats."""

    action: str | None = None
    request_id: str | None = None


ACTIONS = frozenset(str(struct.__struct_config__.tag) for struct in REQUEST_TYPES)

_KINDS = {
    type(None): "null",
    bool: "bool",
    int: "int",
    float: "float",
    list: "array",
    dict: "object",
}
"""Names of JSON's types in errors, as msgspec writes them."""

_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(reduce(operator.or_, REQUEST_TYPES))
_encoder = msgspec.json.Encoder()


def encode(frame: Reply | Event) -> bytes:
    """Return a frame as JSON in UTF-8."""
    return _encoder.encode(frame)


def decode(text: str) -> Request | Unknown:
    """Return the request in a frame. Raises BadRequest, which names the field."""
    try:
        return _requests.decode(text)
    except msgspec.ValidationError as error:
        frame = _read_leniently(text)
        action = frame.get("action")
        if isinstance(action, str) and action not in ACTIONS:
            return Unknown(request_id=envelope_of(text).request_id)
        if "action" in frame and not isinstance(action, str):
            raise BadRequest(f"$.action: expected str, got {_KINDS[type(action)]}") from error
        raise BadRequest(explain(str(error), action)) from error
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise BadRequest(_explain_malformed(text)) from error


def envelope_of(text: str) -> Envelope:
    """Return the action and requestId of a rejected frame, each None if it cannot be read."""
    frame = _read_leniently(text)
    return Envelope(_repeatable(frame.get("action")), _repeatable(frame.get("requestId")))


def _read_leniently(text: str) -> dict[str, Any]:
    """Return the frame as Python's parser reads it, which accepts more than msgspec.

    Returns an empty object if the frame is no JSON object.
    """
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def _repeatable(value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > ID_LENGTH or not is_unicode(value):
        return None
    return value


def _explain_malformed(text: str) -> str:
    frame = _read_leniently(text)
    if not frame or is_unicode(json.dumps(frame, ensure_ascii=False)):
        return "$: expected one JSON object in a text frame"
    return f"{_surrogate_path(frame)}: expected Unicode text, got a lone surrogate"


def _surrogate_path(frame: dict[str, Any]) -> str:
    """Return the path of the first field with a lone surrogate in its value."""
    for key, value in frame.items():
        if not is_unicode(json.dumps(value, ensure_ascii=False)):
            return path_of(key) if is_unicode(key) else "$"
    return "$"
