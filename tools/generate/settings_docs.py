"""Generates docs/settings.md from the settings: `make settings`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType
from typing import Any

import msgspec
from msgspec import inspect

from chat_stack.settings.identity import Choice, Endpoints, Page
from chat_stack.settings.settings import Settings
from chat_stack.settings.types import Domain

PROJECT = Path(__file__).resolve().parents[2]
TARGET = PROJECT / "docs" / "settings.md"
HEAD = """# Settings

<!-- Written by `make settings` from chat_stack/settings/settings.py. -->

Each environment in `cdk.json`, under `environments`, has these settings.
A setting that is not in `cdk.json` has its default.
If a value is wrong, `cdk synth` ends with one line that names its place:

```text
cdk.json: environments.prod.textLength: expected int, got str
```

You can change the settings of a deployed environment at any time.
No change replaces a table or loses a message.

- `stageName` changes the URL to which clients connect.
- `roomsTable` changes which rooms the chat has.
- `retentionDays` applies to messages that are sent after the change.
- `encryptionKey` encrypts the existing tables with the new key.

Each setting that the functions need is an environment variable of theirs with the same name:
`connectionMessageRate` is `CONNECTION_MESSAGE_RATE`.

"""
DOMAINS = """## Domains

`webDomain` and `webSocketDomain` are objects.
[custom-domains.md](setup/custom-domains.md) says where their values come from.

"""
IDENTITY = """## Identity

`identity` is an object such as `{"type": "guest"}`, with one of these types:

"""
ENVIRONMENTS = """## The environments of cdk.json

The settings that `cdk.json` gives its environments.
An empty cell is the default.

"""
Row = tuple[str, ...]


def render() -> str:
    """Return the whole document."""
    parts = (HEAD, *_sections(), DOMAINS, _fields(Domain))
    parts = (*parts, IDENTITY, *_kinds(), ENVIRONMENTS, _given())
    return "".join(parts).rstrip() + "\n"


def described(field: msgspec.structs.FieldInfo) -> str:
    """Return the description of a field; empty if it has none."""
    return str((_schema(field) or {}).get("description", ""))


def _sections() -> Iterator[str]:
    rows: list[Row] = []
    for field in msgspec.structs.fields(Settings):
        if section := _section(field):
            yield from _finished(rows)
            rows = []
            yield f"## {section}\n\n"
        rows.append(_row(field))
    yield from _finished(rows)


def _kinds() -> Iterator[str]:
    for struct in (*Choice.__args__, Page, Endpoints):
        config = struct.__struct_config__
        name = f"`{config.tag}`" if config.tag else f"`{struct.__name__.lower()}`"
        about = (struct.__doc__ or "").strip().partition("\n")[0]
        yield f"{name}: {about[0].lower()}{about[1:]}\n\n"
        yield _fields(struct)


def _fields(struct: type[msgspec.Struct]) -> str:
    return "".join(_finished([_row(field) for field in msgspec.structs.fields(struct)]))


def _finished(rows: list[Row]) -> Iterator[str]:
    if rows:
        yield _table(("setting", "is", "default", "meaning"), rows)


def _row(field: msgspec.structs.FieldInfo) -> Row:
    return (
        f"`{field.encode_name}`",
        _kind(inspect.type_info(field.type)),
        _default(field),
        described(field),
    )


def _kind(type_: inspect.Type) -> str:
    """Return the accepted values in words."""
    match type_:
        case inspect.Metadata(type=inner):
            return _kind(inner)
        case inspect.UnionType(types=types):
            return " or ".join(_kind(it) for it in types if not isinstance(it, inspect.NoneType))
        case inspect.LiteralType(values=values):
            return ", ".join(f"`{value}`" for value in values)
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most):
            return _numbers(least, most)
        case inspect.BoolType():
            return "`true`, `false`"
        case inspect.StrType(pattern=pattern):
            return f"text: `{pattern}`".replace("|", "\\|") if pattern else "text"
        case inspect.DictType():
            return "object of texts"
        case inspect.VarTupleType(item_type=item):
            return f"list of {_kind(item)}"
        case inspect.StructType(cls=cls):
            tag = cls.__struct_config__.tag
            return f"`{tag}`" if tag else f"object `{cls.__name__.lower()}`"
    raise TypeError(f"no description of {type_}")


def _numbers(least: float | None, most: float | None) -> str:
    if most is None:
        return f"number from {least:,}"
    return f"{least:,} to {most:,}"


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default_factory is not msgspec.NODEFAULT:
        return _value(field.default_factory())
    if field.default is not msgspec.NODEFAULT:
        return _value(field.default)
    return "the environment's name" if field.name == "stage_name" else "required"


def _value(value: object) -> str:
    match value:
        case None | () | NoneType():
            return "none"
        case dict() if not value:
            return "none"
        case msgspec.Struct():
            return f"`{value.__struct_config__.tag}`"
    return f"`{json.dumps(value)}`"


def _section(field: msgspec.structs.FieldInfo) -> str | None:
    info = inspect.type_info(field.type)
    return (info.extra or {}).get("section") if isinstance(info, inspect.Metadata) else None


def _schema(field: msgspec.structs.FieldInfo) -> Mapping[str, Any] | None:
    info = inspect.type_info(field.type)
    return info.extra_json_schema if isinstance(info, inspect.Metadata) else None


def _given() -> str:
    given = json.loads((PROJECT / "cdk.json").read_text())["context"]["environments"]
    keys = [field.encode_name for field in msgspec.structs.fields(Settings)]
    changed = [key for key in keys if any(key in settings for settings in given.values())]
    rows = [
        (f"`{key}`", *(f"`{json.dumps(s[key])}`" if key in s else "" for s in given.values()))
        for key in changed
    ]
    return _table(("setting", *(f"`{name}`" for name in given)), rows)


def _table(head: Row, rows: list[Row]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def main() -> None:
    """Write the document."""
    TARGET.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
