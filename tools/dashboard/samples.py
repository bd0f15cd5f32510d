"""An evening that never was: made-up values for every metric, with a burst in one large room."""

import math
import random
import zlib
from collections.abc import Callable, Sequence

from tools.dashboard.body import Line

MINUTES = 180
BURST_AT, BURST_WIDTH = 122, 7
"""Minutes from the left edge."""

Shape = Callable[[float, float], float]
"""A value by how much is going on, 1 as usual, and by how much of the burst there is, 0 to 1."""


def _flat(usual: float, more: float = 0.0) -> Shape:
    return lambda load, burst: usual * load + more * burst


def _steady(usual: float, more: float = 0.0) -> Shape:
    """For what hardly grows with load, such as times."""
    return lambda load, burst: usual * (0.85 + 0.15 * load) + more * burst


COUNTS: dict[str, Shape] = {
    "Messages": _flat(240, 380),
    "Recipients": _flat(3_300, 9_000),
    "Delivered": _flat(3_292, 8_940),
    "Gone": _flat(7, 6),
    "Failed": _flat(0.6, 54),
    "Requeued": _flat(0.2, 46),
    "Queued": _flat(150, 7_400),
    "Connects": _flat(31, 90),
    "Disconnects": _flat(26, 20),
    "Errors internal": _flat(0),
    "Errors rate_limited": _flat(0.4, 26),
    "Errors not_reviewed": _flat(0),
    "Errors unauthorized": _flat(0.8),
    "Errors forbidden": _flat(0.3, 1),
    "Errors bad_request": _flat(1.6),
    "Errors too_large": _flat(0.3, 2),
    "Errors unknown_action": _flat(0.2),
    "Errors not_a_member": _flat(0.9, 1),
    "Errors room_not_found": _flat(1.1),
    "Errors room_exists": _flat(0.2),
    "ClientError": _flat(0.6, 5),
    "IntegrationError": _flat(0.8, 1),
    "ExecutionError": _flat(0.02),
    "MessageCount": _flat(4_100, 10_500),
    "Errors ChatHandler": _flat(0),
    "Errors ConsumerHandler": _flat(0),
    "Errors CloserHandler": _flat(0),
    "AuthorizerFaults": _flat(0),
    "Throttles": _flat(0),
    "ConcurrentExecutions ChatHandler": _steady(7, 21),
    "ConcurrentExecutions ConsumerHandler": _flat(0.6, 12),
    "ConcurrentExecutions CloserHandler": _flat(0.1),
    "ConcurrentExecutions AuthorizerFunctionHandler": _flat(0.9, 3),
    "ApproximateNumberOfMessagesVisible ShardsQueue": _flat(0.1, 31),
    "ApproximateNumberOfMessagesVisible ShardsDeadLetters": _flat(0),
    "ApproximateAgeOfOldestMessage": _flat(0.05, 4.2),
    "ConsumedReadCapacityUnits RoomsTable": _flat(640, 700),
    "ConsumedReadCapacityUnits ConnectionsTable": _flat(1_450, 2_400),
    "ConsumedWriteCapacityUnits RoomsTable": _flat(980, 1_500),
    "ConsumedWriteCapacityUnits ConnectionsTable": _flat(310, 700),
    "ReadThrottleEvents": _flat(0),
    "WriteThrottleEvents": _flat(0, 1.2),
    "SystemErrors": _flat(0),
    "TransactionConflict RoomsTable": _flat(0.5, 13),
    "TransactionConflict ConnectionsTable": _flat(0.3, 1),
}
"""A minute's, by metric, or by metric and whose it is."""

TIMES: dict[str, Shape] = {
    "FanoutTime p50": _steady(9, 16),
    "FanoutTime p95": _steady(34, 150),
    "FanoutTime p99": _steady(72, 430),
    "StoreTime p50": _steady(13, 2),
    "StoreTime p95": _steady(24, 14),
    "StoreTime p99": _steady(41, 60),
    "Duration p50": _steady(25, 18),
    "Duration p95": _steady(66, 160),
    "Duration p99": _steady(128, 460),
    "Duration Sum ChatHandler": _flat(11_000, 30_000),
    "Duration Sum ConsumerHandler": _flat(500, 26_000),
    "IncomingBytes ChatLogs": _flat(310_000, 420_000),
    "Duration Sum CloserHandler": _flat(60),
    "IncomingBytes ConsumerLogs": _flat(2_000, 30_000),
    "IncomingBytes CloserLogs": _flat(500),
    "IncomingBytes AuthorizerFunctionLogs": _flat(19_000, 50_000),
}
"""What is no count, by metric, statistic and whose it is, as far as that matters."""


def values(line: Line) -> Sequence[float]:
    """A value for each of the line's periods; raises `KeyError` for a metric nobody thought of."""
    shape, whole = _shape(line)
    noise = random.Random(zlib.crc32(f"{line.name}{line.of}".encode()))  # noqa: S311 - for looks
    return [
        sum(_noisy(shape, minute + n, noise, whole=whole) for n in range(line.period // 60))
        for minute in range(0, MINUTES, line.period // 60)
    ]


def _shape(line: Line) -> tuple[Shape, bool]:
    name, stat, of = line.name, line.stat, line.of
    for key in (f"{name} {stat} {of}", f"{name} {of}", f"{name} {stat}"):
        if key in TIMES:
            return TIMES[key], False
    key = f"{name} {of}"
    return COUNTS[key if key in COUNTS else name], True


def _noisy(shape: Shape, minute: int, noise: random.Random, *, whole: bool) -> float:
    value = shape(_load(minute), _burst(minute))
    if whole:
        return max(0.0, round(noise.gauss(value, 0.7 * math.sqrt(value))))
    return value * noise.uniform(0.93, 1.09)


def _load(minute: int) -> float:
    """An evening: it fills, and empties slowly."""
    return 0.72 + 0.42 * math.sin(math.pi * (minute + 25) / (MINUTES + 70))


def _burst(minute: int) -> float:
    """Sudden, and slower to go."""
    late = minute - BURST_AT
    return math.exp(-((late / (2.2 if late < 0 else BURST_WIDTH)) ** 2))
