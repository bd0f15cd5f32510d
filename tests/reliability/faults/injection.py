"""What may go wrong with an AWS call, in AWS's own words, and with which calls."""

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
    """One request to AWS; the operation is DynamoDB's own name, or PostToConnection."""

    operation: str
    path: str
    body: bytes

    @property
    def text(self) -> str:
        """All that a rule may look for."""
        return f"{self.path} {self.body.decode(errors='replace')}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Fate(Enum):
    """What becomes of a call that is not answered."""

    RESET = "the connection is reset"
    HANG = "nothing comes until the caller gives up"
    CUT = "half of the response, then a reset"
    DRIP = "the response comes byte by byte, for good"
    KILL = "the function is killed"


Fault = Fate | Callable[[Call], Answer]
"""A fate, or an error in place of the answer."""


@dataclass(slots=True)
class Rule:
    """A fault for the calls of one operation that contain some text, and how often it struck.

    *committed*: AWS carries the call out first. *times*: None is every call until it is lifted.
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
        """Whether it has done what it can."""
        return self.fired == self.times if self.times else self.fired > 0

    def strikes(self, call: Call) -> bool:
        """Whether this call is hit; counts it."""
        if self.operation != call.operation or self.containing not in call.text:
            return False
        with self._lock:
            if self.fired == self.times:
                return False
            self.fired += 1
            return True


class Target:
    """The calls made for people whose names, or rooms whose ids, contain one of *marks*."""

    def __init__(self, *marks: str) -> None:
        self.rules: tuple[Rule, ...] = ()
        self._marks = {*marks}

    def rule_for(self, call: Call) -> Rule | None:
        """The rule that strikes a call, if any; learns whose connections are whose."""
        if not any(mark in call.text for mark in self._marks):
            return None
        if "connectedAt" in call.text:
            self._marks.update(re.findall(r"CONNECTION#([\w=-]+)", call.text))
        return next((rule for rule in self.rules if rule.strikes(call)), None)

    @contextmanager
    def suffering(self, rules: Sequence[Rule]) -> Iterator[None]:
        """Apply *rules*, the first that matches a call, until they are lifted."""
        self.rules = tuple(rules)
        try:
            yield
        finally:
            self.rules = ()


def throttled(_call: Call) -> Answer:
    """A table's or partition's throughput is used up."""
    return _dynamodb(400, "ProvisionedThroughputExceededException", "The level is exceeded.")


def throttling(_call: Call) -> Answer:
    """The account's or control plane's rate is exceeded; another namespace than the table's."""
    return _answer(
        400,
        {"__type": "com.amazon.coral.availability#ThrottlingException", "message": "Rate exceeded"},
    )


def server_error(_call: Call) -> Answer:
    """DynamoDB's 500."""
    return _dynamodb(500, "InternalServerError", "The request could not be processed.")


def unavailable(_call: Call) -> Answer:
    """DynamoDB's 503."""
    return _dynamodb(503, "ServiceUnavailable", "The service is temporarily unavailable.")


def conflict(_call: Call) -> Answer:
    """A plain write meets a transaction."""
    return _dynamodb(400, "TransactionConflictException", "Transaction is ongoing for the item")


def cancelled(code: str) -> Callable[[Call], Answer]:
    """A transaction is cancelled for *code*, which its first item meets."""

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
    """@connections: there is no such connection any more."""
    return _gateway(410, "GoneException", "Gone")


def limited(_call: Call) -> Answer:
    """@connections: too many posts, of this account or to this connection."""
    return _gateway(429, "LimitExceededException", "Too many requests")


def gateway_error(_call: Call) -> Answer:
    """@connections: a 500 that no model describes."""
    return _gateway(500, "InternalServerErrorException", "Internal server error")


def _dynamodb(status: int, error: str, message: str, **more: Any) -> Answer:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{error}", "message": message, **more}
    return _answer(status, body)


def _answer(status: int, content: Mapping[str, Any]) -> Answer:
    """JSON 1.0 with the checksum that SDKs verify."""
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
