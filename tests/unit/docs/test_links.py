"""Links, paths and numbers of decisions in the documents."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted(path for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md")
INDEX = (DOCS / "decisions" / "README.md").read_text()

CODE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\]\(([^()\s:]+)\)")
FOLDERS = "benchmarks|canary|chat_stack|docs|lambda|local|ops|tests|tools|web"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*\w/?)`")
SOURCES = [
    path
    for folder in FOLDERS.split("|")
    for pattern in ("*.py", "*.ts", "*.tsx", "*.md")
    for path in (PROJECT / folder).rglob(pattern)
    if "node_modules" not in path.parts
]


def prose(page: Path) -> str:
    """Return the text of a page without its code blocks."""
    return CODE.sub("", page.read_text())


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def name(page: Path) -> str:
    """Return the path of a page within the repository."""
    return page.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names an existing file, and an existing heading of a page."""
    for link in LINK.findall(SPAN.sub("", prose(page))):
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name)
def test_paths_exist(page: Path) -> None:
    """Every path of the repository in a document exists, except files that are built."""
    for path in PATH.findall(prose(page)):
        assert (PROJECT / path).exists() or path.startswith("web/dist"), path


def test_each_decision_has_its_own_number() -> None:
    """Numbers rise within a topic, and no two topics share a number."""
    topics = re.findall(r"^\| \[.+\]\((.+)\) \| D-\d{3}", INDEX, re.MULTILINE)
    numbers = {
        topic: re.findall(r"^### D-(\d{3}) ", (DOCS / "decisions" / topic).read_text(), re.M)
        for topic in topics
    }
    every = [number for found in numbers.values() for number in found]

    assert sorted(topics) == [path.name for path in DECISIONS]
    assert all(found == sorted(found) for found in numbers.values())
    assert len(every) == len(set(every))


def test_decisions_have_their_parts_and_are_in_the_index() -> None:
    """Each has a status with its date, a context, a decision and consequences."""
    for page in DECISIONS:
        for title, text in re.findall(
            r"^### (.+)\n((?:(?!### ).*\n?)+)", page.read_text(), re.MULTILINE
        ):
            parts = re.findall(r"^\*\*(\w+)\*\*: \S", text, re.MULTILINE)
            assert parts[:4] == ["Status", "Context", "Decision", "Consequences"], title
            assert parts[4:] in ([], ["Alternatives"]), title
            assert re.search(r"^\*\*Status\*\*: .*20\d\d-\d\d-\d\d", text, re.MULTILINE), title
            assert f"- [{title}]({page.name}#" in INDEX


def test_references_to_decisions_name_one() -> None:
    """Every `D-` number in the code and the documents is that of a decision."""
    known = set(re.findall(r"\bD-\d{3}\b", INDEX))
    found = {
        (number, name(path))
        for path in SOURCES
        for number in re.findall(r"\bD-\d{3}\b", path.read_text())
    }

    assert {it for it in found if it[0] not in known} == set()
