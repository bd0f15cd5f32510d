"""The few DynamoDB calls that need more than one line: paged queries and transactions."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from secrets import SystemRandom
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from chat.dynamodb.attribute_values import from_wire, to_wire

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
T = TypeVar("T")

ATTEMPTS = 8
"""Tries at a write that meets another transaction; the last waits are about 0.3 s."""

_random = SystemRandom()  # a snapshot would start every copy with the same sequence

_RETRIED = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


def pack(item: Mapping[str, Any]) -> Item:
    """A plain item in DynamoDB's notation, without its None values."""
    return {key: to_wire(value) for key, value in item.items() if value is not None}


def unpack(item: Mapping[str, Any]) -> Item:
    """An item in DynamoDB's notation as plain values; numbers are `Decimal`."""
    return {key: from_wire(value) for key, value in item.items()}


def query(client: "DynamoDBClient", **request: Any) -> Iterator[Item]:
    """Every item of a strongly consistent Query, page after page, as far as it is read."""
    request["ExpressionAttributeValues"] = pack(request["ExpressionAttributeValues"])
    while True:
        page = client.query(ConsistentRead=True, **request)
        yield from map(unpack, page["Items"])
        if "LastEvaluatedKey" not in page:
            return
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def transact(client: "DynamoDBClient", writes: Sequence[Any]) -> Sequence[int]:
    """Write all or nothing; returns which conditions failed, and nothing when all was written."""
    try:
        retried(lambda: client.transact_write_items(TransactItems=writes))
    except client.exceptions.TransactionCanceledException as error:
        codes = _reasons(error)
        failed = [i for i, code in enumerate(codes) if code == "ConditionalCheckFailed"]
        if not failed:
            raise
        return failed
    return ()


def retried(write: Callable[[], T]) -> T:
    """Try *write* again while another transaction holds its items; the SDK does not."""
    for attempt in range(1, ATTEMPTS):
        try:
            return write()
        except ClientError as error:
            if not _passing(error):
                raise
        time.sleep(_random.uniform(0, 0.005 * 2**attempt))
    return write()


def _passing(error: ClientError) -> bool:
    code = error.response["Error"]["Code"]
    if code == "TransactionConflictException":
        return True
    if code != "TransactionCanceledException":
        return False
    codes = set(_reasons(error)) - {"None"}
    return bool(codes) and codes <= _RETRIED


def _reasons(error: ClientError) -> list[str]:
    response: Mapping[str, Any] = error.response
    return [reason.get("Code", "None") for reason in response.get("CancellationReasons", [])]
