"""Tables and transactions, in which each write carries the error of its failed condition."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from secrets import SystemRandom
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from chat.dynamodb.attribute_values import marshal, unmarshal
from chat.dynamodb.expressions import IS_NEW, Changes, Condition, Item, request_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

Otherwise = Exception | type[Exception] | Callable[[], Exception]
"""The error of a failed condition, its class, or a function that finds out which error it is."""

WRITE_ATTEMPTS = 8
"""Attempts at a write that meets another transaction. The last waits are about 0.3 s."""

BATCH_WRITE_ITEMS = 25
"""Items of one BatchWriteItem:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
"""

_random = SystemRandom()  # a snapshot would start every copy with the same sequence

_TRANSIENT = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class ConditionFailedError(Exception):
    """The condition of a write did not hold; *item* is what was there, if it was asked for."""

    def __init__(self, item: Item | None = None) -> None:
        super().__init__("the condition of a write did not hold")
        self.item = item or {}


class ConflictError(Exception):
    """Another transaction held an item of a transaction at each of a few attempts."""


class Table:
    """One table. Reads are strongly consistent; writes are repeated on transaction conflicts."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def get(self, key: Item) -> Item | None:
        """Return the item of a key, or None."""
        found = self.client.get_item(TableName=self.name, Key=pack(key), ConsistentRead=True)
        return unpack(found["Item"]) if "Item" in found else None

    def get_many(self, keys: Sequence[Item]) -> Iterator[Item]:
        """Yield the items of up to 100 keys, in any order."""
        left: Any = [pack(key) for key in keys]
        while left:
            request: Any = {self.name: {"Keys": left, "ConsistentRead": True}}
            answer: Any = self.client.batch_get_item(RequestItems=request)
            yield from map(unpack, answer["Responses"].get(self.name, ()))
            left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])

    def query(self, condition: str, values: Mapping[str, Any], **options: Any) -> Iterator[Item]:
        """Yield the items that match a key condition, page after page, as far as they are read."""
        options["ExpressionAttributeValues"] = pack(values)
        while True:
            page: Any = self.client.query(
                TableName=self.name,
                KeyConditionExpression=condition,
                ConsistentRead=True,
                **options,
            )
            yield from map(unpack, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            options["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def query_after(self, prefix: Item, cursor: str | None, *, limit: int) -> Iterator[Item]:
        """Yield the items whose sort key begins with that of *prefix*, page after page of *limit*.

        The prefix ends with `#`. The first item is the one after the *cursor*, if there is one.
        """
        start: str = prefix["sk"]
        return self.query(
            "pk = :pk AND sk BETWEEN :low AND :high",
            {
                ":pk": prefix["pk"],
                ":low": f"{start}{cursor}\x00" if cursor else start,
                ":high": f"{start.removesuffix('#')}$",  # `$` follows `#`
            },
            Limit=limit,
        )

    def query_index(
        self, index: str, condition: str, values: Mapping[str, Any], *, limit: int
    ) -> Iterator[Item]:
        """Yield the first *limit* keys of an index, which may be a moment behind its table."""
        page: Any = self.client.query(
            TableName=self.name,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=pack(values),
            Limit=limit,
        )
        yield from map(unpack, page["Items"])

    def put(self, item: Item) -> None:
        """Write an item, whatever was there."""
        retry_conflicts(partial(self.client.put_item, TableName=self.name, Item=pack(item)))

    def put_new(self, item: Item) -> bool:
        """Write an item unless there is one under its key; return whether it was written."""
        tx = Transaction(self.client)
        tx.put(self, item, condition=IS_NEW)
        try:
            tx.commit()
        except ConditionFailedError:
            return False
        return True

    def update(
        self,
        key: Item,
        changes: Changes,
        *,
        condition: Condition | None = None,
        otherwise: Otherwise | None = None,
        **options: Any,
    ) -> Item:
        """Change an item and return the attributes that *options* ask for.

        Raises *otherwise*, or else ConditionFailedError, if the condition does not hold.
        """
        request = {**options, **request_of(condition, changes)}
        update: Any = partial(self.client.update_item, TableName=self.name, Key=pack(key))
        try:
            written = retry_conflicts(partial(update, **request))
        except self.client.exceptions.ConditionalCheckFailedException as error:
            response: Mapping[str, Any] = error.response
            raise _error(otherwise, unpack(response.get("Item", {}))) from error
        return unpack(written.get("Attributes", {}))

    def delete(self, key: Item) -> Item | None:
        """Delete an item; return what it was, or None if there was none."""
        delete = partial(self.client.delete_item, TableName=self.name, Key=pack(key))
        deleted = retry_conflicts(partial(delete, ReturnValues="ALL_OLD"))
        return unpack(deleted["Attributes"]) if deleted.get("Attributes") else None

    def delete_many(self, keys: Sequence[Item]) -> None:
        """Delete items, 25 in a request."""
        for start in range(0, len(keys), BATCH_WRITE_ITEMS):
            batch = keys[start : start + BATCH_WRITE_ITEMS]
            left: Any = [{"DeleteRequest": {"Key": pack(key)}} for key in batch]
            while left:
                write: Any = self.client.batch_write_item
                answer = retry_conflicts(partial(write, RequestItems={self.name: left}))
                left = answer.get("UnprocessedItems", {}).get(self.name, [])


class Transaction:
    """Writes of which all are done or none."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client
        self._writes: list[tuple[Item, Otherwise | None]] = []

    def check(self, table: Table, key: Item, condition: Condition, *, otherwise: Otherwise) -> None:
        """Require a condition of an item that the transaction does not write."""
        request = {"Key": pack(key), **request_of(condition)}
        self._add("ConditionCheck", table, request, otherwise)

    def put(
        self,
        table: Table,
        item: Item,
        *,
        condition: Condition | None = None,
        otherwise: Otherwise | None = None,
        returns_old: bool = False,
    ) -> None:
        """Write an item. The error of a failed condition has the old item if *returns_old*."""
        request = {"Item": pack(item), **request_of(condition), **_old_item(returns_old)}
        self._add("Put", table, request, otherwise)

    def update(
        self,
        table: Table,
        key: Item,
        changes: Changes,
        *,
        condition: Condition | None = None,
        otherwise: Otherwise | None = None,
        returns_old: bool = False,
    ) -> None:
        """Change an item. The error of a failed condition has the old item if *returns_old*."""
        request = {"Key": pack(key), **request_of(condition, changes), **_old_item(returns_old)}
        self._add("Update", table, request, otherwise)

    def delete(
        self,
        table: Table,
        key: Item,
        *,
        condition: Condition | None = None,
        otherwise: Otherwise | None = None,
    ) -> None:
        """Delete an item."""
        self._add("Delete", table, {"Key": pack(key), **request_of(condition)}, otherwise)

    def commit(self, *, attempts: int = WRITE_ATTEMPTS) -> None:
        """Do all writes.

        Raises the error of the first write whose condition failed: *otherwise*, or else
        ConditionFailedError. The order of the writes is therefore the order of the errors.
        With few *attempts*, raises ConflictError if other transactions hold the items at each.
        """
        writes: Any = [write for write, _ in self._writes]
        write = partial(self._client.transact_write_items, TransactItems=writes)
        try:
            retry_conflicts(write, attempts=attempts)
        except self._client.exceptions.TransactionCanceledException as error:
            for reason, (_, otherwise) in zip(_reasons(error), self._writes, strict=False):
                if reason.get("Code") == "ConditionalCheckFailed":
                    raise _error(otherwise, unpack(reason.get("Item", {}))) from error
            if _is_transient(error) and attempts < WRITE_ATTEMPTS:
                raise ConflictError from error
            raise

    def _add(self, kind: str, table: Table, request: Item, otherwise: Otherwise | None) -> None:
        self._writes.append(({kind: {"TableName": table.name, **request}}, otherwise))


def pack(item: Mapping[str, Any]) -> Item:
    """Return a plain item in DynamoDB's notation, without its None values."""
    return {key: marshal(value) for key, value in item.items() if value is not None}


def unpack(item: Mapping[str, Any]) -> Item:
    """Return the plain item of one in DynamoDB's notation, without its None values."""
    plain = ((key, unmarshal(value)) for key, value in item.items())
    return {key: value for key, value in plain if value is not None}


def retry_conflicts(write: Callable[[], T], *, attempts: int = WRITE_ATTEMPTS) -> T:
    """Repeat a write while another transaction holds its items, which the SDK does not."""
    for attempt in range(1, attempts):
        try:
            return write()
        except ClientError as error:
            if not _is_transient(error):
                raise
        time.sleep(_random.uniform(0, 0.005 * 2**attempt))
    return write()


def _error(otherwise: Otherwise | None, item: Item | None = None) -> Exception:
    if otherwise is None:
        return ConditionFailedError(item)
    if isinstance(otherwise, Exception):
        return otherwise
    error = otherwise()
    if isinstance(error, ConditionFailedError):
        error.item = item or {}
    return error


def _is_transient(error: ClientError) -> bool:
    code = error.response["Error"]["Code"]
    if code == "TransactionConflictException":
        return True
    if code != "TransactionCanceledException":
        return False
    codes = set(_cancellation_codes(error)) - {"None"}
    return bool(codes) and codes <= _TRANSIENT


def _cancellation_codes(error: ClientError) -> list[str]:
    return [reason.get("Code", "None") for reason in _reasons(error)]


def _reasons(error: ClientError) -> list[dict[str, Any]]:
    """Return why a transaction was cancelled: a reason for each of its writes."""
    response: Mapping[str, Any] = error.response
    return list(response.get("CancellationReasons", ()))


def _old_item(returns_old: bool) -> Item:
    return {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if returns_old else {}
