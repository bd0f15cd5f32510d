"""The emulator: its persistence, and its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.deploy import client
from local.emulator_process import Emulator, emulator, free_port

KEY = {"pk": {"S": "ROOM#tea"}, "sk": {"S": "ROOM"}}


@contextmanager
def started(folder: Path) -> Iterator[tuple[Emulator, Any]]:
    """Start an emulator that persists in *folder*; yield it and a DynamoDB client."""
    with emulator(folder=folder, port=free_port(), persist=True) as aws:
        yield aws, client("dynamodb", aws.url)


def create_table(items: Any) -> None:
    """Create a table with the keys of the chat's tables."""
    items.create_table(
        TableName="Rooms",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in ("pk", "sk")],
    )


def count(items: Any) -> dict[str, Any]:
    """Add one to an item's number; return the item."""
    answer = items.update_item(
        TableName="Rooms",
        Key=KEY,
        UpdateExpression="ADD lastSeq :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="ALL_NEW",
    )
    return dict(answer["Attributes"])


def test_acknowledged_writes_survive_a_crash(tmp_path: Path) -> None:
    """SIGKILL loses no acknowledged write, and counts none twice."""
    with started(tmp_path) as (aws, items):
        create_table(items)
        for _ in range(3):
            count(items)
        assert aws.process is not None
        aws.process.kill()
        aws.process.wait()

    with started(tmp_path) as (_, items):
        assert count(items)["lastSeq"] == {"N": "4"}


def test_a_write_cut_short_by_a_crash_is_dropped(tmp_path: Path) -> None:
    """Half a line at the end of the journal affects no write before it or after it."""
    with started(tmp_path) as (_, items):
        create_table(items)
        count(items)
    journal = tmp_path / "state" / "dynamodb.journal"
    journal.write_text(journal.read_text() + '["000000000000", "us-ea')

    for seq in ("2", "3"):
        with started(tmp_path) as (_, items):
            assert count(items)["lastSeq"] == {"N": seq}


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """Without persistence, an emulator that has ended leaves its log only."""
    with emulator(folder=tmp_path, port=free_port(), persist=False) as aws:
        create_table(client("dynamodb", aws.url))

    assert [path.name for path in tmp_path.iterdir()] == ["emulator.log"]
    assert aws.has_ended()
