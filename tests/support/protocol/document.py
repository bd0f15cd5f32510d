"""docs/protocol.md as data: its sections, its tables, and its examples.

An example is a fenced block with an info string, which GitHub does not show. It is one of
`json request alice`, `json reply alice`, `json event bob`, `json gateway any` and
`http handshake 101`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.common import ROOT

PAGE = ROOT / "docs" / "protocol.md"

_HEADING = re.compile(r"^#{2,3} (.+)$")
_FENCE = re.compile(r"^```(.*)$")


@dataclass(frozen=True)
class Example:
    """A fenced block: what it is, whose it is, and its text."""

    kind: str
    subject: str
    text: str


@dataclass(frozen=True)
class Section:
    """From one heading to the next, of the second or third level."""

    title: str
    lines: Sequence[str]

    @property
    def text(self) -> str:
        """The lines without the examples."""
        return "\n".join(line for line, fence in _fenced(self.lines) if fence is None)

    @property
    def examples(self) -> Sequence[Example]:
        """The marked blocks, in order; raises ValueError for a block without a mark."""
        return [*_examples(self.lines)]

    def rows(self, first_cell: str) -> Sequence[Sequence[str]] | None:
        """Return the body of the table whose header begins with this cell; None if absent."""
        lines = self.text.splitlines()
        for at, line in enumerate(lines):
            if _cells(line)[:1] == [first_cell]:
                return [*_body(lines[at + 2 :])]
        return None


def load() -> Sequence[Section]:
    """Return the sections of the page as it is on disk."""
    return sections(PAGE.read_text(encoding="utf-8"))


def sections(page: str) -> Sequence[Section]:
    """Cut the page at its headings; a heading in an example is none."""
    found: list[tuple[str, list[str]]] = []
    for line, fence in _fenced(page.splitlines()):
        heading = _HEADING.match(line) if fence is None else None
        if heading:
            found.append((heading[1].replace("`", ""), []))
        elif found:
            found[-1][1].append(line)
    return [Section(title, lines) for title, lines in found]


def _fenced(lines: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Yield each line with the info string of its block, or None outside of blocks."""
    info: str | None = None
    for line in lines:
        fence = _FENCE.match(line)
        if fence and info is None:
            info = fence[1]
            yield line, info
        elif fence:
            yield line, info
            info = None
        else:
            yield line, info


def _examples(lines: Sequence[str]) -> Iterator[Example]:
    body: list[str] | None = None
    for line, info in _fenced(lines):
        if info is None:
            continue
        if not line.startswith("```"):
            assert body is not None
            body.append(line)
        elif body is None:
            body = []
        else:
            language, kind, subject = _marks(info)
            yield Example(f"{language} {kind}", subject, "\n".join(body))
            body = None


def _marks(info: str) -> Sequence[str]:
    marks = info.split()
    if len(marks) != 3:
        raise ValueError(f"a block without a mark that says how to check it: ```{info}")
    return marks


def _cells(line: str) -> Sequence[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def _body(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield _cells(line)
