"""Names that the commands of this repository share."""

import json
import shlex
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
"""The root of the repository."""

REGION = "us-east-1"
"""The region of the emulator on this machine."""


HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Unicode categories of characters that have no shape, or change the direction of a text."""


class UserError(Exception):
    """A mistake that the user of a command can correct; the text says how."""


def find_command(commands: Mapping[str, T], arguments: Sequence[str]) -> T:
    """Return the command that the first of *arguments* names.

    Raises `UserError`, which lists the commands, if the name is missing or unknown.
    """
    name = arguments[0] if arguments else ""
    if name in commands:
        return commands[name]
    problem = f"unknown command {name!r}" if name else "a command is missing"
    raise UserError(f"{problem}; expected one of: {', '.join(commands)}")


def make_command(target: str, **variables: str) -> str:
    """Return a make command that a shell takes as it is, whatever the values contain."""
    given = (f"{name}={shlex.quote(value)}" for name, value in variables.items())
    return " ".join(["make", target, *given])


def printable(text: str) -> str:
    """Return JSON with escapes for the characters that a terminal would obey or hide."""
    hidden = {c for c in text if c != "\n" and unicodedata.category(c) in HIDDEN_CATEGORIES}
    for character in hidden:
        text = text.replace(character, json.dumps(character)[1:-1])
    return text
