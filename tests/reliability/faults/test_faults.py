"""Calls of the deployed stack to AWS fail, and no message is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from tests.reliability.faults.accounts import Teams
from tests.reliability.faults.cases import CASES, FaultCase
from tests.reliability.faults.function import Function
from tests.reliability.faults.proxy import Proxy
from tests.reliability.faults.run import Outcome, run
from tests.reliability.model.history_checker import violations
from tests.support.emulator import Stack

AT_A_TIME = 4
"""Runs at a time. They mostly wait, and the emulator has as many functions."""

Runs = dict[str, Future[Outcome]]


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest, signed_in_stack: Stack, proxy: Proxy, teams: Teams
) -> Iterator[Runs]:
    """Start the runs of the selected cases. Cases that end the function come last."""
    selected = {item.name for item in request.session.items}
    cases = [case for case in CASES if f"test_holds[{case.name}]" in selected and not case.timeout]
    with ThreadPoolExecutor(AT_A_TIME) as threads:

        def start(case: FaultCase) -> Future[Outcome]:
            return threads.submit(run, case, stack=signed_in_stack, proxy=proxy, teams=teams)

        gentle = {case.name: start(case) for case in cases if not case.ends_function}
        wait(gentle.values())
        yield gentle | {case.name: start(case) for case in cases if case.ends_function}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_holds(
    case: FaultCase,
    runs: Runs,
    signed_in_stack: Stack,
    teams: Teams,
    function: Function,
    proxy: Proxy,
    record_property: Callable[[str, object], None],
) -> None:
    """Under each fault every acknowledged message is in the log once, and clients see the log."""
    if case.timeout is None:
        outcome = runs[case.name].result()
    else:
        wait(runs.values())
        with function.ending_after(case.timeout):
            outcome = run(case, stack=signed_in_stack, proxy=proxy, teams=teams)

    slowest = max(user.slowest for user in outcome.users)
    record_property("fired", [rule.fired for rule in outcome.rules])
    record_property("errors", outcome.errors)
    record_property("slowest reply, seconds", round(slowest, 1))
    assert violations(outcome.histories(), outcome.truth) == []
    assert sorted(outcome.members) == sorted(user.name for user in outcome.present)
    assert outcome.lasts
    assert all(rule.fired for rule in outcome.rules), outcome.rules
    assert case.causes_errors in (None, bool(outcome.errors)), outcome.errors
    assert slowest < function.timeout
