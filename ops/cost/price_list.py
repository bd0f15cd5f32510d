"""List prices and quotas of AWS in us-east-1, with their date and sources.

Free tiers are not included, because they end or are shared with the rest of the account.
"""

from collections.abc import Mapping
from typing import NamedTuple

AS_OF = "2026-11-23"
REGION = "us-east-1"

_GATEWAY = "https://aws.amazon.com/api-gateway/pricing/"
_LAMBDA = "https://aws.amazon.com/lambda/pricing/"
_DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
_SQS = "https://aws.amazon.com/sqs/pricing/"
_LOGS = "https://aws.amazon.com/cloudwatch/pricing/"
_KMS = "https://aws.amazon.com/kms/pricing/"
_TRANSFER = "https://aws.amazon.com/ec2/pricing/on-demand/"
_MILLION = 1_000_000
_BILLION = 1_000 * _MILLION
_TB = 1_024


class Step(NamedTuple):
    """A price per unit, up to a number of units a month. None means without a limit."""

    up_to: float | None
    dollars: float


class Price(NamedTuple):
    """Price of a unit in dollars, in steps of rising use."""

    unit: str
    steps: tuple[Step, ...]
    source: str

    def of(self, units: float) -> float:
        """Return the cost of *units* in a month, in dollars."""
        total, below = 0.0, 0.0
        for up_to, dollars in self.steps:
            top = units if up_to is None else min(units, up_to)
            total += max(0.0, top - below) * dollars
            below = top
        return total


def _flat(unit: str, dollars: float, source: str) -> Price:
    return Price(unit, (Step(None, dollars),), source)


PRICES: Mapping[str, Price] = {
    "messages": Price(
        "message of up to 32 KB",
        (Step(_BILLION, 1.00 / _MILLION), Step(None, 0.80 / _MILLION)),
        _GATEWAY,
    ),
    "minutes": _flat("minute of a connection", 0.25 / _MILLION, _GATEWAY),
    "invocations": _flat("invocation", 0.20 / _MILLION, _LAMBDA),
    "arm64": Price(
        "GB-second of arm64",
        (
            Step(7.5 * _BILLION, 0.0000133334),
            Step(18.75 * _BILLION, 0.0000120001),
            Step(None, 0.0000106667),
        ),
        _LAMBDA,
    ),
    "x86_64": Price(
        "GB-second of x86_64",
        (
            Step(6 * _BILLION, 0.0000166667),
            Step(15 * _BILLION, 0.0000150000),
            Step(None, 0.0000133334),
        ),
        _LAMBDA,
    ),
    "reads": _flat("read request unit", 0.125 / _MILLION, _DYNAMODB),
    "writes": _flat("write request unit", 0.625 / _MILLION, _DYNAMODB),
    "storage": _flat("GB-month of messages", 0.25, _DYNAMODB),
    "recovery": _flat("GB-month of recovery", 0.20, _DYNAMODB),
    "queue": _flat("SQS request", 0.40 / _MILLION, _SQS),
    "logs": _flat("GB of ingested logs", 0.50, _LOGS),
    "kept logs": _flat("GB-month of stored logs", 0.03, _LOGS),
    "metric": Price(
        "metric of the chat",
        (Step(10_000, 0.30), Step(None, 0.10)),
        _LOGS,
    ),
    "alarm": _flat("alarm metric", 0.10, _LOGS),
    "composite alarm": _flat("composite alarm", 0.50, _LOGS),
    "dashboard": _flat("dashboard", 3.00, _LOGS),
    "key": _flat("KMS key", 1.00, _KMS),
    "key requests": _flat("KMS request", 3.00 / _MILLION, _KMS),
    "transfer": Price(
        "GB to the internet",
        (
            Step(10 * _TB, 0.09),
            Step(50 * _TB, 0.085),
            Step(150 * _TB, 0.07),
            Step(None, 0.05),
        ),
        _TRANSFER,
    ),
}


class Quota(NamedTuple):
    """Default limit of an account in a region."""

    limit: float
    source: str


QUOTAS: Mapping[str, Quota] = {
    "requests": Quota(
        10_000, "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"
    ),
    "handshakes": Quota(
        500,
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
        "apigateway-execution-service-websocket-limits-table.html",
    ),
    "concurrent invocations": Quota(
        1_000, "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
    ),
    "writes per partition": Quota(
        1_000,
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html",
    ),
}
