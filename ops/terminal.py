"""Text for a terminal, which obeys or hides some characters."""

import json
import unicodedata

from chat.protocol.text import NAME_BREAKERS

HIDDEN_CATEGORIES = (*NAME_BREAKERS, "Co")
"""Unicode categories of characters that have no shape, or change the direction of a text."""


def one_line(text: str) -> str:
    """Return text with escapes for the same characters and for line ends, as one line."""
    return printable(text).replace("\n", "\\n")


def printable(text: str) -> str:
    """Return JSON with escapes for the characters that a terminal would obey or hide."""
    hidden = {c for c in text if c != "\n" and unicodedata.category(c) in HIDDEN_CATEGORIES}
    for character in hidden:
        text = text.replace(character, json.dumps(character)[1:-1])
    return text
