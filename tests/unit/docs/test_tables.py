"""Names in the tables of the documents: settings and metrics."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from chat.observability.metrics import UNITS
from chat_stack.settings.settings import Settings

DOCS = Path(__file__).resolve().parents[3] / "docs"
SETTINGS = {field.encode_name for field in msgspec.structs.fields(Settings)}
PAGES = [page for page in sorted(DOCS.rglob("*.md")) if "\n| setting |" in page.read_text()]


def first_column(text: str, head: str) -> Iterator[str]:
    """Yield the code spans of the first column of each table that begins with *head*."""
    for table in re.findall(rf"^\| {head} \|.*\n\|.*\n((?:\|.*\n)+)", text, re.MULTILINE):
        for row in table.splitlines():
            yield from re.findall(r"`(\w+)`", row.split(" | ")[0])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_settings_exist(page: Path) -> None:
    """Every setting in a table is one of `cdk.json`, or a part of one in docs/settings.md."""
    named = set(first_column(page.read_text(), "setting"))

    assert named
    assert page.name == "settings.md" or named <= SETTINGS


def test_operations_list_every_metric() -> None:
    """docs/operations.md has each metric of the functions, and no other than the canary's."""
    text = (DOCS / "operations.md").read_text()

    named = {name for name in first_column(text, "metric") if not name.startswith("Canary")}

    assert named == {*UNITS, "Errors", "Code"}
