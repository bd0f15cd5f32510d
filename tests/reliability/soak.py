"""The long run: `python -m tests.reliability.soak --minutes 10 --seed 7`.

Prints its seed first, so that a run can be repeated, and what it did in the end; fails on the first
broken promise. In turns: the machine on the fakes and on moto, handlers side by side on moto, and
random crowds on the deployed stacks with faults at the AWS API; each of guests, and of people who
have signed in. A seed repeats what is generated; on the deployed stack, who is faster is the
machine's own.
"""

import argparse
import asyncio
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test
from moto import mock_aws

os.environ["TEST_PROFILE"] = "soak"
sys.path.insert(0, str(Path(__file__).parents[2] / "lambda"))

from local.deploy import UNBOUNDED, deploy
from local.emulator_process import emulator, free_port
from tests.reliability.faults.function import Function
from tests.reliability.faults.proxy import Proxy
from tests.reliability.model.chaos import turmoil
from tests.reliability.model.chat_machine import ChatMachine
from tests.reliability.model.function_log import own_errors
from tests.reliability.model.races import anything
from tests.reliability.model.signed_in_machine import SignedInMachine
from tests.reliability.model.simulation import MotoWorld
from tests.reliability.model.statistics import TOTALS
from tests.support.dynamodb import dynamodb
from tests.support.emulator import Pool, Stack
from tests.support.hypothesis_profiles import generated

CROWDS = 8
"""On the deployed stack, for each turn of the others."""


def main() -> None:
    """Run until the time is over."""
    options = argparse.ArgumentParser(description="Try to break the promises.")
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)  # noqa: T201 - a report
    try:
        with tempfile.TemporaryDirectory() as folder:
            _soak(Path(folder), ends=time.monotonic() + 60 * chosen.minutes, seed=chosen.seed)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        print(f"seed {chosen.seed}: {_report()}", flush=True)  # noqa: T201 - a report


def _soak(folder: Path, *, ends: float, seed: int) -> None:
    dice = random.Random(seed)
    with _deployed(folder / "guests") as guests, _deployed(folder / "signed-in") as signed_in:
        while time.monotonic() < ends:
            for turn in (_machine, _machine_on_moto, _interleavings):
                turn(dice.getrandbits(32))
            for n in range(CROWDS):
                stack, proxy = (guests, signed_in)[n % 2]
                asyncio.run(turmoil(stack, proxy, random.Random(dice.getrandbits(32))))
            print(_report(), flush=True)  # noqa: T201 - a report


@contextmanager
def _deployed(folder: Path) -> Iterator[tuple[Stack, Proxy]]:
    """A chat on an emulator of its own, and the proxy; people sign in if the folder says so."""
    folder.mkdir()
    identity = "cognito" if folder.name == "signed-in" else "guest"
    with emulator(folder=folder, port=free_port(), persist=False) as aws:
        endpoints = deploy(
            aws, folder=folder, say=lambda _: None, identity=identity, settings=UNBOUNDED
        )
        is_open = identity == "guest"
        stack = Stack.of(aws, endpoints) if is_open else Pool(aws, endpoints).stack
        with _between(stack) as proxy:
            yield stack, proxy
        assert (found := own_errors(stack.log)) == [], found


@contextmanager
def _between(stack: Stack) -> Iterator[Proxy]:
    """What the function's calls to AWS pass through."""
    function = Function(stack.endpoint_url, stack.rooms_table)
    with (
        Proxy(stack.endpoint_url, kill=function.kill).running() as proxy,
        function.behind(proxy.url),
    ):
        yield proxy


def _report() -> str:
    """What was done so far."""
    return ", ".join(f"{count:,} {what}" for what, count in sorted(TOTALS.counts.items()))


def _machine(seed: int) -> None:
    _run(ChatMachine, seed, examples=100)
    _run(SignedInMachine, seed, examples=100)


def _machine_on_moto(seed: int) -> None:
    with mock_aws():
        _run(_on_moto(ChatMachine, guests=True), seed, examples=5)
        _run(_on_moto(SignedInMachine, guests=False), seed, examples=5)


def _on_moto(machine: type[ChatMachine], *, guests: bool) -> type[ChatMachine]:
    make = staticmethod(lambda: MotoWorld(dynamodb(), guests=guests))
    return type(f"{machine.__name__}OnMoto", (machine,), {"make_world": make})


def _run(machine: type[ChatMachine], seed: int, *, examples: int) -> None:
    # Hypothesis reads the seed from the class that it runs.
    machine = type(machine.__name__, (machine,), {})
    seeded(seed)(machine)
    run_state_machine_as_test(machine, settings=generated(full=1, soak=examples))


def _interleavings(seed: int) -> None:
    with mock_aws():
        seeded(seed)(anything(dynamodb(), generated(full=1, soak=100)))()


if __name__ == "__main__":
    main()
