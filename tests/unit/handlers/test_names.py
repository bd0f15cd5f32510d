"""Names: visible, in one line, and without effect on the text around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.errors import BadRequest
from chat.protocol.text import check_name, name_of
from tests.support.hypothesis_profiles import generated


@pytest.mark.parametrize(
    "name",
    ["alice", "O'Brien 2", "می\u200cخو", "👩\u200d👩\u200d👧", "é", "e\u0301", "名"],
)
def test_allows(name: str) -> None:
    """Names may have any script, and emoji of several parts."""
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
    """Names with invisible characters, line breaks and direction marks are rejected."""
    with pytest.raises(BadRequest, match=r"^\$\.name: "):
        check_name(name, limit=64)


@generated(full=300, soak=300)
@given(user_id=st.text(max_size=80) | st.text(alphabet="\u202e\u200b\u200d\u3164 \na", max_size=5))
def test_a_name_of_any_user_id(user_id: str) -> None:
    """A valid name is derived from any user id."""
    check_name(name_of(user_id, limit=64), limit=64)
