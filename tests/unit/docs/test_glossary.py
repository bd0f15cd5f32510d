"""docs/glossary.md: each term is defined once, and is in the code where the page says."""

import re
from collections import Counter

import pytest

from tools.common import ROOT

PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\*\*.+?) \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)


def test_each_term_is_defined_once() -> None:
    """No term has two rows."""
    assert [term for term, count in Counter(row[0] for row in ROWS).items() if count > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].replace("*", ""))
def test_the_place_in_the_code_exists(row: tuple[str, ...]) -> None:
    """Each path of a row exists, and each name of a row is in one of its files."""
    named = re.findall(r"`([^`]+)`", row[2])
    places = [ROOT / name for name in named if "/" in name]
    sources = "".join(p.read_text(encoding="utf-8") for p in places if p.is_file())

    assert [place for place in places if not place.exists()] == []
    missing = [
        name
        for name in named
        if "/" not in name and not re.search(rf"\b{name.split('.')[-1]}\b", sources)
    ]
    assert missing == []
