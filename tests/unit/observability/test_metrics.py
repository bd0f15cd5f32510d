"""The line of an invocation: valid as embedded metrics, complete, and silent about people."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chat.errors import RateLimited
from chat.observability.invocation import InvocationRecord
from chat.observability.metrics import UNITS, DynamoTimer, EmfMetrics
from tests.support.emf import SCHEMA


def meter(lines: list[str], **options: Any) -> EmfMetrics:
    return EmfMetrics(namespace="Test/Chat", function="chat", write=lines.append, **options)


def line_of(fill: Callable[[InvocationRecord], None], *, invocations: int = 1) -> dict[str, Any]:
    """What the last of some invocations writes."""
    lines: list[str] = []
    watched = meter(lines)
    for _ in range(invocations):
        with watched.invocation("lambda-1") as tally:
            fill(tally)
    assert len(lines) == invocations
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def metrics_of(line: dict[str, Any]) -> dict[tuple[str, ...], float]:
    """What CloudWatch makes of a line: values by name and dimensions."""
    SCHEMA.validate(line)
    found: dict[tuple[str, ...], float] = {}
    for directive in line["_aws"]["CloudWatchMetrics"]:
        assert directive["Namespace"] == "Test/Chat"
        (dimensions,) = directive["Dimensions"]
        for metric in directive["Metrics"]:
            key = (metric["Name"], *(line[dimension] for dimension in dimensions))
            assert isinstance(line[metric["Name"]], int | float)
            found[key] = line[metric["Name"]]
    return found


def everything(tally: InvocationRecord) -> None:
    tally.connects = tally.disconnects = tally.messages = tally.queued = tally.requeued = 1
    tally.recipients, tally.delivered, tally.gone, tally.failed = 6, 3, 2, 1
    tally.allowed = tally.denied = tally.faults = tally.closed = 1
    tally.fanout_seconds = 0.25


def test_is_valid_with_every_metric() -> None:
    """Whatever can be counted is a metric of a value, and each has a unit."""
    found = metrics_of(line_of(everything))

    assert set(found) == {(name,) for name in set(UNITS) - {"StoreTime"}}
    assert found["FanoutTime",] == 250
    assert (found["Recipients",], found["Delivered",]) == (6, 3)


def test_an_error_is_counted_by_its_code() -> None:
    """The code is the only dimension there is: each one more would multiply the bill."""

    def fill(tally: InvocationRecord) -> None:
        tally.code = RateLimited.code

    line = line_of(fill, invocations=2)

    assert metrics_of(line) == {("Errors", "rate_limited"): 1}
    assert line["code"] == "rate_limited"


def test_only_the_first_is_cold() -> None:
    """A cold start is said, and counted once."""
    cold, warm = (line_of(lambda _: None, invocations=n) for n in (1, 2))

    assert (cold["coldStart"], warm["coldStart"]) == (True, False)
    assert metrics_of(cold) == {("ColdStarts",): 1}


def test_nothing_to_count_is_a_plain_line() -> None:
    """A ping is a line for people and no metric."""
    assert "_aws" not in line_of(lambda _: None, invocations=2)


def test_finds_the_invocation() -> None:
    """The ids that API Gateway's and Lambda's own lines have."""

    def fill(tally: InvocationRecord) -> None:
        tally.connection_id, tally.request_id, tally.room_id = "c=", "gateway-1", "tea"
        tally.route = "sendMessage"

    line = line_of(fill)

    assert line["invocationId"] == "lambda-1"
    assert line["requestId"] == "gateway-1"
    assert (line["connectionId"], line["roomId"], line["route"]) == ("c=", "tea", "sendMessage")
    assert line["durationMs"] >= 0


def test_a_raised_error_is_counted_and_goes_on() -> None:
    """An invocation that fails as a whole is `internal`, and fails all the same."""
    lines: list[str] = []

    with pytest.raises(OSError, match="broken"), meter(lines).invocation("lambda-1"):
        raise OSError("broken")

    line = json.loads(lines[0])
    assert (line["level"], line["code"]) == ("ERROR", "internal")
    assert metrics_of(line)["Errors", "internal"] == 1


def test_store_time_is_that_of_the_invocation() -> None:
    """The watch runs on from invocation to invocation; each line has its own part of it."""
    lines: list[str] = []
    watch = DynamoTimer()
    watched = meter(lines, store=watch)

    for calls in (2, 0):
        with watched.invocation("lambda-1"):
            for _ in range(calls):
                watch.begin()
                watch.end()

    busy, idle = map(json.loads, lines)
    assert (busy["storeCalls"], idle["storeCalls"]) == (2, 0)
    assert ("StoreTime",) in metrics_of(busy)
    assert "StoreTime" not in idle


def test_ids_are_those_of_the_running_invocation() -> None:
    """Any other line gets them too, and none when nothing runs."""
    watched = meter([])

    with watched.invocation("lambda-1") as tally:
        tally.request_id = "gateway-1"
        during = watched.ids()

    assert during == {"requestId": "gateway-1", "invocationId": "lambda-1"}
    assert watched.ids() == {}


def test_writes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    """Where CloudWatch Logs looks for embedded metrics: one line, at once."""
    with EmfMetrics(namespace="Test/Chat", function="chat").invocation("lambda-1"):
        pass

    out, err = capsys.readouterr()
    assert json.loads(out)["message"] == "handled"
    assert (out.count("\n"), err) == (1, "")
