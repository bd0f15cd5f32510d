"""The long run: `python -m tests.reliability.soak --minutes 10 --seed 7`.

Prints its seed first, so that a run can be repeated, and a report at the end. Fails on the first
violated guarantee.

A turn runs the state machine on the fakes and on DynamoDB. Then it runs handlers side by side on
DynamoDB. Last, it runs random clients on the deployed stacks with faults at the AWS API. Each runs
with guests and with signed-in users.

A seed repeats what is generated. The order of events on the deployed stack depends on the machine.
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

os.environ["TEST_PROFILE"] = "soak"
sys.path.insert(0, str(Path(__file__).parents[2] / "lambda"))

from local.deploy import UNBOUNDED, deploy
from local.emulator_process import emulator, free_port
from tests.reliability.faults.function import Function
from tests.reliability.faults.proxy import Proxy
from tests.reliability.model.chaos import run_chaos
from tests.reliability.model.chat_machine import ChatMachine
from tests.reliability.model.function_log import own_errors
from tests.reliability.model.races import anything
from tests.reliability.model.signed_in_machine import SignedInMachine
from tests.reliability.model.simulation import DynamoSimulation
from tests.reliability.model.statistics import STATISTICS
from tests.support.emulator import Pool, Stack
from tests.support.hypothesis_profiles import generated
from tests.support.in_process import dynamodb_in_process, reset_dynamodb

CHAOS_RUNS = 8
"""The runs on the deployed stacks for each turn of the others."""


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
    rng = random.Random(seed)
    with _deployed(folder / "guests") as guests, _deployed(folder / "signed-in") as signed_in:
        while time.monotonic() < ends:
            for turn in (_machine, _machine_on_dynamodb, _interleavings):
                turn(rng.getrandbits(32))
            for n in range(CHAOS_RUNS):
                stack, proxy = (guests, signed_in)[n % 2]
                asyncio.run(run_chaos(stack, proxy, random.Random(rng.getrandbits(32))))
            print(_report(), flush=True)  # noqa: T201 - a report


@contextmanager
def _deployed(folder: Path) -> Iterator[tuple[Stack, Proxy]]:
    """Provide a chat on its own emulator, and the proxy.

    Users sign in if the folder is called `signed-in`.
    """
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
    """Run a proxy that all the function's calls to AWS pass through."""
    function = Function(stack.endpoint_url, stack.rooms_table)
    with (
        Proxy(stack.proxy_port, stack.endpoint_url, kill=function.kill).running() as proxy,
        function.behind(proxy.url),
    ):
        yield proxy


def _report() -> str:
    """Return what was done so far."""
    return ", ".join(f"{count:,} {what}" for what, count in sorted(STATISTICS.counts.items()))


def _machine(seed: int) -> None:
    _run(ChatMachine, seed, examples=100)
    _run(SignedInMachine, seed, examples=100)


def _machine_on_dynamodb(seed: int) -> None:
    _run(_on_dynamodb(ChatMachine, guests=True), seed, examples=5)
    _run(_on_dynamodb(SignedInMachine, guests=False), seed, examples=5)
    reset_dynamodb()


def _on_dynamodb(machine: type[ChatMachine], *, guests: bool) -> type[ChatMachine]:
    make = staticmethod(lambda: DynamoSimulation(dynamodb_in_process(), guests=guests))
    return type(f"{machine.__name__}OnDynamoDB", (machine,), {"make_simulation": make})


def _run(machine: type[ChatMachine], seed: int, *, examples: int) -> None:
    # Hypothesis reads the seed from the class that it runs.
    machine = type(machine.__name__, (machine,), {})
    seeded(seed)(machine)
    run_state_machine_as_test(machine, settings=generated(full=1, soak=examples))


def _interleavings(seed: int) -> None:
    seeded(seed)(anything(dynamodb_in_process(), generated(full=1, soak=100)))()
    reset_dynamodb()


if __name__ == "__main__":
    main()
