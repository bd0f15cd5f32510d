"""AWS misbehaves under the deployed stack, and nobody loses anything."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from tests.reliability.faults.accounts import Teams
from tests.reliability.faults.cases import ROWS, Row
from tests.reliability.faults.function import Function
from tests.reliability.faults.proxy import Proxy
from tests.reliability.faults.run import Outcome, run
from tests.reliability.model.history_checker import violations
from tests.support.emulator import Stack

AT_A_TIME = 4
"""Trials mostly wait, each for its own calls; the emulator has as many functions."""

Trials = dict[str, Future[Outcome]]


@pytest.fixture(scope="module")
def trials(
    request: pytest.FixtureRequest, signed_in_stack: Stack, proxy: Proxy, teams: Teams
) -> Iterator[Trials]:
    """The trials of the selected rows, under way; those that end the function come last."""
    selected = {item.name for item in request.session.items}
    rows = [row for row in ROWS if f"test_holds[{row.name}]" in selected and not row.timeout]
    with ThreadPoolExecutor(AT_A_TIME) as threads:

        def start(row: Row) -> Future[Outcome]:
            return threads.submit(run, row, stack=signed_in_stack, proxy=proxy, teams=teams)

        gentle = {row.name: start(row) for row in rows if not row.ends_function}
        wait(gentle.values())
        yield gentle | {row.name: start(row) for row in rows if row.ends_function}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_holds(
    row: Row,
    trials: Trials,
    signed_in_stack: Stack,
    teams: Teams,
    function: Function,
    proxy: Proxy,
    record_property: Callable[[str, object], None],
) -> None:
    """Under each fault, all that is acknowledged is in the log once, and everyone sees the log."""
    if row.timeout is None:
        outcome = trials[row.name].result()
    else:
        wait(trials.values())
        with function.ending_after(row.timeout):
            outcome = run(row, stack=signed_in_stack, proxy=proxy, teams=teams)

    slowest = max(person.slowest for person in outcome.people)
    record_property("fired", [rule.fired for rule in outcome.rules])
    record_property("refusals", outcome.refusals)
    record_property("slowest reply, seconds", round(slowest, 1))
    assert violations(outcome.histories(), outcome.truth) == []
    assert sorted(outcome.members) == sorted(person.name for person in outcome.present)
    assert outcome.lasts
    assert all(rule.fired for rule in outcome.rules), outcome.rules
    assert row.refused in (None, bool(outcome.refusals)), outcome.refusals
    assert slowest < function.timeout
