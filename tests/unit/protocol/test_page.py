"""docs/protocol.md names everything in the protocol."""

from typing import get_args

import msgspec
import pytest

from chat.errors import Code
from chat.protocol import EVENT_TYPES, REPLY_TYPES, REQUEST_TYPES, Limits
from tools.common import ROOT

PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
TAGS = sorted(
    str(struct.__struct_config__.tag) for struct in (*REQUEST_TYPES, *REPLY_TYPES, *EVENT_TYPES)
)
LIMITS = [field.encode_name for field in msgspec.structs.fields(Limits)]


@pytest.mark.parametrize("name", [*TAGS, *get_args(Code), *LIMITS])
def test_names(name: str) -> None:
    """Every action, reply, event, error code and limit is on the page, as code."""
    assert f"`{name}`" in PAGE
