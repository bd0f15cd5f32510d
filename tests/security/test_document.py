"""docs/security/ and docs/guarantees.md name existing tests, and omit no file of attacks."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tools.common import ROOT

TESTS = ROOT / "tests"
THREATS = {
    f"{page.stem}: {title}": text
    for page in sorted((ROOT / "docs" / "security").glob("*.md"))
    if page.name != "README.md"
    for title, text in re.findall(
        r"^## (.+)\n((?:(?!## ).*\n?)+)", page.read_text(encoding="utf-8"), re.MULTILINE
    )
}
SECURITY = "\n".join(THREATS.values())
GUARANTEES = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")

NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", SECURITY)))
FILES = sorted(set(re.findall(r"`((?:\w+/)*test_\w+)`", GUARANTEES)))


@cache
def functions(path: Path) -> frozenset[str]:
    """Return the names of the tests in a file."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in module.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_names_a_test(file: str, test: str) -> None:
    """Each test that the pages name exists and is collected."""
    assert test.startswith("test_")
    assert test in functions(TESTS / file)


def test_every_threat_is_read() -> None:
    """The pages have as many threats as they have headings: the tests below see all of them."""
    assert len(THREATS) == SECURITY.count("**Threat**: ") >= 46


@pytest.mark.parametrize("title", THREATS)
def test_every_threat_has_a_test(title: str) -> None:
    """A threat has a description, a defence, and a list of the tests that prove it."""
    text = THREATS[title]

    assert re.search(
        r"\n\*\*Threat\*\*: \S(?:.|\n)+\n\*\*Defence\*\*: \S(?:.|\n)+\n\*\*Tests\*\*:\n"
        r"(?:\n- `[\w/]+\.py::test_\w+`)+\n*$",
        text,
    )


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).parent.glob("test_*.py")), ids=lambda p: p.stem
)
def test_every_file_of_attacks_is_named(path: Path) -> None:
    """Whatever is attacked here is a threat there."""
    assert path.samefile(__file__) or f"security/{path.name}::" in SECURITY


@pytest.mark.parametrize("name", FILES)
def test_guarantees_name_files_of_tests(name: str) -> None:
    """The other document names files: each is there, by a name that is the only one."""
    assert len([*TESTS.glob(f"**/{name.removeprefix('tests/')}.py")]) == 1
