"""The table of roles in docs/protocol.md."""

import re

from tools.common import ROOT

ROWS = re.findall(
    r"^\| (.*`.*) \| (yes|no) \| (yes|no) \| (yes|no) \| (yes|no) \|$",
    (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
