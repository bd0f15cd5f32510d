"""The prose check: each rule finds its bad sample and accepts its good one."""

from textwrap import dedent

import pytest

from tools.prose.__main__ import check_file
from tools.prose.vocabulary import load

VOCABULARY = load()


def findings(path: str, source: str) -> list[str]:
    """Return `line: message` for each finding in a file of this path and content."""
    found = check_file(path, dedent(source), VOCABULARY)
    return [f"{finding.line}: {finding.message}" for finding in found]


BAD_SENTENCES = {
    "avoided word": ("The function hears of it.", '"hears"'),
    "avoided phrase over two lines": ("They are cut\noff here.", '"cut off"'),
    "avoided word in a link": ("Read [the holders](a.md) here.", '"holders"'),
    "opener": ("Who leaves a room is removed.", 'begins with "who"'),
    "opener of two words": ("That which is sent is stored.", 'begins with "that which"'),
    "opener of the second sentence": ("It is sent.\nOr it is stored.", 'begins with "or"'),
    "21 words": (" ".join(["word"] * 21) + ".", "21 words"),
    "two semicolons": ("It is sent; it is stored; it is read.", "more than one semicolon"),
}

GOOD_SENTENCES = {
    "20 words": " ".join(["word"] * 20) + ".",
    "a code span is one word": "`a b c d e f g h i j k l m n o p q r s t u v w` is one word.",
    "a link is one word": "[a b c d e f g h i j k l m n o p q r s t u](x.md) is one word.",
    "code is not checked": "The field `holders` is stored.",
    "a link's target is not checked": "Read [this](standing.md) first.",
    "a question": "What happens if a client is late?",
    "part of a word": "The shelter, the outstanding request and the doorway stay.",
    "one semicolon": "It is sent; it is stored.",
    "an abbreviation ends no sentence": "Send e.g. `ping` or `hello`.",
}


@pytest.mark.parametrize(("text", "message"), BAD_SENTENCES.values(), ids=BAD_SENTENCES)
def test_finds_bad_sentences(text: str, message: str) -> None:
    """Documents, docstrings and comments are held to the same rules."""
    as_comment = "\n".join(f"# {line}" for line in text.split("\n"))

    assert message in " ".join(findings("docs/a.md", text))
    assert message in " ".join(findings("ops/a.py", f'"""{text}"""'))
    assert message in " ".join(findings("ops/a.py", as_comment))
    assert message in " ".join(findings("web/src/a.ts", f"/** {text} */"))
    assert message in " ".join(findings("Makefile", as_comment))


@pytest.mark.parametrize("text", GOOD_SENTENCES.values(), ids=GOOD_SENTENCES)
def test_accepts_good_sentences(text: str) -> None:
    """Code, link targets, questions and abbreviations are no findings."""
    assert findings("docs/a.md", text) == []
    assert findings("ops/a.py", f'"""{text}"""') == []
    assert findings("web/src/a.ts", f"/** {text} */") == []


BAD_MARKDOWN = {
    "two sentences on a line": ("It is sent. It is stored.", "1: two sentences on a line"),
    "a sentence begins with a link": ("It is sent. [this](a.md) is.", "1: two sentences on a line"),
    "two sentences in an item": ("- It is sent.\n- One. Two.", "2: two sentences on a line"),
    "101 columns": ("x" * 101, "1: 101 columns"),
    "six sentences": ("It is.\n" * 6, "1: 6 sentences in a paragraph"),
    "a word in a heading": ("# The door", '1: "door"'),
    "a word in a cell": ("| a | b |\n|---|---|\n| c | doors |", '3: "doors"'),
    "a sentence in a cell": ("| Who is late is removed. |", '1: a sentence begins with "who"'),
}

GOOD_MARKDOWN = {
    "a sentence over two lines": "It is sent\nand stored.\nIt is read.",
    "a long table row": f"| {'x' * 120} |",
    "long code": f"```sh\n{'x' * 120} hears\n```",
    "a long link": f"Read [this](https://example.org/{'x' * 100}) first.",
    "a heading without a verb": "## What it costs",
    "an HTML comment": "<!-- Who hears this.\nWho reads it. -->",
}


@pytest.mark.parametrize(("text", "message"), BAD_MARKDOWN.values(), ids=BAD_MARKDOWN)
def test_finds_bad_markdown(text: str, message: str) -> None:
    """A line holds at most one sentence and 100 columns; a paragraph holds five sentences."""
    assert message in " ".join(findings("docs/a.md", text))


@pytest.mark.parametrize("text", GOOD_MARKDOWN.values(), ids=GOOD_MARKDOWN)
def test_accepts_good_markdown(text: str) -> None:
    """Tables, code and the targets of links have any length."""
    assert findings("docs/a.md", text) == []


