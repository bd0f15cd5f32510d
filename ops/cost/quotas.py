"""Use of quotas and of settings with a limit, and warnings about them."""

from collections.abc import Iterator
from dataclasses import dataclass

from ops.cost.monthly_cost import Month
from ops.cost.price_list import QUOTAS
from ops.cost.requests import REQUESTS

NEAR = 0.7
"""Share of a limit from which there is a warning."""


@dataclass(frozen=True, slots=True)
class LimitUse:
    """Use of one limit in the busy hours."""

    name: str
    used: float
    limit: float
    remedy: str

    @property
    def share(self) -> float:
        """Share of the limit. Above 1, the limit is exceeded."""
        return self.used / self.limit

    @property
    def warning(self) -> str | None:
        """One line if the use is near the limit or above it, else None."""
        if self.share < NEAR:
            return None
        state = "above the limit of" if self.share > 1 else "near the limit of"
        return f"{self.name}: {self.used:,.0f} is {state} {self.limit:,.0f}. {self.remedy}"


def limit_uses(month: Month) -> Iterator[LimitUse]:
    """Yield the use of each limit, by the mean of the seconds in the busy hours."""
    day, seconds = month.day, month.day.busy_seconds
    writes = REQUESTS["sendMessage"].write_units * day.actions["sendMessage"] / day.load.rooms
    yield LimitUse(
        "posts and requests per second (account)",
        (day.posts + day.requests) / seconds,
        QUOTAS["requests"].limit,
        "Raise it in Service Quotas (API Gateway), or lower presence; see docs/cost.md.",
    )
    yield LimitUse(
        "requests per second (throttleRate)",
        day.requests / seconds,
        day.settings.throttle_rate,
        "Raise throttleRate and throttleBurst in cdk.json.",
    )
    yield LimitUse(
        "handshakes per second (account)",
        day.actions["connect"] / seconds,
        QUOTAS["handshakes"].limit,
        "Raise it in Service Quotas (API Gateway).",
    )
    yield LimitUse(
        "concurrent invocations (account)",
        month.concurrent_invocations,
        day.settings.reserved_concurrency or QUOTAS["concurrent invocations"].limit,
        "Raise reservedConcurrency, or the account's limit in Service Quotas (Lambda).",
    )
    yield LimitUse(
        "write units per second in a room (partition)",
        writes / seconds,
        QUOTAS["writes per partition"].limit,
        "No setting raises it. Spread the users over more rooms.",
    )
    yield LimitUse(
        "recipients of a message (inlineLimit)",
        day.others,
        day.settings.inline_limit,
        "Above it, messages go through the queue, about 50 ms later and as reliably.",
    )
