"""`make bench`: one run, one machine, everything on 127.0.0.1; prints the tables."""

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.authorizer import handshakes
from benchmarks.cold_cpu import signatures_after
from benchmarks.end_to_end import delays, deployed, message_cost
from benchmarks.fixtures import stub
from benchmarks.flood import FLOODERS, NOBODY, TALKER, Felt, floods
from benchmarks.posts import Contest, faults
from benchmarks.report import mb, ms, table, times, us
from benchmarks.startup import starts
from benchmarks.stub_ceiling import ceiling
from local.deploy import NOTHING, UNBOUNDED

LATENCY = 0.01
FULL = {10: 60, 100: 21, 1_000: 9, 10_000: 3}
QUICK = {10: 15, 100: 6, 1_000: 3}
A_REST = 300.0
"""Seconds that a flooder is kept out: one flood in each is as often as it gets."""

A_WHILE = 15.0
"""Seconds that a flood without limits is watched."""


def main() -> None:
    """Run what was asked for; everything unless told."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=...")
    parser.add_argument("--quick", action="store_true", help="fewer recipients and rounds")
    parser.add_argument("--only", choices=[*PARTS])
    given = parser.parse_args()
    print(_machine(), flush=True)
    for name, part in PARTS.items():
        if given.only in (None, name):
            part(quick=given.quick)
    print(f"\nLoad average in the end: {os.getloadavg()[0]:.1f}")


def _machine() -> str:
    cores = os.cpu_count()
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, {_processor()}, "
        f"Python {platform.python_version()}; load average at first: {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        return platform.processor()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "?")


def _posts(*, quick: bool) -> None:
    sizes = QUICK if quick else FULL
    with ExitStack() as stack:
        plain, slow = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2))
        at_once = stack.enter_context(stub(Path(plain), latency=0.0))
        ground = stack.enter_context(stub(Path(slow), latency=LATENCY))
        most = ceiling(at_once.url, str(at_once.authority), posts=10_000 if quick else 40_000)
        contest, hot = Contest(ground), Contest(at_once)
        contest.run(sizes)
        hot.run(sizes, names=["ours"])
        print(f"\nThe stub's ceiling: {most:,.0f} posts a second")
        print(contest.table(), contest.ratios(), hot.table(), sep="\n", flush=True)
        print(faults(ground, recipients=1_000, rounds=1 if quick else 5), flush=True)
    cells = [us(signatures_after(pause)) for pause in (0.0, LATENCY)]
    head = ("ten signatures", "at once", f"after {ms(LATENCY)} of sleep")
    print(table("The processor's part", head, [("CPU", *cells)]), flush=True)


def _start(*, quick: bool) -> None:
    found = starts(rounds=3 if quick else 11)
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
    found = handshakes(rounds=3 if quick else 21)
    usual = found["PyJWT alone"]
    rows = [
        (
            name,
            ms(each.ready[0]),
            ms(each.first[0]),
            us(each.warm[0]),
            us(each.slow),
            us(each.warm[1]),
            times(each.warm[1] / usual.warm[1]),
        )
        for name, each in found.items()
    ]
    head = ("", "start", "first handshake", "warm", "99 %", "CPU, warm", "/ PyJWT alone")
    print(table("The authorizer", head, rows), flush=True)


def _emulator(*, quick: bool) -> None:
    with ExitStack() as stack:
        emulated, other = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2))
        ground = stack.enter_context(stub(Path(other), latency=LATENCY))
        chat = stack.enter_context(deployed(Path(emulated)))
        rows = []
        for others in (0, 10) if quick else (0, 10, 100):
            cost = message_cost(chat, ground, others=others)
            asked = ", ".join(f"{count} {name}" for name, count in cost["requests"].items())
            rows.append((str(others), us(cost["cpu"]), mb(cost["resident_mb"]), asked))
        head = ("others in the room", "CPU", "resident memory", "DynamoDB requests")
        print(table("One sendMessage", head, rows), flush=True)
        clients = 20 if quick else 100
        found = delays(chat, clients=clients, messages=5 if quick else 20)
        print(_percentiles(found, clients), flush=True)


def _flood(*, quick: bool) -> None:
    """With the settings as they are, and with the buckets switched off."""
    rows = []
    a_rest, a_while = (4.0, 4.0) if quick else (A_REST, A_WHILE)
    for limits, settings, sevenths, rounds, seconds in (
        ("as set", NOTHING, (NOBODY, *FLOODERS, TALKER), 1, a_rest),
        ("none", UNBOUNDED, (NOBODY, *FLOODERS), 1 if quick else 3, a_while),
    ):
        with tempfile.TemporaryDirectory() as folder, deployed(Path(folder), settings) as chat:
            felt = floods(chat, sevenths, rounds=rounds, seconds=seconds)
        rows += [_felt(limits, who.name, each, felt[NOBODY]) for who, each in felt.items()]
    head = ("limits", "a seventh", "receipts", "median", "99 %", "/ calm", "of what they sent")
    print(table("A room and a flooder, in the emulator", head, rows), flush=True)


def _felt(limits: str, who: str, felt: Felt, calm: Felt) -> tuple[str, ...]:
    flood = ", ".join(f"{count:,} {code}" for code, count in felt.flood.most_common())
    shares = (ms(felt.at(0.5)), ms(felt.at(0.99)), times(felt.at(0.99) / calm.at(0.99)))
    return (limits, who, f"{len(felt.delays):,}", *shares, flood)


def _percentiles(found: Sequence[float], clients: int) -> str:
    shares = (0.5, 0.9, 0.99)
    cells = [ms(found[int(len(found) * share)]) for share in shares]
    head = ("receipts", "median", "90 %", "99 %", "last")
    title = f"From send to receipt in the emulator, {clients} clients in a room"
    return table(title, head, [(f"{len(found):,}", *cells, ms(found[-1]))])


PARTS = {
    "posts": _posts,
    "start": _start,
    "authorizer": _authorizer,
    "emulator": _emulator,
    "flood": _flood,
}

if __name__ == "__main__":
    main()
