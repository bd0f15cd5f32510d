"""What people write: the checks on text and names that a schema cannot express."""

import unicodedata

from chat.errors import BadRequest, TooLarge

_LAYOUT = frozenset("\t\n\r")
_NAME_BREAKERS = frozenset({"Cc", "Zl", "Zp", "Cs"})


def check_text(text: str, *, limit: int, path: str = "$.text") -> None:
    """Refuse what is blank, over *limit* code points, or holds control characters."""
    if len(text) > limit:
        raise TooLarge(f"{path}: expected at most {limit} characters, got {len(text)}")
    if not text.strip():
        raise BadRequest(f"{path}: expected some text, got only white space")
    if any(unicodedata.category(c) == "Cc" for c in text if c not in _LAYOUT):
        raise BadRequest(f"{path}: control characters are not allowed")


def check_name(name: str, *, limit: int, path: str = "$.name") -> None:
    """Refuse a name that is blank, over *limit* code points, or more than one line."""
    if len(name) > limit:
        raise TooLarge(f"{path}: expected at most {limit} characters, got {len(name)}")
    if not name.strip():
        raise BadRequest(f"{path}: expected some text, got only white space")
    if any(unicodedata.category(c) in _NAME_BREAKERS for c in name):
        raise BadRequest(f"{path}: control characters are not allowed")
