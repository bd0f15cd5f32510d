"""`make bench`: measures the chat on this machine, with everything on 127.0.0.1."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.appends import LOADS, Appends, TwoSteps, measure_appends
from benchmarks.authorizer import measure_authorizers
from benchmarks.cold_cpu import signatures_after
from benchmarks.end_to_end import delays, deployed, message_cost
from benchmarks.fixtures import stub
from benchmarks.flood import ALLOWED_SENDER, FLOODERS, NO_USER, Impact, measure_impacts
from benchmarks.posts import PushComparison, faults_table
from benchmarks.report import mb, ms, table, times, us
from benchmarks.startup import measure_starts
from benchmarks.stub_ceiling import ceiling
from chat.dynamodb.message_writer import MessageWriter
from local.deploy import NOTHING, UNBOUNDED
from tools.common import UserError

LATENCY = 0.01
"""Seconds until the stub answers a post."""

SIZES = {10: 60, 100: 21, 1_000: 9, 10_000: 3}
"""Rounds by number of recipients."""

QUICK_SIZES = {10: 15, 100: 6, 1_000: 3}

LIMITED_SECONDS = 300.0
"""Length of a flood with limits: a flooder is blocked for as long, so it can flood once."""

UNLIMITED_SECONDS = 15.0
"""Length of a flood without limits."""


def main() -> int:
    """Run the benchmarks that the arguments name, by default all. Return the exit status."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=...")
    parser.add_argument("--quick", action="store_true", help="fewer recipients and rounds")
    parser.add_argument("--only", choices=[*BENCHMARKS], help="one benchmark; the default is all")
    given = parser.parse_args()
    print(_machine(), flush=True)
    try:
        for name, run in BENCHMARKS.items():
            if given.only in (None, name):
                run(quick=given.quick)
    except UserError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    print(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}")
    return 0


def _machine() -> str:
    """Return a line about the machine, because the results depend on it."""
    cores = os.cpu_count()
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, {_processor()}, "
        f"Python {platform.python_version()}; load average at the start: {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        return platform.processor()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "?")


def _posts(*, quick: bool) -> None:
    """Compare the push clients, and print our push client under faults and on cold caches."""
    sizes = QUICK_SIZES if quick else SIZES
    with ExitStack() as stack:
        plain, slow = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2))
        without_latency = stack.enter_context(stub(Path(plain), latency=0.0))
        with_latency = stack.enter_context(stub(Path(slow), latency=LATENCY))
        most = ceiling(
            without_latency.url,
            str(without_latency.authority),
            posts=10_000 if quick else 40_000,
        )
        comparison, ours = PushComparison(with_latency), PushComparison(without_latency)
        comparison.run(sizes)
        ours.run(sizes, names=["ours"])
        print(f"\nThe stub's ceiling: {most:,.0f} posts per second")
        print(comparison.table(), comparison.ratios(), ours.table(), sep="\n", flush=True)
        print(faults_table(with_latency, recipients=1_000, rounds=1 if quick else 5), flush=True)
    cells = [us(signatures_after(pause)) for pause in (0.0, LATENCY)]
    head = ("ten signatures", "without a pause", f"after {ms(LATENCY)} of sleep")
    print(table("Cold processor caches", head, [("CPU", *cells)]), flush=True)


def _start(*, quick: bool) -> None:
    """Print the start of the chat, compared with that of boto3."""
    found = measure_starts(rounds=3 if quick else 11)
    base = next(start for start in found if start.name.startswith("boto3"))
    rows = [
        (
            each.name,
            ms(each.seconds),
            ms(each.seconds - base.seconds),
            ms(each.cpu),
            mb(each.resident_mb),
        )
        for each in found
    ]
    head = ("program", "start to ready", "more than boto3", "CPU", "resident memory")
    print(table("Start", head, rows), flush=True)


def _authorizer(*, quick: bool) -> None:
    """Print the handshakes of the authorizer, compared with PyJWT alone."""
    found = measure_authorizers(rounds=3 if quick else 21)
    base = found["PyJWT alone"]
    rows = [
        (
            name,
            ms(each.ready[0]),
            ms(each.first[0]),
            us(each.warm[0]),
            us(each.slow),
            us(each.warm[1]),
            times(each.warm[1] / base.warm[1]),
        )
        for name, each in found.items()
    ]
    head = ("", "start", "first handshake", "warm", "99 %", "CPU, warm", "/ PyJWT alone")
    print(table("The authorizer", head, rows), flush=True)


