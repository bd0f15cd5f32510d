"""One log line for each invocation, which is also its CloudWatch metrics.

CloudWatch Logs extracts the metrics of a line in the embedded metric format, without an API call:
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
    "AuthorizerAllowed": "Count",
    "AuthorizerDenied": "Count",
    "AuthorizerFaults": "Count",
}
"""Every metric except Errors. Each metric and each code of Errors costs about $0.30 a month."""

_DEFINITIONS = {name: {"Name": name, "Unit": unit} for name, unit in UNITS.items()}
_BY_CODE = [{"Name": "Errors", "Unit": "Count"}]

_encode = msgspec.json.Encoder().encode


class DynamoTimer:
    """Timer of DynamoDB calls, used as botocore hooks: total seconds and number of calls."""

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0
        self._began = 0.0

    def begin(self, **_: Any) -> None:
        """Start a call. Its retries are part of it."""
        self._began = time.perf_counter()

    def end(self, **_: Any) -> None:
        """End the call, successful or not."""
        self.calls += 1
        self.seconds += time.perf_counter() - self._began


def write(line: str) -> None:
    """Write *line* to stdout in one piece, where CloudWatch Logs finds embedded metrics."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class EmfMetrics:
    """Writer of one line an invocation; a Lambda environment handles one at a time."""

    def __init__(
        self,
        *,
        namespace: str,
        function: str,
        store: DynamoTimer | None = None,
        write: Callable[[str], None] = write,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Take the *namespace* of the metrics and the name of the *function* for each line."""
        self._namespace = namespace
        self._function = function
        self._store = store or DynamoTimer()
        self._write = write
        self._wall = wall
        self._cold = True
        self._current: InvocationRecord | None = None

    def ids(self) -> Mapping[str, str]:
        """Return the ids of the current invocation, for other log lines."""
        if self._current is None:
            return {}
        record = self._current
        ids = {
            "connectionId": record.connection_id,
            "requestId": record.request_id,
            "invocationId": record.invocation_id,
        }
        return {key: id_ for key, id_ in ids.items() if id_ is not None}

    @contextmanager
    def invocation(self, id_: str) -> Iterator[InvocationRecord]:
        """Record the invocation with Lambda's id *id_* and write its line, also after an error."""
        record = self._current = InvocationRecord(invocation_id=id_)
        began, calls, seconds = time.perf_counter(), self._store.calls, self._store.seconds
        try:
            yield record
        except BaseException:
            record.code = "internal" if record.code == "ok" else record.code
            raise
        finally:
            self._write(
                self._line(
                    record,
                    took=time.perf_counter() - began,
                    calls=self._store.calls - calls,
                    store=self._store.seconds - seconds,
                )
            )
            self._cold, self._current = False, None

    def _line(self, record: InvocationRecord, *, took: float, calls: int, store: float) -> str:
        metrics = _metrics(record)
        if calls:
            metrics["StoreTime"] = _ms(store)
        if self._cold:
            metrics["ColdStarts"] = 1
        fields = {
            "level": "INFO" if record.code != "internal" else "ERROR",
            "message": "handled",
            "function": self._function,
            "route": record.route,
            "connectionId": record.connection_id,
            "roomId": record.room_id,
            "requestId": record.request_id,
            "invocationId": record.invocation_id,
            "code": record.code,
            "errorId": record.error_id,
            "coldStart": self._cold,
            "durationMs": _ms(took),
            "storeCalls": calls,
        }
        known = {key: value for key, value in fields.items() if value is not None}
        return _encode({**known, **self._embedded(metrics, record.code)}).decode()

    def _embedded(self, metrics: dict[str, float], code: str) -> dict[str, Any]:
        """Return the metrics and their metadata, or an empty dict without metrics."""
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


def _metrics(record: InvocationRecord) -> dict[str, float]:
    """Return the metrics of *record*.

    Counts of 0 are left out, except those of posts: a ratio of them needs its zeros.
    """
    happened = {
        "Connects": record.connects,
        "Disconnects": record.disconnects,
        "Closed": record.closed,
        "Messages": record.messages,
        "Queued": record.queued,
        "Requeued": record.requeued,
        "AuthorizerAllowed": record.allowed,
        "AuthorizerDenied": record.denied,
        "AuthorizerFaults": record.faults,
    }
    metrics: dict[str, float] = {name: count for name, count in happened.items() if count}
    if record.recipients:
        metrics |= {
            "Recipients": record.recipients,
            "Delivered": record.delivered,
            "Gone": record.gone,
            "Failed": record.failed,
            "FanoutTime": _ms(record.fan_out_seconds),
        }
    return metrics


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
