"""Values that the readers of files produce and the rules check."""

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """How a passage is used, which decides the rules that apply to it."""

    PROSE = auto()
    """A paragraph, a list item, a docstring or a comment: every rule applies."""
    FUNCTION = auto()
    """The docstring of a function: it also begins with an imperative verb."""
    LABEL = auto()
    """A heading or a table cell: openers are checked only in complete sentences."""
    MESSAGE = auto()
    """Text that a user sees: words and openers are checked, lengths are not."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to check and the line on which it begins."""

    line: int
    text: str
    kind: Kind = Kind.PROSE


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier that a file defines and the line of its first use."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule at a line."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Content of one file. Its findings are those of the file type itself."""

    passages: list[Passage]
    names: list[Name]
    findings: list[Finding]
