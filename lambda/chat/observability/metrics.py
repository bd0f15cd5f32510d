"""One line an invocation: what a person looks for in a log, and the metrics of it.

The line is an embedded-metric document, which CloudWatch Logs turns into metrics without a call:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from chat.observability.invocation import InvocationRecord

UNITS: Mapping[str, str] = {
    "ColdStarts": "Count",
    "Connects": "Count",
    "Disconnects": "Count",
    "Closed": "Count",
    "Messages": "Count",
    "Recipients": "Count",
    "Delivered": "Count",
    "Gone": "Count",
    "Failed": "Count",
    "Queued": "Count",
    "Requeued": "Count",
    "FanoutTime": "Milliseconds",
    "StoreTime": "Milliseconds",
    "Admissions": "Count",
    "Refusals": "Count",
    "AuthorizerFaults": "Count",
}
"""Every metric but Errors; each of them, and each code of Errors, costs about $0.30 a month."""

_DEFINITIONS = {name: {"Name": name, "Unit": unit} for name, unit in UNITS.items()}
_BY_CODE = [{"Name": "Errors", "Unit": "Count"}]

_encode = msgspec.json.Encoder().encode


class DynamoTimer:
    """How long calls to the store have taken in all, and how many there were; botocore hooks."""

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0
        self._began = 0.0

    def begin(self, **_: Any) -> None:
        """A call begins; its retries are part of it."""
        self._began = time.perf_counter()

    def end(self, **_: Any) -> None:
        """It has ended, one way or the other."""
        self.calls += 1
        self.seconds += time.perf_counter() - self._began


def write(line: str) -> None:
    """To stdout, where CloudWatch Logs looks for embedded metrics, in one piece."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class EmfMetrics:
    """Times one invocation after another: a Lambda environment handles one at a time."""

    def __init__(
        self,
        *,
        namespace: str,
        function: str,
        store: DynamoTimer | None = None,
        write: Callable[[str], None] = write,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """*namespace* is that of the metrics, *function* names itself in each line."""
        self._namespace = namespace
        self._function = function
        self._store = store or DynamoTimer()
        self._write = write
        self._wall = wall
        self._cold = True
        self._current: InvocationRecord | None = None

    def ids(self) -> Mapping[str, str]:
        """What ties any other line to the invocation that it was written in."""
        if self._current is None:
            return {}
        tally = self._current
        ids = {
            "connectionId": tally.connection_id,
            "requestId": tally.request_id,
            "invocationId": tally.invocation_id,
        }
        return {key: id_ for key, id_ in ids.items() if id_ is not None}

    @contextmanager
    def invocation(self, id_: str) -> Iterator[InvocationRecord]:
        """Count one invocation, by Lambda's id of it, and write its line however it ends."""
        tally = self._current = InvocationRecord(invocation_id=id_)
        began, calls, seconds = time.perf_counter(), self._store.calls, self._store.seconds
        try:
            yield tally
        except BaseException:
            tally.code = "internal" if tally.code == "ok" else tally.code
            raise
        finally:
            self._write(
                self._line(
                    tally,
                    took=time.perf_counter() - began,
                    calls=self._store.calls - calls,
                    store=self._store.seconds - seconds,
                )
            )
            self._cold, self._current = False, None

    def _line(self, tally: InvocationRecord, *, took: float, calls: int, store: float) -> str:
        metrics = _metrics(tally)
        if calls:
            metrics["StoreTime"] = _ms(store)
        if self._cold:
            metrics["ColdStarts"] = 1
        fields = {
            "level": "INFO" if tally.code != "internal" else "ERROR",
            "message": "handled",
            "function": self._function,
            "route": tally.route,
            "connectionId": tally.connection_id,
            "roomId": tally.room_id,
            "requestId": tally.request_id,
            "invocationId": tally.invocation_id,
            "code": tally.code,
            "errorId": tally.error_id,
            "coldStart": self._cold,
            "durationMs": _ms(took),
            "storeCalls": calls,
        }
        known = {key: value for key, value in fields.items() if value is not None}
        return _encode({**known, **self._embedded(metrics, tally.code)}).decode()

    def _embedded(self, metrics: dict[str, float], code: str) -> dict[str, Any]:
        """The metrics and their metadata; nothing where there are none."""
        directives = []
        if metrics:
            directives.append(self._directive([], [_DEFINITIONS[name] for name in metrics]))
        found: dict[str, Any] = {**metrics}
        if code != "ok":
            directives.append(self._directive(["Code"], _BY_CODE))
            found |= {"Code": code, "Errors": 1}
        if not directives:
            return {}
        stamp = {"Timestamp": int(self._wall() * 1000), "CloudWatchMetrics": directives}
        return {**found, "_aws": stamp}

    def _directive(self, dimensions: list[str], metrics: list[dict[str, str]]) -> dict[str, Any]:
        return {"Namespace": self._namespace, "Dimensions": [dimensions], "Metrics": metrics}


def _metrics(tally: InvocationRecord) -> dict[str, float]:
    """What happened; of posts all counts, for a share of them needs its zeros."""
    happened = {
        "Connects": tally.connects,
        "Disconnects": tally.disconnects,
        "Closed": tally.closed,
        "Messages": tally.messages,
        "Queued": tally.queued,
        "Requeued": tally.requeued,
        "Admissions": tally.admitted,
        "Refusals": tally.refused,
        "AuthorizerFaults": tally.faults,
    }
    metrics: dict[str, float] = {name: count for name, count in happened.items() if count}
    if tally.recipients:
        metrics |= {
            "Recipients": tally.recipients,
            "Delivered": tally.delivered,
            "Gone": tally.gone,
            "Failed": tally.failed,
            "FanoutTime": _ms(tally.fanout_seconds),
        }
    return metrics


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
