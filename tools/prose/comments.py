"""Reader of files with `#` comments: Makefile, YAML, TOML, shell, requirements."""

import re
from collections.abc import Iterator

from tools.prose.passages import Kind, Passage, Reading

_COMMENT = re.compile(r"(?:^|\s)#+ (.*)$")
_WRITES = re.compile(r"\becho [^\"]*\"([^\"]*)\"")
_CODE = re.compile(r"noqa|type:|v\d")


def read(source: str) -> Reading:
    """Return the comments of a file and the text that its shell commands print."""
    return Reading([*_comments(source), *_printed(source)], [], [])


def _comments(source: str) -> Iterator[Passage]:
    """Yield each comment; comments on consecutive lines of their own are one."""
    block: list[str] = []
    for number, line in enumerate([*source.split("\n"), ""], 1):
        match = _COMMENT.search(line)
        is_alone = bool(match and not line[: match.start()].strip())
        if block and not is_alone:
            yield Passage(number - len(block), "\n".join(block))
            block = []
        if match and is_alone:
            block.append(match[1])
        elif match and not _CODE.match(match[1]):
            yield Passage(number, match[1])


def _printed(source: str) -> Iterator[Passage]:
    """Yield what `echo` prints."""
    for number, line in enumerate(source.split("\n"), 1):
        for match in _WRITES.finditer(line):
            yield Passage(number, match[1], Kind.MESSAGE)
