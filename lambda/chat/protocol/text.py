"""Checks on the texts and names that users write, which a schema cannot express."""

import unicodedata

from chat.errors import BadRequest, TooLarge

USER_ID_BYTES = 256
"""A user id's maximum. An OpenID Connect subject has up to 255: https://openid.net/specs/openid-connect-core-1_0.html#IDToken"""

_LAYOUT = frozenset("\t\n\r")
NAME_BREAKERS = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories of characters that end a line, are hidden in it, or reverse it."""
JOINERS = "\u200c\u200d"
"""Format characters that names need: Persian spelling, and emoji of several parts."""
BLANK_CLASSES = "CMZ"
"""First letters of the invisible Unicode categories: controls, marks, separators."""
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Characters that are letters or symbols by their category, and blank on the screen."""


def check_text(text: str, *, limit: int, path: str = "$.text") -> None:
    """Raise `TooLarge` over *limit* code points, `BadRequest` for blank or control characters."""
    if len(text) > limit:
        raise TooLarge(f"{path}: expected at most {limit} characters, got {len(text)}")
    if not any(_is_seen(c) for c in text):
        raise BadRequest(f"{path}: expected some text, got nothing visible")
    if any(unicodedata.category(c) == "Cc" for c in text if c not in _LAYOUT):
        raise BadRequest(f"{path}: control characters are not allowed")


def check_name(name: str, *, limit: int, path: str = "$.name") -> None:
    """Raise `TooLarge` over *limit* code points, `BadRequest` for a name that cannot be shown.

    Such a name is blank, has more than one line, or has format characters. These include the
    bidirectional controls, which would reverse the text around the name.
    """
    if len(name) > limit:
        raise TooLarge(f"{path}: expected at most {limit} characters, got {len(name)}")
    if not any(_is_seen(c) for c in name):
        raise BadRequest(f"{path}: expected some text, got nothing visible")
    if any(_breaks_names(c) for c in name):
        raise BadRequest(f"{path}: control and direction characters are not allowed")


def name_of(user_id: str, *, limit: int) -> str:
    """Return a name for a user without a usable one: the allowed characters of the user id."""
    name = "".join(c for c in user_id if not _breaks_names(c))[:limit].strip()
    return name if any(_is_seen(c) for c in name) else "user"


def check_user_id(user_id: str, *, path: str = "$.userId") -> None:
    """Raise `TooLarge` for a user id that a key cannot hold, `BadRequest` for hidden characters.

    No provider has such ids. In JSON, a control character takes six bytes.
    """
    check_user_id_length(user_id, path=path)
    if hides_characters(user_id):
        raise BadRequest(f"{path}: control characters and outer blanks are not allowed")


def check_user_id_length(user_id: str, *, path: str = "$.userId") -> None:
    """Raise `TooLarge` for a user id that a key cannot hold.

    DynamoDB's sort keys have up to 1,024 bytes, and an item's key contains more than the user id.
    """
    if len(user_id.encode()) > USER_ID_BYTES:
        raise TooLarge(f"{path}: expected at most {USER_ID_BYTES} bytes")


def hides_characters(user_id: str) -> bool:
    """Return whether two user ids could look the same, or could control a terminal.

    That is the case with control and format characters, and with blanks at the beginning or end.
    """
    return user_id != user_id.strip() or any(
        unicodedata.category(character) in NAME_BREAKERS for character in user_id
    )


def is_unicode(text: str) -> bool:
    """Return whether UTF-8 can encode *text*. Python's JSON parser accepts lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _breaks_names(character: str) -> bool:
    """Return whether a character ends a line, is hidden in it, or reverses it."""
    return unicodedata.category(character) in NAME_BREAKERS and character not in JOINERS


def _is_seen(character: str) -> bool:
    """Return whether a character alone is visible."""
    return unicodedata.category(character)[0] not in BLANK_CLASSES and character not in BLANKS