def _emulator(*, quick: bool) -> None:
    """Print the cost of a message in the emulator, and the time until its receipts."""
    with ExitStack() as stack:
        emulated, other = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2))
        served = stack.enter_context(stub(Path(other), latency=LATENCY))
        chat = stack.enter_context(deployed(Path(emulated)))
        rows = []
        for others in (0, 10) if quick else (0, 10, 100):
            cost = message_cost(chat, served, others=others)
            requests = ", ".join(f"{count} {name}" for name, count in cost["requests"].items())
            rows.append((str(others), us(cost["cpu"]), mb(cost["resident_mb"]), requests))
        head = ("others in the room", "CPU", "resident memory", "DynamoDB requests")
        print(table("One sendMessage, without rate limits", head, rows), flush=True)
        clients = 20 if quick else 100
        found = delays(chat, clients=clients, messages=5 if quick else 20)
        print(_percentiles(found, clients), flush=True)


def _append(*, quick: bool) -> None:
    """Print what appending a message costs, compared with two steps."""
    seconds = 5.0 if quick else 60.0
    rows = []
    for load in LOADS:
        steps = measure_appends(load, TwoSteps, seconds=seconds)
        ours = measure_appends(load, MessageWriter, seconds=seconds)
        who = f"{load.rate:g} a second by {load.environments}"
        rows.append((who, *_appends(ours), *_appends(steps)))
    cells = ("requests", "conflicts", "median", "95 %")
    head = ("messages", *cells, *(f"two steps: {cell}" for cell in cells))
    print(table("Appending to one room, by environments of the function", head, rows), flush=True)


def _appends(found: Appends) -> tuple[str, ...]:
    return (f"{found.requests:.2f}", f"{found.conflicts}", ms(found.p50), ms(found.p95))


def _flood(*, quick: bool) -> None:
    """Print the impact of a flooder on a room, with the default limits and without limits."""
    rows = []
    limited, unlimited = (4.0, 4.0) if quick else (LIMITED_SECONDS, UNLIMITED_SECONDS)
    for limits, settings, users, rounds, seconds in (
        ("default", NOTHING, (NO_USER, *FLOODERS, ALLOWED_SENDER), 1, limited),
        ("none", UNBOUNDED, (NO_USER, *FLOODERS), 1 if quick else 3, unlimited),
    ):
        with tempfile.TemporaryDirectory() as folder, deployed(Path(folder), settings) as chat:
            impacts = measure_impacts(chat, users, rounds=rounds, seconds=seconds)
        base = impacts[NO_USER]
        rows += [_impact(limits, user.name, each, base) for user, each in impacts.items()]
    head = (
        "limits",
        "seventh user",
        "receipts",
        "median",
        "99 %",
        "/ none",
        "its frames and replies",
    )
    print(table("A room and a flooder, in the emulator", head, rows), flush=True)


def _impact(limits: str, user: str, impact: Impact, base: Impact) -> tuple[str, ...]:
    """Return a row of the table of floods; *base* is the case without a seventh user."""
    counts = ", ".join(f"{count:,} {kind}" for kind, count in impact.extra_user.most_common())
    slow = impact.percentile(0.99)
    delays = (ms(impact.percentile(0.5)), ms(slow), times(slow / base.percentile(0.99)))
    return (limits, user, f"{len(impact.delays):,}", *delays, counts)


def _percentiles(found: Sequence[float], clients: int) -> str:
    """Return the table of times from sending to receipt."""
    shares = (0.5, 0.9, 0.99)
    cells = [ms(found[int(len(found) * share)]) for share in shares]
    head = ("receipts", "median", "90 %", "99 %", "last")
    title = f"From send to receipt in the emulator, {clients} clients in a room"
    return table(title, head, [(f"{len(found):,}", *cells, ms(found[-1]))])


BENCHMARKS = {
    "posts": _posts,
    "start": _start,
    "authorizer": _authorizer,
    "emulator": _emulator,
    "append": _append,
    "flood": _flood,
}

if __name__ == "__main__":
    sys.exit(main())
