"""Reader of TypeScript and CSS: comments, the page's words, and identifiers."""

import re
from collections.abc import Iterator

from tools.prose.passages import Kind, Name, Passage, Reading

_TOKEN = re.compile(
    r"""(?P<line>//[^\n]*)
      |(?P<block>/\*.*?\*/)
      |(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$\{[^{}]*\}|[^`\\])*`)""",
    re.DOTALL | re.VERBOSE,
)
_DIRECTIVE = re.compile(r"^\s*(?:eslint-|@ts-|prettier-)")
_EXPRESSION = re.compile(r"\$\{[^{}]*\}")
_JSX_TEXT = re.compile(r"[>}]([^<>{}=;]*[A-Za-z][^<>{}=;]*)[<{]")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_CSS_CLASS = re.compile(r"\.([a-z][\w-]*)(?=[^{}]*\{)")
_IS_TEXT = re.compile(r"[A-Za-z][^/]* ")


def read(source: str, *, is_test: bool, is_page: bool) -> Reading:
    """Return the passages and identifiers of a TypeScript file.

    Strings are words of the page if they hold several words. Strings of tests are not read.
    """
    passages: list[Passage] = []
    for match in _TOKEN.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        if match["string"]:
            if not is_test:
                passages.extend(_words(line, match["string"]))
        else:
            passages.extend(_comment(line, match[0]))
    code = _TOKEN.sub(_blank, source)
    if is_page and not is_test:
        passages.extend(_jsx(code))
    return Reading(_joined(passages), list(_identifiers(code, _IDENTIFIER)), [])


def read_css(source: str) -> Reading:
    """Return the comments and the class names of a style sheet."""
    comments = re.compile(r"/\*.*?\*/", re.DOTALL)
    passages = [
        passage
        for match in comments.finditer(source)
        for passage in _comment(source.count("\n", 0, match.start()) + 1, match[0])
    ]
    return Reading(passages, list(_identifiers(comments.sub(_blank, source), _CSS_CLASS)), [])


def _comment(line: int, comment: str) -> Iterator[Passage]:
    """Yield the text of a comment, without the marks around it."""
    text = re.sub(r"^/\*+ ?|^// ?|\s*\*+/$", "", comment)
    text = re.sub(r"\n\s*\*? ?", "\n", text)
    text = re.sub(r"(?m)^@(?:returns?|throws|param \w+|see)\b", "", text)
    if not _DIRECTIVE.match(text):
        yield Passage(line, text)


def _joined(passages: list[Passage]) -> list[Passage]:
    """Return the passages, with line comments on consecutive lines as one."""
    joined: list[Passage] = []
    for passage in passages:
        before = joined[-1] if joined else None
        if (
            before
            and before.kind is passage.kind is Kind.PROSE
            and before.line + before.text.count("\n") + 1 == passage.line
        ):
            joined[-1] = Passage(before.line, f"{before.text}\n{passage.text}")
        else:
            joined.append(passage)
    return joined


def _words(line: int, literal: str) -> Iterator[Passage]:
    """Yield a string literal that holds several words."""
    text = _EXPRESSION.sub("`value`", literal[1:-1])
    if _IS_TEXT.match(text):
        yield Passage(line, text, Kind.MESSAGE)


def _jsx(code: str) -> Iterator[Passage]:
    """Yield the text between the tags of JSX."""
    for match in _JSX_TEXT.finditer(code):
        text = match[1]
        start = match.start(1) + len(text) - len(text.lstrip())
        yield Passage(code.count("\n", 0, start) + 1, text.strip(), Kind.MESSAGE)


def _identifiers(code: str, pattern: re.Pattern[str]) -> Iterator[Name]:
    """Yield each identifier at its first line."""
    seen: set[str] = set()
    for match in pattern.finditer(code):
        name = match[match.lastindex or 0]
        if name not in seen:
            seen.add(name)
            yield Name(code.count("\n", 0, match.start()) + 1, name)


def _blank(match: re.Match[str]) -> str:
    """Return the line breaks of a match, and a space for everything else."""
    return re.sub(r"[^\n]", " ", match[0])
