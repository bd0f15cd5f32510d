"""Division of text into blocks, sentences and words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_END = re.compile(r"[.!?][\"')\]*_]*(\s+)(?=[\"'(*_]*[A-Z0-9`\[])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|cf|vs|no)|\.\.)\.$", re.IGNORECASE)
_CODE = re.compile(r"(`+)[^`].*?\1", re.DOTALL)
_LINK = re.compile(r"\[([^\[\]]*)\](\([^()\s]*\)|\[[^\[\]]*\])")
_URL = re.compile(r"<?\bhttps?://[^\s>)]+>?")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[[ x]\]\s+)?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its line relative to its block, and what separates it from the next one."""

    line: int
    text: str
    gap: str

    @property
    def words(self) -> list[str]:
        """Words of the sentence, where a code span, a link and a URL are one word each."""
        text = _LINK.sub(" link ", _CODE.sub(" code ", self.text))
        return [word for word in _URL.sub(" url ", text).split() if re.search(r"\w", word)]


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a block of text."""
    hidden = _hide(text, _CODE)
    start = 0
    for match in _END.finditer(hidden):
        if _ABBREVIATION.search(hidden[: match.start(1)]):
            continue
        yield _sentence(text, start, match.start(1), match.group(1))
        start = match.end(1)
    if text[start:].strip():
        yield _sentence(text, start, len(text), "\n")


def plain(text: str) -> str:
    """Return text of the same length without code, link targets and URLs."""
    without_code = _hide(text, _CODE)
    without_links = _LINK.sub(lambda m: f"[{m[1]}]{' ' * len(m[2])}", without_code)
    return _hide(without_links, _URL)


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield each paragraph and list item of a docstring or comment with its line.

    Lines that are indented by four columns are code and are left out.
    """
    block: list[str] = []
    first = 0
    for number, line in enumerate([*text.split("\n"), ""]):
        bullet = _BULLET.match(line)
        is_code = line.startswith("    ")
        if (not line.strip() or bullet or is_code) and block:
            yield first, "\n".join(block)
            block = []
        if line.strip() and not is_code:
            first = first if block else number
            block.append(line[bullet.end() :] if bullet else line)


def strip_bullet(line: str) -> tuple[bool, str]:
    """Return whether a line begins a list item, and the line without its bullet."""
    bullet = _BULLET.match(line)
    return bool(bullet), line[bullet.end() :] if bullet else line


def _sentence(text: str, start: int, end: int, gap: str) -> Sentence:
    """Return the sentence between two offsets."""
    return Sentence(text.count("\n", 0, start), text[start:end].strip(), gap)


def _hide(text: str, pattern: re.Pattern[str]) -> str:
    """Replace each match by as many backticks, and keep its line breaks."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", "`", match[0]), text)
