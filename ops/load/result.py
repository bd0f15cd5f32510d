"""What a load came to, from the crowd's counts and the times that were taken."""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from ops.load.plan import ACK, HANDSHAKE, JOIN, RECEIPT
from ops.load.report import SHARES, Outcome
from ops.load.users import Crowd


class Times:
    """Every time that was taken, in milliseconds; Locust keeps rounded ones."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, list[float]] = defaultdict(list)
        self._seconds: defaultdict[str, defaultdict[int, list[float]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._failed: Counter[str] = Counter()

    def add(self, name: str, milliseconds: float, *, failed: bool) -> None:
        """One more."""
        if failed:
            self._failed[name] += 1
        else:
            self._taken[name].append(milliseconds)
            self._seconds[name][int(time.monotonic())].append(milliseconds)

    def spread(self, name: str) -> dict[str, float]:
        """Count, percentiles and maximum."""
        return {
            "count": len(self._taken[name]),
            "failed": self._failed[name],
            "max": max(self._taken[name], default=0.0),
            **_percentiles(self._taken[name]),
        }

    def by_second(self, name: str) -> list[dict[str, float]]:
        """Percentiles of each second in which there was something, which is named from 0."""
        seconds = self._seconds[name]
        begun = min(seconds, default=0)
        return [
            {"second": at - begun, **_percentiles(taken)} for at, taken in sorted(seconds.items())
        ]


def outcome(crowd: Crowd, times: Times) -> Outcome:
    """All figures; times are in milliseconds."""
    ledger = crowd.ledger
    return {
        "times": {name: times.spread(name) for name in (HANDSHAKE, JOIN, ACK, RECEIPT)},
        "by second": {name: times.by_second(name) for name in (ACK, RECEIPT)},
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


def _percentiles(taken: Sequence[float]) -> dict[str, float]:
    """Exact ones, the nearest rank; zeros of nothing."""
    ordered = sorted(taken)
    ranks = {key: math.ceil(share * len(ordered)) - 1 for key, share in SHARES.items()}
    return {key: ordered[rank] if ordered else 0.0 for key, rank in ranks.items()}
