"""Writes messages of the past into a room: thousands of messages, or messages of other days."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chat.domain.clock import wire
from chat.dynamodb.item_keys import room_key
from chat.dynamodb.items import message_item
from chat.dynamodb.table import pack
from chat.protocol import Member, Message
from local.deploy import client

BATCH = 25  # DynamoDB's limit


def write(url: str, table: str, messages: Sequence[Message]) -> None:
    """Append *messages*, whose seqs begin with 1, to an existing room without messages."""
    items = client("dynamodb", url)
    for start in range(0, len(messages), BATCH):
        puts = [
            {"PutRequest": {"Item": pack(message_item(message, expires_at=None))}}
            for message in messages[start : start + BATCH]
        ]
        items.batch_write_item(RequestItems={table: puts})
    items.update_item(
        TableName=table,
        Key=pack(room_key(messages[0].room_id)),
        UpdateExpression="SET lastSeq = :last",
        ExpressionAttributeValues=pack({":last": messages[-1].seq}),
    )


def small_talk(room_id: str, number: int) -> list[Message]:
    """Return *number* recent messages of three users, each of one to eight lines."""
    people = [Member(user_id=f"guest-{name}", name=name) for name in ("Ada", "Ben", "Cleo")]
    first = datetime.now(UTC) - timedelta(seconds=10 * number)
    return [
        Message(
            room_id=room_id,
            seq=seq,
            sender=people[seq // 3 % 3],
            text=f"{seq}" + " and so on" * (seq * 7 % 40),
            sent_at=wire(first + timedelta(seconds=10 * seq)),
        )
        for seq in range(1, number + 1)
    ]
