"""Which quotas and settings a load comes near, or passes."""

from collections.abc import Iterator
from dataclasses import dataclass

from ops.cost.monthly_cost import Month
from ops.cost.price_list import QUOTAS
from ops.cost.requests import REQUESTS

NEAR = 0.7


@dataclass(frozen=True, slots=True)
class Use:
    """So much of a limit is used in the busy hours."""

    what: str
    used: float
    limit: float
    cure: str

    @property
    def share(self) -> float:
        """Of the limit; above 1 it is passed."""
        return self.used / self.limit

    @property
    def warning(self) -> str | None:
        """One line, when it is near or passed."""
        if self.share < NEAR:
            return None
        state = "passes" if self.share > 1 else "comes near"
        return f"{self.what}: {self.used:,.0f} {state} {self.limit:,.0f}. {self.cure}"


def uses(month: Month) -> Iterator[Use]:
    """What the busy hours take of each limit, by the mean of their seconds."""
    day, seconds = month.day, month.day.busy_seconds
    writes = REQUESTS["sendMessage"].write_units * day.actions["sendMessage"] / day.load.rooms
    yield Use(
        "posts and requests a second, of the account's",
        (day.posts + day.requests) / seconds,
        QUOTAS["requests"].limit,
        "Ask AWS for more (Service Quotas, API Gateway), or lower presence; see docs/cost.md.",
    )
    yield Use(
        "requests a second, of the stage's throttleRate",
        day.requests / seconds,
        day.settings.throttle_rate,
        "Raise throttleRate and throttleBurst in cdk.json.",
    )
    yield Use(
        "handshakes a second, of the account's",
        day.actions["connect"] / seconds,
        QUOTAS["handshakes"].limit,
        "Ask AWS for more (Service Quotas, API Gateway).",
    )
    yield Use(
        "invocations at once, of the account's",
        month.concurrent,
        day.settings.reserved_concurrency or QUOTAS["invocations at once"].limit,
        "Raise reservedConcurrency, or ask AWS for more (Service Quotas, Lambda).",
    )
    yield Use(
        "write units a second in a room, of a partition's",
        writes / seconds,
        QUOTAS["writes of a partition"].limit,
        "No setting helps: spread people over more rooms.",
    )
    yield Use(
        "recipients of a message, of inlineLimit",
        day.others,
        day.settings.inline_limit,
        "Above it, messages go through the queue: later by some 50 ms, and no less reliable.",
    )
