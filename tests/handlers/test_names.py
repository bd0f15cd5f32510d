"""Names: what people are called is seen, in one line, and leaves the line as it was."""

import pytest

from chat.errors import BadRequest
from chat.words import check_name


@pytest.mark.parametrize(
    "name",
    ["alice", "O'Brien 2", "می\u200cخو", "👩\u200d👩\u200d👧", "é", "e\u0301", "名"],
)
def test_allows(name: str) -> None:
    """Any script, and emoji of several parts."""
    check_name(name, limit=64)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "\u00a0", "\u200d", "\u200b", "\ufeff", "\u3164", "\u2800", "\u0301"),
        *(
            "a\u202eb",
            "a\u2066b",
            "a\u200fb",
            "a\u061cb",
            "a\u200bb",
            "a\u2028b",
            "a\tb",
            "\U000e0041a",
        ),
    ],
    ids=ascii,
)
def test_refuses(name: str) -> None:
    """What cannot be seen, what breaks the line, and what turns it around."""
    with pytest.raises(BadRequest, match=r"^\$\.name: "):
        check_name(name, limit=64)
