"""AWS misbehaves under the deployed stack, and nobody loses anything."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from tests.emulator_fixtures import Stack
from tests.faults.conftest import Function
from tests.faults.proxy import Proxy
from tests.faults.rows import ROWS, Row
from tests.faults.trial import Outcome, run

AT_A_TIME = 4
"""Trials mostly wait, each for its own calls; the emulator has as many functions."""

Trials = dict[str, Future[Outcome]]


@pytest.fixture(scope="module")
def trials(request: pytest.FixtureRequest, stack: Stack, proxy: Proxy) -> Iterator[Trials]:
    """The trials of the selected rows, under way; those that end the function come last."""
    selected = {item.name for item in request.session.items}
    rows = [row for row in ROWS if f"test_holds[{row.name}]" in selected and not row.timeout]
    with ThreadPoolExecutor(AT_A_TIME) as threads:

        def start(row: Row) -> Future[Outcome]:
            return threads.submit(run, row, stack=stack, proxy=proxy)

        gentle = {row.name: start(row) for row in rows if not row.ends_function}
        wait(gentle.values())
        yield gentle | {row.name: start(row) for row in rows if row.ends_function}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_holds(
    row: Row,
    trials: Trials,
    stack: Stack,
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
            outcome = run(row, stack=stack, proxy=proxy)

    slowest = max(person.slowest for person in outcome.people)
    record_property("fired", [rule.fired for rule in outcome.rules])
    record_property("refusals", outcome.refusals)
    record_property("slowest reply, seconds", round(slowest, 1))
    _judge(outcome)
    assert all(rule.fired for rule in outcome.rules), outcome.rules
    assert row.refused in (None, bool(outcome.refusals)), outcome.refusals
    assert slowest < function.timeout


def _judge(outcome: Outcome) -> None:
    """Log, views and membership, against what people did."""
    logged = [(m["clientMessageId"], m["text"]) for m in outcome.log]
    sent = {id_: text for person in outcome.people for id_, text in person.sent.items()}
    acknowledged = {m["clientMessageId"]: m["seq"] for m in outcome.log}

    assert sorted(logged) == sorted(sent.items()), "each message is in the log, once"
    for person in outcome.people:
        assert {id_: m["seq"] for id_, m in person.acknowledged.items()} == {
            id_: acknowledged[id_] for id_ in person.sent
        }, "under the seq of its reply"
        own = [m["clientMessageId"] for m in outcome.log if m["clientMessageId"] in person.sent]
        assert own == list(person.sent), "in the order of the replies"
    for person in outcome.present:
        assert [(m["seq"], m["text"]) for m in person.seen()] == [
            (m["seq"], m["text"]) for m in outcome.log
        ], "everyone sees the log"
    present = sorted(person.name for person in outcome.present)
    assert sorted(outcome.members) == present, "who is connected is a member"
    assert sorted(outcome.audience) == present, "and hears what is pushed"
