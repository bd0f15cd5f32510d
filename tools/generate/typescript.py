"""Write web/sdk/protocol/types.ts, the protocol as TypeScript, from `chat.protocol`.

Run `make types` after a change of the protocol; a test fails while the file is stale.
"""

import inspect
import textwrap

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

from chat.protocol import EVENT_TYPES, REPLIES, REPLY_TYPES, REQUEST_TYPES
from tools.common import ROOT
from tools.generate.asyncapi import Struct

TARGET = ROOT / "web" / "sdk" / "protocol" / "types.ts"

NAMES = {"Error": "ErrorReply", "MessageEvent": "MessagePushed", "Room": "RoomInfo"}
"""Names in place of those that JavaScript or the SDK uses for something else."""


def render() -> str:
    """Return the file's text."""
    structs = (*REQUEST_TYPES, *REPLY_TYPES, *EVENT_TYPES)
    parts = [
        "// Generated from lambda/chat/protocol by `make types`.",
        f"{_doc('The kind of an error.')}export type ErrorCode ={_either(_codes())};",
        *(_interface(part) for part in _parts(structs)),
        *(_interface(type_info(struct)) for struct in structs),
        _union("AnyRequest", REQUEST_TYPES, "A request; `action` says which."),
        _union("AnyReply", REPLY_TYPES, "A reply; `type` says which."),
        _union("AnyEvent", EVENT_TYPES, "An event; `type` says which."),
        _replies(),
    ]
    return "\n\n".join(parts) + "\n"


def _codes() -> list[str]:
    fields = [field for struct in REPLY_TYPES for field in _struct(type_info(struct)).fields]
    literals = [field.type for field in fields if isinstance(field.type, LiteralType)]
    return [f'"{code}"' for code in literals[0].values]


def _parts(structs: tuple[Struct, ...]) -> list[StructType]:
    """Return the structs inside of frames, each after the structs that it contains."""
    found: dict[type, StructType] = {}
    for struct in structs:
        for field in _struct(type_info(struct)).fields:
            _collect(field.type, found)
    return list(found.values())


def _collect(type_: Type, found: dict[type, StructType]) -> None:
    match type_:
        case StructType(fields=fields, cls=cls) if cls not in found:
            for field in fields:
                _collect(field.type, found)
            found[cls] = type_
        case VarTupleType(item_type=inner) | Metadata(type=inner):
            _collect(inner, found)
        case UnionType(types=types):
            for inner in types:
                _collect(inner, found)


def _struct(type_: Type) -> StructType:
    if not isinstance(type_, StructType):
        raise TypeError(type_)
    return type_


def _interface(type_: Type) -> str:
    struct = _struct(type_)
    tag = [f'readonly {struct.tag_field}: "{struct.tag}";'] if struct.tag_field else []
    lines = [*tag, *(line for field in struct.fields for line in _field(field))]
    body = textwrap.indent("\n".join(lines), "  ")
    return f"{_doc(inspect.getdoc(struct.cls))}export interface {_name(struct.cls)} {{\n{body}\n}}"


def _field(field: Field) -> list[str]:
    optional = "" if field.required else "?"
    declared = f"readonly {field.encode_name}{optional}: {_type(field.type)};"
    return [*_doc(_description(field.type)).splitlines(), declared]


def _description(type_: Type) -> str | None:
    match type_:
        case Metadata(extra_json_schema={"description": str(text)}):
            return text
        case Metadata(type=inner):
            return _description(inner)
        case UnionType(types=types):
            return next(filter(None, map(_description, types)), None)
    return None


def _type(type_: Type) -> str:
    match type_:
        case Metadata(type=inner):
            return _type(inner)
        case StrType():
            return "string"
        case BoolType():
            return "boolean"
        case IntType() | FloatType():
            return "number"
        case LiteralType(values=values):
            words = [f'"{value}"' for value in values]
            return "ErrorCode" if words == _codes() else " | ".join(words)
        case VarTupleType(item_type=inner):
            return f"readonly {_type(inner)}[]"
        case StructType(cls=cls):
            return _name(cls)
        case UnionType(types=types):
            # Absent, not null: the protocol leaves defaults out.
            return " | ".join(_type(inner) for inner in types if not isinstance(inner, NoneType))
    raise TypeError(type_)


def _union(name: str, structs: tuple[Struct, ...], doc: str) -> str:
    return f"{_doc(doc)}export type {name} ={_either([_name(struct) for struct in structs])};"


def _replies() -> str:
    lines = "\n".join(
        f"  readonly {request.__struct_config__.tag}: {_name(reply)};"
        for request, reply in REPLIES.items()
    )
    doc = _doc("The reply to each action; an `error` can answer all.")
    return f"{doc}export interface Replies {{\n{lines}\n}}"


def _either(names: list[str]) -> str:
    return "".join(f"\n  | {name}" for name in names)


def _name(struct: type) -> str:
    return NAMES.get(struct.__name__, struct.__name__)


def _doc(text: str | None) -> str:
    return f"/** {' '.join(text.split())} */\n" if text else ""


def main() -> None:
    """Write the file to its place."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
