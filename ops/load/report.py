"""What a load came to: the figures, and whether they are good."""

from collections.abc import Iterator, Mapping
from typing import Any

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
LATE = 0.25
"""Seconds from which the load could not keep its own rate."""

Outcome = Mapping[str, Any]


def faults(found: Outcome) -> Iterator[str]:
    """Why it did not go well, in a line each; none where it did."""
    if absent := found["absent"]:
        yield f"{len(absent)} clients did not get in, the first: {absent[0]}"
    if found["disconnected"]:
        yield f"{found['disconnected']} connections were lost"
    if found["lost"]:
        yield f"{found['lost']} messages were acknowledged, and are not in the log"
    if found["disordered"]:
        yield f"{found['disordered']} rooms have a log out of order, or a message twice"
    if found["unread"]:
        yield f"the logs of {found['unread']} rooms could not be read"
    if silent := found["sent"] - found["acknowledged"]:
        yield f"{silent} messages had no answer"
    for code, count in found["refused"].items():
        yield f"{count} messages were refused: {code}"


def lines(found: Outcome) -> Iterator[str]:
    """The table, and the count of messages."""
    yield f"  {'milliseconds':<18}{'count':>9}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}{'failed':>9}"
    for name, row in found["times"].items():
        figures = (row["count"], *(row[share] for share in SHARES), row["max"], row["failed"])
        yield f"  {name:<18}" + "".join(f"{figure:>9,.0f}" for figure in figures)
    yield ""
    missing = found["expected"] - found["heard"]
    yield (
        f"{found['acknowledged']:,} messages acknowledged, {found['lost']:,} of them lost; "
        f"{found['heard']:,} of {found['expected']:,} receipts, {found['doubled']:,} twice."
    )
    if missing:
        yield f"{missing:,} receipts did not come as events; their messages are in the log."
    if found["late"] > LATE:
        yield (
            f"Messages went out up to {found['late']:.1f} s late: this machine could not keep the "
            "rate, and the times are its own too."
        )
