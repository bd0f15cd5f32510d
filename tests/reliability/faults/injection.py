"""The faults of an AWS call, with the error texts of AWS, and the calls that they apply to."""

import json
import re
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A request to AWS. The operation is DynamoDB's own name, or PostToConnection."""

    operation: str
    path: str
    body: bytes

    @property
    def text(self) -> str:
        """Return everything that a rule can match."""
        return f"{self.path} {self.body.decode(errors='replace')}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Failure(Enum):
    """The result of a call that gets no response."""

    RESET = "the connection is reset"
    HANG = "no response comes until the caller times out"
    CUT = "half of the response, then a reset"
    DRIP = "the response comes byte by byte, without an end"
    KILL = "the function is killed"


Fault = Failure | Callable[[Call], Answer]
"""A failure, or an error that replaces the response."""


@dataclass(slots=True)
class Rule:
    """A fault for the calls of an operation that contain a text, and how often it was applied.

    *committed*: AWS carries out the call first. *times*: None applies to every call.
    """

    operation: str
    fault: Fault
    containing: str = ""
    committed: bool = False
    times: int | None = 1
    fired: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def spent(self) -> bool:
        """Return whether the rule has been applied as often as it can be."""
        return self.fired == self.times if self.times else self.fired > 0

    def applies_to(self, call: Call) -> bool:
        """Return whether the rule applies to this call, and count it."""
        if self.operation != call.operation or self.containing not in call.text:
            return False
        with self._lock:
            if self.fired == self.times:
                return False
            self.fired += 1
            return True


class Target:
    """The calls for users whose names, or rooms whose ids, contain one of *marks*."""

    def __init__(self, *marks: str) -> None:
        self.rules: tuple[Rule, ...] = ()
        self._marks = {*marks}

    def rule_for(self, call: Call) -> Rule | None:
        """Return the rule that applies to a call, or None. Learn the connections of the users."""
        if not any(mark in call.text for mark in self._marks):
            return None
        if "connectedAt" in call.text:
            self._marks.update(re.findall(r"CONNECTION#([\w=-]+)", call.text))
        return next((rule for rule in self.rules if rule.applies_to(call)), None)

    @contextmanager
    def applying(self, rules: Sequence[Rule]) -> Iterator[None]:
        """Apply *rules* within the context. The first that matches a call counts."""
        self.rules = tuple(rules)
        try:
            yield
        finally:
            self.rules = ()


def throttled(_call: Call) -> Answer:
    """Return the error of a table or partition whose throughput is used up."""
    return _dynamodb(400, "ProvisionedThroughputExceededException", "The level is exceeded.")


def throttling(_call: Call) -> Answer:
    """Return the error of an account's or control plane's rate, in another namespace."""
    return _answer(
        400,
        {"__type": "com.amazon.coral.availability#ThrottlingException", "message": "Rate exceeded"},
    )


def server_error(_call: Call) -> Answer:
    """Return DynamoDB's 500."""
    return _dynamodb(500, "InternalServerError", "The request could not be processed.")


def unavailable(_call: Call) -> Answer:
    """Return DynamoDB's 503."""
    return _dynamodb(503, "ServiceUnavailable", "The service is temporarily unavailable.")


def conflict(_call: Call) -> Answer:
    """Return the error of a plain write during a transaction."""
    return _dynamodb(400, "TransactionConflictException", "Transaction is ongoing for the item")


def cancelled(code: str) -> Callable[[Call], Answer]:
    """Return the error of a transaction that *code* cancels at its first item."""

    def answer(call: Call) -> Answer:
        others = len(json.loads(call.body)["TransactItems"]) - 1
        codes = ", ".join([code] + ["None"] * others)
        first = {"Code": code, "Message": "Transaction is ongoing for the item"}
        return _dynamodb(
            400,
            "TransactionCanceledException",
            f"Transaction cancelled, please refer cancellation reasons for specific reasons "
            f"[{codes}]",
            CancellationReasons=[first] + [{"Code": "None"}] * others,
        )

    return answer


def gone(_call: Call) -> Answer:
    """Return @connections' error for a connection that does not exist any more."""
    return _gateway(410, "GoneException", "Gone")


def limited(_call: Call) -> Answer:
    """Return @connections' error for too many posts of an account or to a connection."""
    return _gateway(429, "LimitExceededException", "Too many requests")


def gateway_error(_call: Call) -> Answer:
    """Return a 500 of @connections, which no API model describes."""
    return _gateway(500, "InternalServerErrorException", "Internal server error")


def _dynamodb(status: int, error: str, message: str, **more: Any) -> Answer:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{error}", "message": message, **more}
    return _answer(status, body)


def _answer(status: int, content: Mapping[str, Any]) -> Answer:
    """Return JSON 1.0 with the checksum that AWS SDKs verify."""
    body = json.dumps(content).encode()
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "x-amzn-RequestId": "INJECTED" + "0" * 44,
        "x-amz-crc32": str(zlib.crc32(body)),
    }
    return Answer(status, headers, body)


def _gateway(status: int, error: str, message: str) -> Answer:
    headers = {
        "Content-Type": "application/json",
        "x-amzn-RequestId": "00000000-0000-0000-0000-000000000000",
        "x-amzn-ErrorType": error,
    }
    return Answer(status, headers, json.dumps({"message": message}).encode())
