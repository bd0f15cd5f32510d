"""The two reference clients have the same time limits."""

import re

import pytest

from tests.reliability.model import client_timeouts
from tools.common import ROOT

SDK = ROOT / "web" / "sdk"
LIMITS = [
    ("core/connection.ts", "REPLY_TIMEOUT", client_timeouts.REPLY_TIMEOUT),
    ("room/outbox.ts", "RESEND_TIMEOUT", client_timeouts.RESEND_TIMEOUT),
    ("room/timeline.ts", "GAP_TIMEOUT", client_timeouts.GAP_TIMEOUT),
    ("core/on-error.ts", "LONGEST_PAUSE", client_timeouts.LONGEST_PAUSE),
]
"""File of the SDK, name of the limit in milliseconds, and the model's limit in seconds."""


@pytest.mark.parametrize(("file", "name", "seconds"), LIMITS, ids=[it[1] for it in LIMITS])
def test_limits_are_equal(file: str, name: str, seconds: float) -> None:
    """A limit of the model's client is that of the SDK, which is written independently."""
    found = re.search(rf"const {name} = ([\d_* ]+);", (SDK / file).read_text(encoding="utf-8"))

    assert found
    factors = [int(it) for it in found[1].replace("_", "").split("*")]
    product = factors[0] * (factors[1] if len(factors) > 1 else 1)
    assert product == seconds * 1_000
