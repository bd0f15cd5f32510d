"""What people write: the checks on text and names that a schema cannot express."""

import unicodedata

from chat.errors import BadRequest, TooLarge

USER_ID_BYTES = 256
"""An OpenID Connect subject has up to 255: https://openid.net/specs/openid-connect-core-1_0.html#IDToken"""

_LAYOUT = frozenset("\t\n\r")
NAME_BREAKERS = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories of characters that end a line, hide in it, or reverse it."""
JOINERS = "\u200c\u200d"
"""Format characters that names need: Persian spelling, and emoji of several parts."""
BLANK_CLASSES = "CMZ"
"""First letters of the Unicode categories that leave no mark: controls, marks, separators."""
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols by their category, and blank on the screen."""


def check_text(text: str, *, limit: int, path: str = "$.text") -> None:
    """Refuse what is blank, over *limit* code points, or holds control characters."""
    if len(text) > limit:
        raise TooLarge(f"{path}: expected at most {limit} characters, got {len(text)}")
    if not any(_is_seen(c) for c in text):
        raise BadRequest(f"{path}: expected some text, got nothing visible")
    if any(unicodedata.category(c) == "Cc" for c in text if c not in _LAYOUT):
        raise BadRequest(f"{path}: control characters are not allowed")


def check_name(name: str, *, limit: int, path: str = "$.name") -> None:
    """Refuse a name that is blank, over *limit* code points, or more than one line.

    Or that would turn the text around it: bidirectional controls are among the format characters.
    """
    if len(name) > limit:
        raise TooLarge(f"{path}: expected at most {limit} characters, got {len(name)}")
    if not any(_is_seen(c) for c in name):
        raise BadRequest(f"{path}: expected some text, got nothing visible")
    if any(_breaks_names(c) for c in name):
        raise BadRequest(f"{path}: control and direction characters are not allowed")


def name_of(user_id: str, *, limit: int) -> str:
    """What a user without a usable name is called: what a name may have of the user id."""
    name = "".join(c for c in user_id if not _breaks_names(c))[:limit].strip()
    return name if any(_is_seen(c) for c in name) else "user"


def check_user_id(user_id: str, *, path: str = "$.userId") -> None:
    """Refuse what is no user's id here; a key of DynamoDB has 1,024 bytes, with what is around."""
    if len(user_id.encode()) > USER_ID_BYTES:
        raise TooLarge(f"{path}: expected at most {USER_ID_BYTES} bytes")


def is_unicode(text: str) -> bool:
    """Whether *text* can be sent: Python's JSON lets lone surrogates through, UTF-8 does not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _breaks_names(character: str) -> bool:
    """Whether a character ends a line, hides in it, or turns it around."""
    return unicodedata.category(character) in NAME_BREAKERS and character not in JOINERS


def _is_seen(character: str) -> bool:
    """Whether a character alone leaves a mark."""
    return unicodedata.category(character)[0] not in BLANK_CLASSES and character not in BLANKS
