"""What a load came to, from the crowd's counts and the times that were taken."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from operate.load.crowd import Crowd
from operate.load.plan import ACK, HANDSHAKE, JOIN, RECEIPT
from operate.load.report import SHARES, Outcome


class Times:
    """Every time that was taken, in milliseconds; Locust keeps rounded ones."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, list[float]] = defaultdict(list)
        self._failed: Counter[str] = Counter()

    def add(self, name: str, milliseconds: float, *, failed: bool) -> None:
        """One more."""
        if failed:
            self._failed[name] += 1
        else:
            self._taken[name].append(milliseconds)

    def spread(self, name: str) -> dict[str, float]:
        """Count, percentiles and maximum."""
        return _spread(self._taken[name], self._failed[name])


def outcome(crowd: Crowd, times: Times) -> Outcome:
    """All figures; times are in milliseconds."""
    ledger = crowd.ledger
    return {
        "times": {name: times.spread(name) for name in (HANDSHAKE, JOIN, ACK, RECEIPT)},
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


def _spread(taken: Sequence[float], failed: int) -> dict[str, float]:
    """Exact percentiles, the nearest rank, of what went well."""
    ordered = sorted(taken)
    ranks = {key: math.ceil(share * len(ordered)) - 1 for key, share in SHARES.items()}
    found = {key: ordered[rank] if ordered else 0.0 for key, rank in ranks.items()}
    return {"count": len(ordered), "failed": failed, "max": max(ordered, default=0.0), **found}
