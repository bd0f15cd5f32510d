"""The tables of folders in docs/architecture.md."""

import re
from collections.abc import Container
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
PAGE = (PROJECT / "docs" / "architecture.md").read_text()
TABLE = re.compile(
    r"^\| folder(?: of `(.+)/`)? \| purpose \|\n\| --- \| --- \|\n((?:\|.*\n)+)", re.M
)
ROW = re.compile(r"^\| `(.+)/` \| (\S.*\S) \|$", re.MULTILINE)
IGNORED = {
    line.strip("/")
    for line in (PROJECT / ".gitignore").read_text().splitlines()
    if line.endswith("/")
}
TABLES = {parent: dict(ROW.findall(rows)) for parent, rows in TABLE.findall(PAGE)}


def folders(parent: Path, *, listed: Container[str]) -> set[str]:
    """Return the names of the folders with files that belong to the repository.

    A hidden folder counts if it is listed. Editors and tools make others.
    """
    return {
        path.name
        for path in parent.iterdir()
        if path.is_dir()
        and (path.name in listed or not path.name.startswith("."))
        and not {path.name, str(path.relative_to(PROJECT))} & IGNORED
        and any(file.is_file() and not IGNORED & {*file.parts} for file in path.rglob("*"))
    }


def test_the_larger_folders_have_a_table() -> None:
    """The root and each folder with several folders of code have a table."""
    assert set(TABLES) == {
        "",
        "lambda/chat",
        "chat_stack",
        "web/sdk",
        "web/src",
        "tests",
        "ops",
        "local",
        "tools",
    }


@pytest.mark.parametrize("parent", TABLES)
def test_every_folder_has_a_purpose(parent: str) -> None:
    """The table lists the folders that exist, in order, with a purpose of one line."""
    table = TABLES[parent]

    assert set(table) == folders(PROJECT / parent, listed=table)
    assert list(table) == sorted(table)
    assert all(purpose.endswith(".") for purpose in table.values())
