"""The line of an invocation: valid embedded metrics, complete, and without personal data."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chat.errors import RateLimited
from chat.observability.invocation import InvocationRecord
from chat.observability.metrics import UNITS, DynamoTimer, EmfMetrics
from tests.support.emf import SCHEMA


def metrics(lines: list[str], **options: Any) -> EmfMetrics:
    return EmfMetrics(namespace="Test/Chat", function="chat", write=lines.append, **options)


def line_of(fill: Callable[[InvocationRecord], None], *, invocations: int = 1) -> dict[str, Any]:
    """Return the line of the last of some invocations."""
    lines: list[str] = []
    watched = metrics(lines)
    for _ in range(invocations):
        with watched.invocation("lambda-1") as record:
            fill(record)
    assert len(lines) == invocations
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def metrics_of(line: dict[str, Any]) -> dict[tuple[str, ...], float]:
    """Return the values of a line by name and dimensions, as CloudWatch reads them."""
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


def everything(record: InvocationRecord) -> None:
    record.connects = record.disconnects = record.messages = record.queued = record.requeued = 1
    record.recipients, record.delivered, record.gone, record.failed = 6, 3, 2, 1
    record.allowed = record.denied = record.faults = record.closed = 1
    record.fan_out_seconds = 0.25


def test_is_valid_with_every_metric() -> None:
    """Everything that can be counted is a metric with a value and a unit."""
    found = metrics_of(line_of(everything))

    assert set(found) == {(name,) for name in set(UNITS) - {"StoreTime"}}
    assert found["FanoutTime",] == 250
    assert (found["Recipients",], found["Delivered",]) == (6, 3)


def test_an_error_is_counted_by_its_code() -> None:
    """The code is the only dimension, because each further one would multiply the bill."""

    def fill(record: InvocationRecord) -> None:
        record.code = RateLimited.code

    line = line_of(fill, invocations=2)

    assert metrics_of(line) == {("Errors", "rate_limited"): 1}
    assert line["code"] == "rate_limited"


def test_only_the_first_is_cold() -> None:
    """A cold start is in the line, and counted once."""
    cold, warm = (line_of(lambda _: None, invocations=n) for n in (1, 2))

    assert (cold["coldStart"], warm["coldStart"]) == (True, False)
    assert metrics_of(cold) == {("ColdStarts",): 1}


def test_nothing_to_count_is_a_plain_line() -> None:
    """A ping is a line without metrics."""
    assert "_aws" not in line_of(lambda _: None, invocations=2)


def test_finds_the_invocation() -> None:
    """The line has the ids of API Gateway's and Lambda's own lines."""

    def fill(record: InvocationRecord) -> None:
        record.connection_id, record.request_id, record.room_id = "c=", "gateway-1", "tea"
        record.route = "sendMessage"

    line = line_of(fill)

    assert line["invocationId"] == "lambda-1"
    assert line["requestId"] == "gateway-1"
    assert (line["connectionId"], line["roomId"], line["route"]) == ("c=", "tea", "sendMessage")
    assert line["durationMs"] >= 0


def test_a_raised_error_is_counted_and_goes_on() -> None:
    """An invocation that raises is counted as `internal`, and the error goes on."""
    lines: list[str] = []

    with pytest.raises(OSError, match="broken"), metrics(lines).invocation("lambda-1"):
        raise OSError("broken")

    line = json.loads(lines[0])
    assert (line["level"], line["code"]) == ("ERROR", "internal")
    assert metrics_of(line)["Errors", "internal"] == 1


def test_store_time_is_that_of_the_invocation() -> None:
    """The timer runs across invocations, and each line has its own share."""
    lines: list[str] = []
    watch = DynamoTimer()
    watched = metrics(lines, store=watch)

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
    """Every other line has the ids too, and none outside of an invocation."""
    watched = metrics([])

    with watched.invocation("lambda-1") as record:
        record.request_id = "gateway-1"
        during = watched.ids()

    assert during == {"requestId": "gateway-1", "invocationId": "lambda-1"}
    assert watched.ids() == {}


def test_writes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    """The metrics are one line on stdout, written at once, where CloudWatch Logs reads them."""
    with EmfMetrics(namespace="Test/Chat", function="chat").invocation("lambda-1"):
        pass

    out, err = capsys.readouterr()
    assert json.loads(out)["message"] == "handled"
    assert (out.count("\n"), err) == (1, "")
