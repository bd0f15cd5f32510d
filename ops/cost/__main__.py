"""`make estimate`: prints the monthly cost of a load, and its use of limits."""

import json
import os
import sys
from collections.abc import Iterator, Mapping

import msgspec

from chat_stack.errors import ConfigError
from chat_stack.settings.load import read_environments
from chat_stack.settings.settings import Settings
from ops.cli_args import numbers, parse_struct
from ops.cost import hostile
from ops.cost.monthly_cost import Month
from ops.cost.price_list import AS_OF, PRICES, REGION
from ops.cost.quotas import LimitUse, limit_uses
from ops.cost.workload import Day, Load
from tools.common import ROOT, UserError

VARIABLES = tuple(field.name.upper() for field in msgspec.structs.fields(Load))


def main(variables: Mapping[str, str] = os.environ) -> int:
    """Print the estimate that the variables describe. Return the exit status."""
    try:
        environment = variables.get("ENV") or "prod"
        month = Month(Day(read_load(variables), _settings(environment)))
    except (UserError, ConfigError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print("\n".join(report(environment, month)))
    return 0


def read_load(variables: Mapping[str, str]) -> Load:
    """Return the load that USERS, ROOMS, RATE and the others describe. Raises UserError."""
    found = numbers(variables, VARIABLES)
    if "USERS" not in found:
        others = "= ".join(VARIABLES[1:])
        raise UserError(f"USERS is missing: make estimate USERS=1000 [{others}=]")
    found.setdefault("ROOMS", max(1, int(found["USERS"] // 20)))
    found.setdefault("JOINED", max(1, min(3, found["ROOMS"])))
    return parse_struct({name.lower(): it for name, it in found.items()}, Load, variables)


def report(environment: str, month: Month) -> Iterator[str]:
    """Yield the printed lines: the load, the bill, the use of limits, and the warnings."""
    yield from _load(environment, month.day)
    yield ""
    yield f"Cost of a month, at the list prices of {REGION} on {AS_OF}, without free tiers:"
    for item in month.items:
        unit = PRICES[item.price].unit
        yield f"  {item.service:<12} {_amount(item.units):>9} x {unit:<28} {item.dollars:>12,.2f} $"
    per_user = month.dollars / month.day.load.users
    yield f"  {'total':<54} {month.dollars:>12,.2f} $   {per_user:.4f} $ per daily user"
    yield ""
    yield "Use of the limits in the busy hours:"
    uses = list(limit_uses(month))
    for use in uses:
        yield f"  {use.name:<50} {_amount(use.used):>9} of {use.limit:>9,.0f} {use.share:>8.1%}"
    yield ""
    yield from _hostile(month.day.settings)
    yield ""
    yield from _warnings(uses)


def _load(environment: str, day: Day) -> Iterator[str]:
    """Yield the lines that describe the load."""
    load = day.load
    yield (
        f"{environment}: {load.users:,} daily users in {load.rooms:,} rooms. "
        f"Each user is in {load.joined} of them for {load.hours:g} h a day, "
        f"in {load.sessions} sessions,"
    )
    yield (
        f"and sends {load.rate:g} messages of {load.text:,} bytes per hour. "
        f"All use is within {24 / load.peak:g} hours of the day."
    )
    yield (
        f"Connected at the same time: {day.online:,.0f} users. "
        f"Other users in a room: {day.others:,.1f}. "
        f"Posts per second: {day.posts / day.busy_seconds:,.1f}."
    )
    days = day.settings.retention_days
    yield (
        f"Messages are stored for {days:,} days."
        if days
        else "Messages are never deleted; the storage is that of one year."
    )


def _hostile(settings: Settings) -> Iterator[str]:
    """Yield the lines about the cost of a user who uses all rate limits."""
    more = hostile.dollars_a_day_for_recipients(settings, 100)
    yield (
        f"One hostile user can cost at most {hostile.dollars_a_day(settings):,.0f} $ a day, "
        f"and {more:,.0f} $ more for each 100 connections that receive their events."
    )


def _warnings(uses: list[LimitUse]) -> Iterator[str]:
    """Yield a line for each limit that the load is near or above."""
    warnings = [use.warning for use in uses if use.warning]
    yield from (f"Warning: {text}" for text in warnings)
    if not warnings:
        yield "No limit is near."


def _amount(value: float) -> str:
    """Return a number with two decimals, in thousands (k), millions (M) or billions (G)."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:,.2f}{letter}"
    return f"{value:,.2f}"


def _settings(environment: str) -> Settings:
    """Return the settings of an environment of cdk.json. Raises UserError, ConfigError."""
    environments = json.loads((ROOT / "cdk.json").read_text())["context"]["environments"]
    known = read_environments(environments)
    if environment not in known:
        raise UserError(
            f"ENV={environment}: cdk.json has no such environment; it has {', '.join(known)}"
        )
    return known[environment]


if __name__ == "__main__":
    sys.exit(main())