BAD_PYTHON = {
    "noun": (
        'def f():\n    """The user of a token."""',
        '2: a function\'s docstring begins with "The"',
    ),
    "third person": ('def f():\n    """Returns it."""', 'begins with "Returns"'),
    "raised message": ('raise ConfigError(f"{x} is put out")', '1: "put out"'),
    "printed message": ('print("the door is open")', '1: "door"'),
    "comment after code": ("x = 1  # somebody's number", '1: "somebody\'s"'),
    "docstring of a value": ('class A:\n    x: int\n    """Whose it is, here."""', "3: a sentence"),
    "class": ("class Attendee: ...", "1: the name Attendee"),
    "function": ("def put_out(): ...", "1: the name put_out"),
    "argument": ("def f(standing): ...", "1: the name standing"),
    "field": ("class A:\n    holders: int", "2: the name holders"),
    "attribute": ("self.door_open = 1", "1: the name door_open"),
    "test": ("def test_knocks_twice(): ...", "1: the name test_knocks_twice"),
}

GOOD_PYTHON = {
    "function": 'def f():\n    """Return the user of a token."""',
    "property": '@property\ndef f(self):\n    """The user of a token."""',
    "test": 'def test_a():\n    """A user of a token is accepted."""',
    "names of others": "x = request.audience.place",
    "directive": "import a  # noqa: S404",
    "literal that is no message": 'x = "the door"',
}


@pytest.mark.parametrize(("source", "message"), BAD_PYTHON.values(), ids=BAD_PYTHON)
def test_finds_bad_python(source: str, message: str) -> None:
    """Function docstrings, messages and defined names have rules of their own."""
    assert message in " ".join(findings("ops/a.py", source))


@pytest.mark.parametrize("source", GOOD_PYTHON.values(), ids=GOOD_PYTHON)
def test_accepts_good_python(source: str) -> None:
    """Names that other packages define are not checked."""
    assert findings("ops/a.py", source) == []


BAD_WEB = {
    "text of an element": ("<p>You were put out.</p>", '1: "put out"'),
    "text after an expression": ("<p>{name} was\n put out.</p>", '2: "put out"'),
    "label": ('<a aria-label="Open the door now" />', '1: "door"'),
    "string": ('const a = "You hear nothing.";', '1: "hear"'),
    "template": ("const a = `In ${n} s you hear it.`;", '1: "hear"'),
    "line comments": ("// It is cut\n// off here.", '1: "cut off"'),
    "comment of several lines": ("/**\n * It is.\n * It hears.\n */", '3: "hears"'),
    "identifier": ("const openDoor = 1;", "1: the name openDoor"),
}


@pytest.mark.parametrize(("source", "message"), BAD_WEB.values(), ids=BAD_WEB)
def test_finds_bad_web_files(source: str, message: str) -> None:
    """The page's words are its elements' text, its attributes and its strings."""
    assert message in " ".join(findings("web/src/a.tsx", source))


def test_accepts_good_web_files() -> None:
    """Code, import paths and directives are not words of the page."""
    source = """
    import { a } from "../door.ts";
    // eslint-disable-next-line no-console -- a door
    export const b = (c: Map<string, number>): boolean => c.size > 1 && a < 2;
    """

    assert findings("web/src/a.tsx", source) == []


def test_finds_names_of_style_classes() -> None:
    """A class of a style sheet is a name; a property is not."""
    found = findings("web/src/a.css", ".desk-open {\n  place-items: center;\n}")

    assert [message.partition(": write")[0] for message in found] == [
        '1: the name desk-open has "desk"'
    ]


def test_finds_names_of_files_and_folders() -> None:
    """The folders and the file itself are names."""
    assert "the name holders" in findings("lambda/holders.py", "")[0]
    assert "the name desk" in findings("web/src/desk/a.ts", "")[0]


def test_limits_a_name_to_its_paths() -> None:
    """A `View` is a timeline in the SDK alone."""
    assert findings("web/sdk/a.ts", "class View {}")
    assert findings("web/src/a.ts", "class View {}") == []


def test_allows_a_word_with_a_reason() -> None:
    """The audience of a token is allowed where tokens are verified."""
    assert findings("lambda/chat/auth/a.py", "audience = 1") == []
    assert findings("lambda/chat/dynamodb/a.py", "audience = 1")


def test_checks_echoed_text_of_the_makefile() -> None:
    """A recipe's `echo` is text for users."""
    assert '1: "for good"' in " ".join(findings("Makefile", '\t@echo "It is for good" >&2'))
