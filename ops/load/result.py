"""Result of a load test, from its counts and the times that were measured."""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from ops.load.load_test import LoadTest
from ops.load.plan import ACK, HANDSHAKE, JOIN, RECEIPT
from ops.load.report import PERCENTILES, Outcome


class Times:
    """Every measured time in milliseconds, by operation. Locust keeps rounded times only."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, list[float]] = defaultdict(list)
        self._seconds: defaultdict[str, defaultdict[int, list[float]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._failed: Counter[str] = Counter()

    def add(self, name: str, milliseconds: float, *, failed: bool) -> None:
        """Add the time of an operation, or count its failure."""
        if failed:
            self._failed[name] += 1
        else:
            self._taken[name].append(milliseconds)
            self._seconds[name][int(time.monotonic())].append(milliseconds)

    def summary(self, name: str) -> dict[str, float]:
        """Return the count, the failures, the percentiles and the maximum of an operation."""
        return {
            "count": len(self._taken[name]),
            "failed": self._failed[name],
            "max": max(self._taken[name], default=0.0),
            **_percentiles(self._taken[name]),
        }

    def by_second(self, name: str) -> list[dict[str, float]]:
        """Return the percentiles of each second with measured times; the first second is 0."""
        seconds = self._seconds[name]
        first = min(seconds, default=0)
        return [
            {"second": at - first, **_percentiles(taken)} for at, taken in sorted(seconds.items())
        ]


def outcome(test: LoadTest, times: Times) -> Outcome:
    """Return all figures of a load test."""
    ledger = test.ledger
    return {
        "times": {name: times.summary(name) for name in (HANDSHAKE, JOIN, ACK, RECEIPT)},
        "by_second": {name: times.by_second(name) for name in (ACK, RECEIPT)},
        "join_failures": test.join_failures,
        "lost_connections": test.lost_connections,
        "sent": ledger.sent,
        "rejected": dict(ledger.rejected),
        "acknowledged": ledger.acknowledged,
        "expected_receipts": ledger.expected_receipts,
        "receipts": ledger.receipts,
        "duplicate_receipts": ledger.duplicate_receipts,
        "unread_rooms": test.unread_rooms,
        "lost": len(ledger.lost),
        "disordered_rooms": ledger.disordered_rooms,
        "max_delay": test.max_delay,
    }


def _percentiles(taken: Sequence[float]) -> dict[str, float]:
    """Return exact percentiles by the nearest rank, or zeros if there are no times."""
    ordered = sorted(taken)
    ranks = {key: math.ceil(share * len(ordered)) - 1 for key, share in PERCENTILES.items()}
    return {key: ordered[rank] if ordered else 0.0 for key, rank in ranks.items()}
