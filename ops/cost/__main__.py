"""`make estimate`: what a load costs a month, and which limits it comes near."""

import json
import os
import sys
from collections.abc import Iterator, Mapping

import msgspec

from chat_stack import errors
from chat_stack.settings.load import read_environments
from chat_stack.settings.settings import Settings
from ops.cli_args import described, numbers
from ops.cost.monthly_cost import Month
from ops.cost.price_list import AS_OF, PRICES, REGION
from ops.cost.quotas import Use, uses
from ops.cost.workload import Day, Load
from tools.common import ROOT, UserError

ARGUMENTS = tuple(field.name.upper() for field in msgspec.structs.fields(Load))


def main(given: Mapping[str, str] = os.environ) -> int:
    """Print the estimate for the arguments of *given*; the exit status."""
    try:
        environment = given.get("ENV") or "prod"
        month = Month(Day(read_load(given), _settings(environment)))
    except (UserError, errors.ConfigError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print("\n".join(report(environment, month)))
    return 0


def read_load(given: Mapping[str, str]) -> Load:
    """The load that the variables USERS, ROOMS, RATE and so on describe; raises UserError."""
    found = numbers(given, ARGUMENTS)
    if "USERS" not in found:
        raise UserError(f"USERS is missing: make estimate USERS=1000 [{'= '.join(ARGUMENTS[1:])}=]")
    found.setdefault("ROOMS", max(1, int(found["USERS"] // 20)))
    found.setdefault("JOINED", max(1, min(3, found["ROOMS"])))
    return described({name.lower(): it for name, it in found.items()}, Load, given)


def report(environment: str, month: Month) -> Iterator[str]:
    """The lines that are printed."""
    yield from _load(environment, month.day)
    yield ""
    yield f"A month, at the list prices of {REGION} of {AS_OF}, free tiers not deducted:"
    for line in month.lines:
        unit = PRICES[line.price].unit
        yield f"  {line.service:<12} {_amount(line.units):>9} x {unit:<28} {line.dollars:>12,.2f} $"
    per_user = month.dollars / month.day.load.users
    yield f"  {'together':<54} {month.dollars:>12,.2f} $   {per_user:.4f} $ a daily user"
    yield ""
    yield "Of the limits, in the busy hours:"
    found = list(uses(month))
    for use in found:
        yield f"  {use.what:<50} {_amount(use.used):>9} of {use.limit:>9,.0f} {use.share:>8.1%}"
    yield ""
    yield from _warnings(found)


def _load(environment: str, day: Day) -> Iterator[str]:
    load = day.load
    yield (
        f"{environment}: {load.users:,} daily users in {load.rooms:,} rooms, "
        f"each in {load.joined} of them for {load.hours:g} h a day in {load.sessions} sessions,"
    )
    yield (
        f"sending {load.rate:g} messages an hour of {load.text:,} bytes; "
        f"all of it within {24 / load.peak:g} hours of the day."
    )
    yield (
        f"Connected at once: {day.online:,.0f}. Others in a room: {day.others:,.1f}. "
        f"Posts a second: {day.posts / day.busy_seconds:,.1f}."
    )
    days = day.settings.retention_days
    yield f"Messages: of {days:,} days." if days else "Messages: of a year; none is ever deleted."


def _warnings(found: list[Use]) -> Iterator[str]:
    warnings = [use.warning for use in found if use.warning]
    yield from (f"Warning: {text}" for text in warnings)
    if not warnings:
        yield "No limit is near."


def _amount(value: float) -> str:
    """Three digits that count, and a letter for thousands, millions, billions."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:,.2f}{letter}"
    return f"{value:,.2f}"


def _settings(environment: str) -> Settings:
    given = json.loads((ROOT / "cdk.json").read_text())["context"]["environments"]
    known = read_environments(given)
    if environment not in known:
        raise UserError(f"ENV={environment}: cdk.json has {', '.join(known)}")
    return known[environment]


if __name__ == "__main__":
    sys.exit(main())
