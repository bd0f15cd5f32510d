"""Messages that were taken back: what is left keeps its place, so that order and resume hold."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chat import items
from chat.dynamo import Item, pack, retried, transact, unpack
from chat.ports import Clock
from chat.protocol import Message
from chat.times import wire

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST_TOLD = 100
"""Deletions that a room's item holds, for those who resume: about 1 KB with the longest seqs."""


class Deletions:
    """The deletions of every room's log, in the table of rooms."""

    def __init__(self, client: "DynamoDBClient", *, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def take_back(self, message: Message, *, by: str) -> Message:
        """Delete a message's text and leave its place, once; what is left of it."""
        now = wire(self._clock.now())
        erase = {
            "TableName": self._table,
            "Key": pack(items.message_key(message.room_id, message.seq)),
            "UpdateExpression": "SET #text = :empty, deletedAt = :now, deletedBy = :by",
            "ConditionExpression": "attribute_exists(sentAt) AND attribute_not_exists(deletedAt)",
            "ExpressionAttributeNames": {"#text": "text"},
            "ExpressionAttributeValues": pack({":empty": "", ":now": now, ":by": by}),
        }
        told = self._room(message.room_id, "ADD deleted :seqs", {message.seq})
        if transact(self._client, [{"Update": erase}, {"Update": told}]):
            return self._left_of(message)
        self._trim(message.room_id)
        return replace(message, text="", deleted_at=now, deleted_by=by)

    def of(self, room_id: str) -> Sequence[int]:
        """The seqs of the last 100 messages that were deleted."""
        room = self._get(items.room_key(room_id)) or {}
        return sorted(map(int, room.get("deleted", ())))

    def _trim(self, room_id: str) -> None:
        """Forget the deletions of the oldest messages above the number that is told."""
        if surplus := self.of(room_id)[:-MOST_TOLD]:
            update = self._room(room_id, "DELETE deleted :seqs", set(surplus))
            retried(lambda: self._client.update_item(**update))

    def _left_of(self, message: Message) -> Message:
        """What somebody else has left of it; nothing at all where it has expired meanwhile."""
        item = self._get(items.message_key(message.room_id, message.seq))
        return items.to_message(item) if item else replace(message, text="")

    def _room(self, room_id: str, expression: str, seqs: set[int]) -> Item:
        return {
            "TableName": self._table,
            "Key": pack(items.room_key(room_id)),
            "UpdateExpression": expression,
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": pack({":seqs": seqs}),
        }

    def _get(self, key: Item) -> Item | None:
        found = self._client.get_item(TableName=self._table, Key=pack(key), ConsistentRead=True)
        item = found.get("Item")
        return unpack(item) if item else None
