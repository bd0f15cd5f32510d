"""Reader of Markdown: semantic newlines, line lengths, paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.prose.passages import Finding, Kind, Passage, Reading
from tools.prose.sentences import sentences, strip_bullet

COLUMNS = 100
"""Columns of a line outside tables, code and the targets of links."""
MOST_SENTENCES = 5
"""Sentences of a paragraph."""

_TARGET = re.compile(r"(?<=\])(?:\([^()\s]*\)|\[[^\[\]]*\])|<?https?://\S+")
_FENCE = re.compile(r"\s*(?:[-*]\s+|\d+\.\s+)?(```+|~~~+)")
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_HTML = re.compile(r"\s*<[^>]*>?.*>?\s*$")
_DEFINITION = re.compile(r"\s*\[[^\]]+\]:\s")
_RULE = re.compile(r"\s*(?:---+|\*\*\*+)\s*$")


@dataclass
class _Reader:
    """State while the lines of a document are read."""

    reading: Reading = field(default_factory=lambda: Reading([], [], []))
    block: list[str] = field(default_factory=list)
    first: int = 0
    is_item: bool = False

    def flush(self) -> None:
        """Close the current paragraph or list item."""
        if self.block:
            text = "\n".join(self.block)
            self.reading.passages.append(Passage(self.first, text))
            self.reading.findings.extend(_lines(self.first, text, is_item=self.is_item))
        self.block = []
        self.is_item = False

    def label(self, line: int, text: str) -> None:
        """Add a heading or a table cell."""
        self.flush()
        if text.strip():
            self.reading.passages.append(Passage(line, text.strip(), Kind.LABEL))

    def text(self, line: int, text: str) -> None:
        """Add a line to the current block, or begin a block with it."""
        is_item, stripped = strip_bullet(text)
        if is_item:
            self.flush()
            self.is_item = True
        if not self.block:
            self.first = line
        self.block.append(stripped.strip().removeprefix("> "))


def read(source: str) -> Reading:
    """Return the passages of a document and the findings of its lines."""
    reader = _Reader()
    for number, line in _outside_code(source):
        if not (line.lstrip().startswith("|") or _DEFINITION.match(line)):
            reader.reading.findings.extend(_columns(number, line))
        if heading := _HEADING.match(line):
            reader.label(number, heading[1])
        elif line.lstrip().startswith("|"):
            for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")):
                reader.label(number, cell if re.search(r"\w", cell) else "")
        elif not line.strip() or _HTML.match(line) or _DEFINITION.match(line) or _RULE.match(line):
            reader.flush()
        else:
            reader.text(number, line)
    reader.flush()
    return reader.reading


def _outside_code(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines outside fenced code and HTML comments, each as an empty line if left out."""
    fence = ""
    is_comment = False
    for number, line in enumerate(source.split("\n"), 1):
        marker = _FENCE.match(line)
        if marker and (not fence or marker[1].startswith(fence)):
            fence = "" if fence else marker[1]
            yield number, ""
        elif fence:
            continue
        elif is_comment or line.lstrip().startswith("<!--"):
            is_comment = "-->" not in line
            yield number, ""
        else:
            yield number, line


def _columns(number: int, line: str) -> Iterator[Finding]:
    """Yield a finding for a line that is too long without the targets of its links."""
    columns = len(_TARGET.sub("", line))
    if columns > COLUMNS:
        yield Finding(number, f"{columns} columns; at most {COLUMNS}")


def _lines(first: int, text: str, *, is_item: bool) -> Iterator[Finding]:
    """Yield a finding for each line with two sentences, and for a paragraph of too many."""
    found = list(sentences(text))
    for sentence in found:
        if "\n" not in sentence.gap:
            line = first + sentence.line + sentence.text.count("\n")
            yield Finding(line, "two sentences on a line; begin each sentence on its own line")
    if len(found) > MOST_SENTENCES and not is_item:
        yield Finding(first, f"{len(found)} sentences in a paragraph; at most {MOST_SENTENCES}")
