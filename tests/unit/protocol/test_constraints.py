"""web/sdk/protocol/constraints.ts: fresh, and the rules of the server."""

import re

from chat.protocol.text import BLANKS, JOINERS
from tools.generate import constraints

TEXT = constraints.render()


def test_is_fresh() -> None:
    """The file is what `make types` would write now."""
    assert constraints.TARGET.read_text(encoding="utf-8") == TEXT


def test_has_the_rules_of_names_and_ids() -> None:
    """Each constant has the server's value; JavaScript reads the same classes and escapes."""
    assert 'export const ROOM_ID_PATTERN = "[A-Za-z0-9_-]{1,64}";\n' in TEXT
    assert "export const NAME_LENGTH = 64;\n" in TEXT
    assert "export const NAME_BREAKERS = /[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]/u;\n" in TEXT
    escapes = re.findall(r"\\u([0-9a-f]{4})", TEXT)
    assert "".join(chr(int(escape, 16)) for escape in escapes) == JOINERS + BLANKS
