"""Report of a load test: the table of times, the counts, and the failures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
LATE_SECONDS = 0.25
"""Delay from which the report says that this machine could not keep the rate."""


class Outcome(TypedDict):
    """All figures of a load test. Times are in milliseconds, delays in seconds."""

    times: Mapping[str, Mapping[str, float]]
    by_second: Mapping[str, Sequence[Mapping[str, float]]]
    join_failures: Sequence[str]
    lost_connections: int
    sent: int
    rejected: Mapping[str, int]
    acknowledged: int
    expected_receipts: int
    receipts: int
    duplicate_receipts: int
    unread_rooms: int
    lost: int
    disordered_rooms: int
    max_delay: float


def failures(found: Outcome) -> Iterator[str]:
    """Yield a line for each kind of failure."""
    if reasons := found["join_failures"]:
        yield f"{len(reasons)} clients could not join; the first reason: {reasons[0]}"
    if found["lost_connections"]:
        yield f"{found['lost_connections']} connections were lost"
    if found["lost"]:
        yield f"{found['lost']} messages were acknowledged and are not in the log"
    if found["disordered_rooms"]:
        yield f"{found['disordered_rooms']} rooms have a log out of order or a message twice"
    if found["unread_rooms"]:
        yield f"{found['unread_rooms']} rooms have a log that could not be read"
    if unanswered := found["sent"] - found["acknowledged"]:
        yield f"{unanswered} messages had no reply"
    for code, count in found["rejected"].items():
        yield f"{count} messages were rejected: {code}"


def report_lines(found: Outcome) -> Iterator[str]:
    """Yield the table of times and the counts of messages."""
    yield f"  {'milliseconds':<18}{'count':>9}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}{'failed':>9}"
    for name, row in found["times"].items():
        figures = (row["count"], *(row[share] for share in PERCENTILES), row["max"], row["failed"])
        yield f"  {name:<18}" + "".join(f"{figure:>9,.0f}" for figure in figures)
    yield ""
    yield f"{found['acknowledged']:,} messages were acknowledged, and {found['lost']:,} were lost."
    yield (
        f"{found['receipts']:,} of {found['expected_receipts']:,} receipts arrived, "
        f"and {found['duplicate_receipts']:,} arrived twice."
    )
    if missing := found["expected_receipts"] - found["receipts"]:
        yield f"{missing:,} receipts did not arrive as events. Their messages are in the log."
    if found["max_delay"] > LATE_SECONDS:
        yield (
            f"Messages were sent up to {found['max_delay']:.1f} s late. This machine could not "
            "keep the rate, so the times include its own delays."
        )
