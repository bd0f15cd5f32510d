"""Frames to structs and back: what a client sent, or a clear error that names the field."""

import json
import re
from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

import msgspec

from chat.errors import BadRequest
from chat.protocol import ID_LENGTH, AnyEvent, AnyReply, AnyRequest
from chat.protocol.text import is_unicode


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A request whose action no struct has."""

    request_id: str | None = None


class Envelope(msgspec.Struct, frozen=True):
    """As much of a refused frame as its error repeats."""

    action: str | None = None
    request_id: str | None = None


ACTIONS = frozenset(struct.__struct_config__.tag for struct in get_args(AnyRequest))

_KINDS = {
    type(None): "null",
    bool: "bool",
    int: "int",
    float: "float",
    list: "array",
    dict: "object",
}
"""What JSON's values are called in errors, as msgspec calls them."""

_requests: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_encoder = msgspec.json.Encoder()


def encode(frame: AnyReply | AnyEvent) -> bytes:
    """One JSON text frame, UTF-8."""
    return _encoder.encode(frame)


def decode(text: str) -> AnyRequest | Unknown:
    """The request in *text*; raises `BadRequest`, naming the field."""
    try:
        return _requests.decode(text)
    except msgspec.ValidationError as error:
        frame = _loose(text)
        action = frame.get("action")
        if isinstance(action, str) and action not in ACTIONS:
            return Unknown(request_id=envelope_of(text).request_id)
        if "action" in frame and not isinstance(action, str):
            raise BadRequest(f"$.action: expected str, got {_KINDS[type(action)]}") from error
        raise BadRequest(_explain(str(error), action)) from error
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise BadRequest(_explain_malformed(text)) from error


def envelope_of(text: str) -> Envelope:
    """The action and requestId of a frame that was refused, where they can be read."""
    frame = _loose(text)
    return Envelope(_short(frame.get("action")), _short(frame.get("requestId")))


def _loose(text: str) -> dict[str, Any]:
    """As much of a frame as Python's own parser, which is more lenient, can read."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def _short(value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > ID_LENGTH or not is_unicode(value):
        return None
    return value


_AT = re.compile(r"^(?P<what>.*) - at `(?P<path>.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`$")
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>.*)`$", re.DOTALL)


def _explain(complaint: str, action: object) -> str:
    """msgspec's complaint in the protocol's words: `$.text: expected str, got int`.

    An unknown field is always the request's own, as requests hold no objects. Its name is the
    client's to choose, and may look like a path: so it is taken out whole, before any path is.
    """
    if unknown := _UNKNOWN.match(complaint):
        return f"{_path(unknown['name'])}: unknown field"
    at = _AT.match(complaint)
    path, what = (at["path"], at["what"]) if at else ("$", complaint)
    if missing := _MISSING.match(what):
        return f"{path}.{missing['name']}: required field is missing"
    if what.startswith(("Invalid enum value", "Invalid value")):  # with all that the client wrote
        choices = _choices(action, path)
        what = f"expected one of {', '.join(choices)}" if choices else "invalid value"
    if "matching regex" in what:
        what = f"expected 1 to {ID_LENGTH} characters of A-Z a-z 0-9 _ -"
    what = what.replace(" | null", "").replace("`", "")
    return f"{path}: {what[:1].lower()}{what[1:]}"


def _path(field: str) -> str:
    """The path of a request's field, whose name the client may have made up."""
    return f"$.{field[:ID_LENGTH]}"


def _choices(action: object, path: str) -> Sequence[str]:
    """The values of a field that has just a few; none where the frame breaks off behind it."""
    structs = [s for s in get_args(AnyRequest) if s.__struct_config__.tag == action]
    fields = {
        f"$.{field.encode_name}": field.type
        for struct in structs
        for field in msgspec.structs.fields(struct)
    }
    return _literals(fields.get(path))


def _literals(type_: Any) -> Sequence[str]:
    if get_origin(type_) is Literal:
        return get_args(type_)
    return [value for part in get_args(type_) for value in _literals(part)]


def _explain_malformed(text: str) -> str:
    frame = _loose(text)
    if not frame or is_unicode(json.dumps(frame, ensure_ascii=False)):
        return "$: expected one JSON object in a text frame"
    return f"{_surrogate_path(frame)}: expected Unicode text, got a lone surrogate"


def _surrogate_path(frame: Any) -> str:
    """Where a lone surrogate hides."""
    if isinstance(frame, dict):
        for key, value in frame.items():
            if not is_unicode(json.dumps(value, ensure_ascii=False)):
                return _path(key) if is_unicode(key) else "$"
    return "$"
