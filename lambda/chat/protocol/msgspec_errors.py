"""Turns msgspec's messages about invalid requests into the protocol's.

msgspec reports an invalid value only as text, so this module matches its texts. The tests list
every message of the pinned version, and an upgrade that changes one fails there.
"""

import re
from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

import msgspec

from chat.protocol import ID_LENGTH, REQUEST_TYPES

_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`$")
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>.*)`$", re.DOTALL)

_ANY_VALUE = ("Invalid enum value", "Invalid value")
"""How a message begins that repeats a value of the client, of any length."""


def explain(complaint: str, action: object) -> str:
    """Return the protocol's message: `$.text: expected str, got int`.

    An unknown field is always at the top level, because requests contain no objects. The client
    chooses its name, which may look like a path. The name is therefore read before any path.
    """
    if unknown := _UNKNOWN.match(complaint):
        return f"{path_of(unknown['name'])}: unknown field"
    what, path = _what_and_where(complaint)
    if missing := _MISSING.match(what):
        return f"{path}.{missing['name']}: required field is missing"
    return f"{path}: {_in_plain_words(what, choices=_choices(action, path))}"


def _what_and_where(complaint: str) -> tuple[str, str]:
    """Return a complaint without its path, and the path.

    A pattern would take quadratic time for a value that repeats the words before the path.
    """
    what, found, path = complaint.rpartition(" - at `")
    return (what, path[:-1]) if found and path.endswith("`") else (complaint, "$")


def path_of(field: str) -> str:
    """Return the path of a field of a request, whose name may be any text of the client."""
    return f"$.{field[:ID_LENGTH]}"


def _in_plain_words(what: str, *, choices: Sequence[str]) -> str:
    if what.startswith(_ANY_VALUE):
        return f"expected one of {', '.join(choices)}" if choices else "invalid value"
    if "matching regex" in what:
        return f"expected 1 to {ID_LENGTH} characters of A-Z a-z 0-9 _ -"
    what = what.replace(" | null", "").replace("`", "")
    return f"{what[:1].lower()}{what[1:]}"


def _choices(action: object, path: str) -> Sequence[str]:
    """Return the allowed values of a field, if its type lists them.

    If no request has this action, the list is empty. A truncated frame has no readable action.
    In such a frame, msgspec can report an invalid value before it finds the end.
    """
    fields = {
        path_of(field.encode_name): field.type
        for struct in REQUEST_TYPES
        if struct.__struct_config__.tag == action
        for field in msgspec.structs.fields(struct)
    }
    return _literals(fields.get(path))


def _literals(type_: Any) -> Sequence[str]:
    if get_origin(type_) is Literal:
        return get_args(type_)
    return [value for part in get_args(type_) for value in _literals(part)]
