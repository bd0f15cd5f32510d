"""Rules for identifiers: no word that the glossary replaces."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.prose.passages import Finding, Name
from tools.prose.vocabulary import Vocabulary

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def check_names(path: str, names: list[Name], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield each identifier with a word that the glossary replaces, once a file.

    The folders and the file's own name count as names at line 1.
    """
    parts = PurePosixPath(path).with_suffix("").parts
    seen: set[str] = set()
    for name in (*(Name(1, part) for part in parts), *names):
        if name.text not in seen:
            seen.add(name.text)
            yield from _check_name(path, name, vocabulary)


def split(identifier: str) -> list[str]:
    """Return the words of an identifier in lower case."""
    return [word.lower() for word in _WORD.findall(identifier)]


def _check_name(path: str, name: Name, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield a finding for each avoided word of an identifier."""
    words = split(name.text)
    for start in range(len(words)):
        for size in (1, 2):
            avoided = tuple(words[start : start + size])
            rule = vocabulary.names.get(avoided)
            if len(avoided) == size and rule and rule.holds_in(path):
                word = " ".join(avoided)
                yield Finding(name.line, f'the name {name.text} has "{word}": write {rule.write}')
