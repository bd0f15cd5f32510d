"""The figures of a load, from the crowd's own counts and Locust's statistics."""

from locust.stats import RequestStats

from operate.load.crowd import Crowd
from operate.load.plan import ACK, HANDSHAKE, JOIN, RECEIPT
from operate.load.report import SHARES, Outcome

KIND = "WS"
"""Locust's word for what kind of request a name is of."""


def outcome(crowd: Crowd, stats: RequestStats) -> Outcome:
    """All figures; times are in milliseconds, as Locust rounds them."""
    ledger = crowd.ledger
    return {
        "times": {name: _times(stats, name) for name in (HANDSHAKE, JOIN, ACK, RECEIPT)},
        "absent": crowd.absent,
        "disconnected": crowd.disconnected,
        "sent": ledger.sent,
        "refused": dict(ledger.refused),
        "acknowledged": ledger.acknowledged,
        "expected": ledger.expected,
        "heard": ledger.heard,
        "doubled": ledger.doubled,
        "unread": crowd.unread,
        "lost": len(ledger.lost),
        "disordered": ledger.disordered,
        "late": crowd.late,
    }


def _times(stats: RequestStats, name: str) -> dict[str, float]:
    entry = stats.get(name, KIND)
    most = entry.max_response_time  # which is exact, where percentiles are rounded
    shares = {
        key: min(most, entry.get_response_time_percentile(at) or 0) for key, at in SHARES.items()
    }
    good = entry.num_requests - entry.num_failures
    return {"count": good, "failed": entry.num_failures, "max": most, **shares}
