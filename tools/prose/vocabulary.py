"""The word lists, read from `words.toml` and `verbs.txt`."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class NameRule:
    """A word that no identifier contains, what to write instead, and where the rule holds."""

    write: str
    only: tuple[str, ...]

    def holds_in(self, path: str) -> bool:
        """Return whether the rule holds in the file."""
        return not self.only or any(fnmatch(path, pattern) for pattern in self.only)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A word that some files may contain, for a reason that the word list says."""

    word: str
    paths: tuple[str, ...]

    def covers(self, path: str, message: str) -> bool:
        """Return whether the message of a finding is about this word in one of these files."""
        return f'"{self.word}"' in message.lower() and any(
            fnmatch(path, pattern) for pattern in self.paths
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every list that the rules use."""

    phrases: Mapping[str, str]
    """Replacements of words and phrases in prose, by the avoided phrase in lower case."""
    avoided: re.Pattern[str]
    openers: frozenset[str]
    names: Mapping[tuple[str, ...], NameRule]
    """Replacements of words, or sequences of words, in identifiers."""
    verbs: frozenset[str]
    allowed: tuple[Allowed, ...]

    def instead(self, phrase: str) -> str:
        """Return what to write instead of a phrase that `avoided` found."""
        return self.phrases[phrase.lower()]


def load(words: Path = HERE / "words.toml", verbs: Path = HERE / "verbs.txt") -> Vocabulary:
    """Return the vocabulary of a word list and a list of verbs. Raises ValueError."""
    lists = tomllib.loads(words.read_text())
    phrases = {word: entry["write"] for entry in lists["phrase"] for word in entry["avoid"]}
    return Vocabulary(
        phrases=phrases,
        avoided=_pattern(list(phrases)),
        openers=frozenset(lists["openers"]),
        names={
            tuple(word.split()): NameRule(entry["write"], tuple(entry.get("only", ())))
            for entry in lists["name"]
            for word in entry["avoid"]
        },
        verbs=frozenset(verbs.read_text().split()),
        allowed=tuple(_allowed(entry) for entry in lists.get("exception", [])),
    )


def _allowed(entry: Mapping[str, Any]) -> Allowed:
    """Return an exception of the word list. Raises ValueError if it has no reason."""
    if not entry.get("reason"):
        raise ValueError(f"words.toml: the exception for {entry['word']!r} has no reason")
    return Allowed(entry["word"], tuple(entry["paths"]))


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern that matches each phrase as whole words, longest first."""
    longest_first = sorted(phrases, key=len, reverse=True)
    alternatives = (re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(alternatives)})(?![\w])", re.IGNORECASE)
