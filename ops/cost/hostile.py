"""Most that one hostile user can cost in a day, by the rate limits and the worst cases."""

import math
from collections.abc import Mapping

from chat_stack.settings.settings import Settings
from ops.cost.monthly_cost import BILLED_FRAME_BYTES, GB, LOG_BYTES
from ops.cost.price_list import PRICES
from ops.cost.workload import DAY_SECONDS
from ops.cost.worst_cases import ENDS_ITSELF, KINDS, WORST_CASES

INVOCATION_SECONDS = 0.1
"""Time of an invocation in the worst case. It has up to about thirty requests to DynamoDB."""

COUNTED = ("messages", "changes", "joins", "reads")
"""Kinds of requests that `userRequestsPerDay` counts."""

PUSHED = ("messages", "changes", "joins")
"""Kinds of requests that cause an event to the room."""


def rates(settings: Settings) -> Mapping[str, float]:
    """Return the requests a second of each kind that a user may make; a rate of 0 has no limit."""
    limited = {
        "messages": settings.user_message_rate,
        "changes": settings.user_message_rate,
        "joins": settings.user_joins_per_minute / 60,
        "reads": settings.user_read_rate,
        "frames": settings.user_request_rate,
    }
    return {kind: rate or settings.throttle_rate for kind, rate in limited.items()}


def dollars_a_day(settings: Settings) -> float:
    """Return the most that a user's requests can cost in a day, without events to others.

    The kinds that the limit of a day counts share it, the dearest first.
    """
    prices = {
        kind: max(_dollars(action, settings) for action in actions if action not in ENDS_ITSELF)
        for kind, actions in KINDS.items()
    }
    left, total = _counted_in_a_day(settings), 0.0
    for kind in sorted(prices, key=lambda kind: -prices[kind]):
        requests = DAY_SECONDS * rates(settings)[kind]
        if kind in COUNTED:
            requests = min(requests, left)
            left -= requests
        total += requests * prices[kind]
    return total


def dollars_a_day_for_recipients(settings: Settings, recipients: int) -> float:
    """Return the most that the events to *recipients* connections in a room add in a day."""
    events = DAY_SECONDS * sum(rates(settings)[kind] for kind in PUSHED)
    events = min(events, _counted_in_a_day(settings))
    return events * recipients * _dollars_per_unit("messages")


def _counted_in_a_day(settings: Settings) -> float:
    """Return the most requests that the limit of a day allows: a full bucket, and what flows in."""
    return 2 * settings.user_requests_per_day or math.inf


def _dollars(action: str, settings: Settings) -> float:
    """Return the cost of one request of an action."""
    worst = WORST_CASES[action]
    frames = 1 + math.ceil(worst.reply_kb * 1_000 / BILLED_FRAME_BYTES)
    seconds = INVOCATION_SECONDS if worst.read_units else 0.005
    return (
        worst.read_units * _dollars_per_unit("reads")
        + worst.write_units * _dollars_per_unit("writes")
        + frames * _dollars_per_unit("messages")
        + _dollars_per_unit("invocations")
        + seconds * settings.memory_mb / 1_024 * _dollars_per_unit(settings.architecture)
        + LOG_BYTES / GB * _dollars_per_unit("logs")
        + worst.reply_kb * 1_000 / GB * _dollars_per_unit("transfer")
    )


def _dollars_per_unit(price: str) -> float:
    """Return the price of the first unit, which is the highest."""
    return PRICES[price].of(1)
