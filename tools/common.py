"""Names that the commands of this repository share."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
"""The root of the repository."""

REGION = "us-east-1"
"""The region of the emulator on this machine."""


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
