"""docs/security.md and docs/guarantees.md name tests that there are, and leave none out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tools.generate.asyncapi import ROOT

TESTS = ROOT / "tests"
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
GUARANTEES = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")

NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", SECURITY)))
ROWS = [
    row
    for row in re.findall(r"^\| (.*) \|$", SECURITY, re.MULTILINE)
    if not row.startswith(("---", "threat |"))
]
FILES = sorted(set(re.findall(r"`((?:\w+/)*test_\w+)`", GUARANTEES)))


@cache
def functions(path: Path) -> frozenset[str]:
    """The tests in a file."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in module.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_names_a_test(file: str, test: str) -> None:
    """What is said to show something is there, and runs."""
    assert test.startswith("test_")
    assert test in functions(TESTS / file)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split(" | ")[0][:40])
def test_every_threat_has_a_test(row: str) -> None:
    """A row of the threat model without one is a wish."""
    *_, shown = row.split(" | ")

    assert re.search(r"`[\w/]+\.py::test_\w+`", shown)


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
