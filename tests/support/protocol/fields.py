"""The cells of docs/protocol.md for each field: its type, its limit and its default."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import NODEFAULT
from msgspec.inspect import (
    BoolType,
    Field,
    FloatType,
    IntType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

from chat_stack.settings.settings import Settings
from tools.generate.asyncapi import Struct


def fields_of(struct: Struct) -> Sequence[Field]:
    """Return the fields of a struct as msgspec describes them."""
    info = type_info(struct)
    assert isinstance(info, StructType)
    return info.fields


def default_settings() -> Mapping[str, Any]:
    """Return the defaults of the settings, by their names in cdk.json."""
    return {field.encode_name: field.default for field in fields_of(Settings)}


_DEFAULTS = default_settings()

CHECKED_BY_HANDLERS = {
    ("sendMessage", "text"): f"1 to {_DEFAULTS['textLength']:,} characters",
    ("createRoom", "name"): f"1 to {_DEFAULTS['nameLength']:,} characters",
    ("updateRoom", "name"): f"1 to {_DEFAULTS['nameLength']:,} characters",
    ("inviteMember", "name"): f"up to {_DEFAULTS['nameLength']:,} characters",
    ("getHistory", "limit"): f"1 to {_DEFAULTS['historyPage']:,}",
}
"""Limits that are settings; a schema cannot have them."""


def rows(struct: Struct, *, of: str, besides: Sequence[str] = ()) -> list[list[str]]:
    """Return the first four cells of each row: field, type, limit and default."""
    return [
        [
            f"`{field.encode_name}`",
            type_of(field.type),
            CHECKED_BY_HANDLERS.get((of, field.encode_name)) or limit_of(field),
            default_of(field, required="required" if _is_request(struct) else "always present"),
        ]
        for field in fields_of(struct)
        if field.encode_name not in besides
    ]


def type_of(type_: Type) -> str:
    """Return the cell for a type."""
    match type_:
        case Metadata(type=inner):
            return type_of(inner)
        case StrType():
            return "string"
        case BoolType():
            return "boolean"
        case IntType():
            return "integer"
        case FloatType():
            return "number"
        case LiteralType(values=values):
            return "[error code](#errors)" if "internal" in values else "string"
        case VarTupleType(item_type=inner):
            return f"list of {type_of(inner)}"
        case StructType(cls=cls):
            return _link(cls)
        case UnionType(types=types):
            return next(type_of(inner) for inner in types if not isinstance(inner, NoneType))
    raise TypeError(type_)


def limit_of(field: Field) -> str:
    """Return the cell for what a schema allows; empty if it allows any value of the type."""
    return _limit(field.type)


def default_of(field: Field, *, required: str) -> str:
    """Return the cell for what an absent field means."""
    if field.required:
        return required
    if field.default in (None, NODEFAULT):
        return "absent"
    return f"`{_json(field.default)}`"


def _limit(type_: Type) -> str:
    match type_:
        case Metadata(type=inner, extra_json_schema={"description": "At most 256 bytes of UTF-8."}):
            return _limit(inner).replace("characters", "bytes")
        case Metadata(type=inner):
            return _limit(inner)
        case StrType(pattern=str(pattern)) if "0-9a-f" in pattern:
            return "64 hex digits"
        case StrType(pattern=str()):
            return "1 to 64 of `A-Z a-z 0-9 _ -`"
        case StrType(min_length=low, max_length=int(high)):
            return f"{f'{low} to' if low else 'up to'} {high:,} characters"
        case IntType(ge=int(low), le=int(high)):
            return f"{low:,} to {high:,}"
        case LiteralType(values=values) if "internal" not in values:
            return ", ".join(f"`{value}`" for value in values)
        case UnionType(types=types):
            return next(_limit(inner) for inner in types if not isinstance(inner, NoneType))
    return ""


def _is_request(struct: Struct) -> bool:
    return struct.__struct_config__.tag_field == "action"


def _json(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case ():
            return "[]"
        case int():
            return f"{value:,}"
    return str(value)


def _link(cls: type) -> str:
    name = cls.__name__
    anchor = "limits" if name == "Limits" else f"{name.lower()}-object"
    return f"[{name}](#{anchor})"
