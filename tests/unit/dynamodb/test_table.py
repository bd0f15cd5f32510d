"""Tables and transactions: what they send, and which error a failed condition becomes."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from chat.dynamodb.expressions import EXISTS, IS_NEW, Changes, Condition, request_of
from chat.dynamodb.table import (
    WRITE_ATTEMPTS,
    ConditionFailedError,
    Table,
    Transaction,
    retry_conflicts,
)
from chat.errors import Conflict, Forbidden, RoomNotFound
from tests.support.dynamodb import make_table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

KEY = {"pk": "ROOM#tea", "sk": "ROOM"}
OTHER = {"pk": "ROOM#milk", "sk": "ROOM"}


@pytest.fixture
def table(emulator_dynamodb: "DynamoDBClient") -> Table:
    """An empty table."""
    return Table(emulator_dynamodb, make_table(emulator_dynamodb))


def test_puts_gets_and_deletes(table: Table) -> None:
    """An item is read as it was written, without its None values; a delete returns it."""
    table.put({**KEY, "name": "Tea", "role": None})

    assert table.get(KEY) == {**KEY, "name": "Tea"}
    assert table.delete(KEY) == {**KEY, "name": "Tea"}
    assert table.delete(KEY) is None
    assert table.get(KEY) is None


def test_puts_only_what_is_new(table: Table) -> None:
    """A second item under the same key is not written."""
    assert table.put_new({**KEY, "name": "Tea"})
    assert not table.put_new({**KEY, "name": "Milk"})

    assert table.get(KEY) == {**KEY, "name": "Tea"}


def test_queries_and_deletes_many(table: Table) -> None:
    """More items than one batch of 25 are read and deleted."""
    keys = [{"pk": "ROOM#tea", "sk": f"MESSAGE#{n:03}"} for n in range(60)]
    for key in keys:
        table.put(key)

    found = list(table.query("pk = :pk", {":pk": "ROOM#tea"}, Limit=7))
    table.delete_many(keys[:55])

    assert found == keys
    assert sorted(it["sk"] for it in table.get_many(keys)) == [it["sk"] for it in keys[55:]]


def test_updates_by_every_clause(table: Table) -> None:
    """Sets, defaults, appends, additions, deletions and removals are one update."""
    table.put(
        {**KEY, "name": "Tea", "text": "old", "rooms": {"a", "b"}, "seq": 1, "first": 5, "gone": 1}
    )

    updated = table.update(
        KEY,
        Changes(
            sets={"name": "Milk", "text": None},
            defaults={"first": 9, "last": 9},
            appends={"deletions": [7]},
            adds={"seq": 2, "tokens": {"t"}},
            deletes={"rooms": {"a"}},
            removes=["gone"],
        ),
        condition=Condition("#name = :was", {":was": "Tea"}, {"#name": "name"}),
        ReturnValues="ALL_NEW",
    )

    assert updated == {
        **KEY,
        "name": "Milk",
        "rooms": {"b"},
        "seq": 3,
        "first": 5,
        "last": 9,
        "deletions": [7],
        "tokens": {"t"},
    }


def test_removes_the_first_of_a_list(table: Table) -> None:
    """A removal may name an element."""
    table.put({**KEY, "deletions": [1, 2, 3]})

    table.update(KEY, Changes(removes=["deletions[0]"]))

    assert table.get(KEY) == {**KEY, "deletions": [2, 3]}


def test_a_request_has_no_empty_parts() -> None:
    """DynamoDB refuses empty names and values, and those that no expression uses."""
    assert request_of(None) == {}
    assert request_of(EXISTS) == {"ConditionExpression": "attribute_exists(pk)"}
    assert request_of(None, Changes(sets={"text": None})) == {
        "UpdateExpression": "REMOVE #0",
        "ExpressionAttributeNames": {"#0": "text"},
    }


def test_conditions_add_up() -> None:
    """Two conditions are one, with the values and names of both."""
    both = Condition("a = :a", {":a": 1}) & Condition("#b = :b", {":b": 2}, {"#b": "b"})

    assert both == Condition("a = :a AND #b = :b", {":a": 1, ":b": 2}, {"#b": "b"})


def test_a_failed_condition_of_an_update(table: Table) -> None:
    """It raises the given error, or one with the item that was there."""
    table.put({**KEY, "name": "Tea"})
    is_milk = Condition("#name = :milk", {":milk": "Milk"}, {"#name": "name"})

    with pytest.raises(RoomNotFound):
        table.update(KEY, Changes(adds={"seq": 1}), condition=is_milk, otherwise=RoomNotFound)
    with pytest.raises(ConditionFailedError) as caught:
        table.update(
            KEY,
            Changes(adds={"seq": 1}),
            condition=is_milk,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    assert caught.value.item == {**KEY, "name": "Tea"}
    assert table.get(KEY) == {**KEY, "name": "Tea"}


@pytest.mark.parametrize(
    ("otherwise", "error"),
    [
        (RoomNotFound, RoomNotFound),
        (Forbidden("no"), Forbidden),
        (lambda: Conflict(), Conflict),
        (None, ConditionFailedError),
    ],
    ids=["a class", "an error", "a function", "nothing"],
)
def test_each_write_has_its_error(table: Table, otherwise: Any, error: type[Exception]) -> None:
    """A failed condition raises the error of its write, and nothing is written."""
    tx = Transaction(table.client)
    tx.put(table, OTHER)
    tx.update(table, KEY, Changes(adds={"seq": 1}), condition=EXISTS, otherwise=otherwise)

    with pytest.raises(error):
        tx.commit()

    assert table.get(OTHER) is None


def test_the_first_failed_write_decides(table: Table) -> None:
    """Of several failed conditions the error of the first is raised, in the order of the writes."""
    tx = Transaction(table.client)
    tx.check(table, OTHER, IS_NEW, otherwise=Forbidden("holds"))
    tx.check(table, KEY, EXISTS, otherwise=Conflict)
    tx.delete(table, {"pk": "x", "sk": "x"}, condition=EXISTS, otherwise=RoomNotFound)

    with pytest.raises(Conflict):
        tx.commit()


def test_writes_all(table: Table) -> None:
    """A transaction puts, updates, deletes and checks."""
    table.put({**KEY, "seq": 1})
    tx = Transaction(table.client)
    tx.check(table, {"pk": "x", "sk": "x"}, IS_NEW, otherwise=Conflict)
    tx.put(table, {**OTHER, "name": "Milk"}, condition=IS_NEW)
    tx.update(table, {"pk": "USER#y", "sk": "USER"}, Changes(sets={"name": "New"}))
    tx.delete(table, KEY, condition=EXISTS)

    tx.commit()

    assert table.get(OTHER) == {**OTHER, "name": "Milk"}
    assert table.get({"pk": "USER#y", "sk": "USER"}) == {
        "pk": "USER#y",
        "sk": "USER",
        "name": "New",
    }
    assert table.get(KEY) is None


def cancelled(*codes: str) -> ClientError:
    """Return the error of a transaction that was cancelled for reasons with these codes."""
    response: Any = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(response, "TransactWriteItems")


def test_repeats_a_write_that_met_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """A conflict passes, so the write is repeated; a failed condition does not."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    outcomes = [cancelled("None", "TransactionConflict")] * 2

    def write() -> str:
        if outcomes:
            raise outcomes.pop()
        return "written"

    assert retry_conflicts(write) == "written"


@pytest.mark.parametrize(
    ("codes", "attempts"),
    [(["TransactionConflict"], WRITE_ATTEMPTS), (["ConditionalCheckFailed"], 1)],
)
def test_gives_up(monkeypatch: pytest.MonkeyPatch, codes: list[str], attempts: int) -> None:
    """A conflict that lasts is raised after eight attempts, any other error at once."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    calls: list[int] = []

    def write() -> None:
        calls.append(1)
        raise cancelled(*codes)

    with pytest.raises(ClientError):
        retry_conflicts(write)

    assert len(calls) == attempts
