"""Sample data: made-up values of each metric in an evening with a burst in one large room."""

import re
import zlib

import numpy as np

MINUTES, BURST_AT = 180, 122
"""Length of the evening, and the time of the burst in it."""

LEVELS = {
    "Messages": (240, 380),
    "Recipients": (3_300, 9_000),
    "Delivered": (3_292, 8_940),
    "Gone": (7, 6),
    "(Failed|Requeued)": (0.6, 54),
    "Queued": (150, 7_400),
    "Connects": (31, 90),
    "Disconnects": (26, 20),
    "Errors rate_limited": (0.4, 26),
    "Errors (forbidden|bad_request|unauthorized|not_a_member|room_not_found)": (0.8, 1),
    "(Client|Integration)Error": (0.7, 3),
    "MessageCount": (4_100, 10_500),
    "ConcurrentExecutions": (5, 16),
    "ApproximateNumberOfMessagesVisible ShardsQueue": (0.1, 31),
    "ApproximateAgeOfOldestMessage": (0.05, 4),
    "Consumed": (850, 1_300),
    "TransactionConflict": (0.5, 10),
    ".* p50": (12, 10),
    ".* p95": (40, 120),
    ".* p99": (80, 400),
    "Duration": (11_000, 30_000),
    "IncomingBytes": (200_000, 300_000),
}
"""A minute's value, and what the burst adds to it, by metric. Other metrics are 0."""


def sample(metric: str, period: int) -> np.ndarray:
    """Return the values of a metric, "name dimension statistic", for each period in seconds."""
    usual, added = next((it for key, it in LEVELS.items() if re.match(key, metric)), (0, 0))
    minute = np.arange(MINUTES)
    load = 0.72 + 0.42 * np.sin(np.pi * (minute + 25) / (MINUTES + 70))
    burst = np.exp(-(((minute - BURST_AT) / np.where(minute < BURST_AT, 2.2, 7)) ** 2))
    noise = np.random.default_rng(zlib.crc32(metric.encode()))
    values = noise.poisson(usual * load + added * burst)
    return values.reshape(-1, period // 60).sum(axis=1)
