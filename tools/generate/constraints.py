"""Write web/sdk/protocol/constraints.ts: the rules of names and ids, from `chat.protocol`.

`make types` runs it, as it runs `typescript.py`. A test fails while the file is stale.
"""

from msgspec.inspect import Metadata, StrType, type_info
from msgspec.structs import fields

from chat.protocol import text
from chat.protocol.parts import Identifier
from chat_stack.settings.limits import Limits
from tools.common import ROOT

TARGET = ROOT / "web" / "sdk" / "protocol" / "constraints.ts"

HEADER = "// Generated from lambda/chat/protocol by `make types`."


def render() -> str:
    """Return the file's text."""
    breakers = "".join(f"\\p{{{category}}}" for category in text.NAME_BREAKERS)
    blank = "".join(f"\\p{{{letter}}}" for letter in text.BLANK_CLASSES)
    constants = (
        ("The pattern of a room's id.", f'ROOM_ID_PATTERN = "{_room_id()}"'),
        (
            "Characters of a name. An environment can have another limit, in `welcome.limits`.",
            f"NAME_LENGTH = {_default('name_length')}",
        ),
        (
            "Characters that end a line, hide in it, or reverse it. Joiners are an exception.",
            f"NAME_BREAKERS = /[{breakers}]/u",
        ),
        (
            "Format characters that Persian spelling and emoji of several parts need.",
            f"JOINERS = /[{_escaped(text.JOINERS)}]/g",
        ),
        (
            "Characters that leave a mark on the screen. Some letters and symbols are blank.",
            f"VISIBLE = /[^{blank}{_escaped(text.BLANKS)}]/u",
        ),
    )
    parts = (f"/** {doc} */\nexport const {constant};\n" for doc, constant in constants)
    return "\n".join((f"{HEADER}\n", *parts))


def _room_id() -> str:
    """Return the pattern without its anchors."""
    info = type_info(Identifier)
    if isinstance(info, Metadata):
        info = info.type
    if not isinstance(info, StrType) or info.pattern is None:
        raise TypeError(info)
    return info.pattern.removeprefix("^").removesuffix(r"(?![\s\S])")


def _default(setting: str) -> object:
    return next(field.default for field in fields(Limits) if field.name == setting)


def _escaped(characters: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in characters)


def main() -> None:
    """Write the file."""
    TARGET.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
