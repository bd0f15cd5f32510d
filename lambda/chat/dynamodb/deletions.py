"""Messages that were taken back: what is left keeps its place, so that order and resume hold."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chat.domain.clock import wire
from chat.domain.membership import Membership
from chat.dynamodb import item_keys, items
from chat.dynamodb.conditions import Admission
from chat.dynamodb.table import Item, pack, retried, transact, unpack
from chat.errors import Raced
from chat.ports import Clock
from chat.protocol import Message

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST_TOLD = 100
"""Deletions that a room's item holds, for those who resume: about 1 KB with the longest seqs.

Of the one that was forgotten last the item holds the time: who has seen nothing since does not
resume, but begins anew.
"""

_RIGHTS = 2
"""Which of the writes of `take_back` is about who does it."""

_LATER = "SET deletions = list_append(if_not_exists(deletions, :none), :seqs)"
_FORGET = "SET untoldUntil = :at REMOVE deletions[0]"


class Deletions:
    """The deletions of every room's log, in the table of rooms."""

    def __init__(self, client: "DynamoDBClient", *, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._admission = Admission(table, most_rooms=0)

    def take_back(self, message: Message, *, by: Membership) -> Message:
        """Delete a message's text and leave its place, once; what is left of it.

        Somebody else's is taken back while *by* stands so; one's own is one's own.
        """
        now, user_id = wire(self._clock.now()), by.user_id
        erase = {
            "TableName": self._table,
            "Key": pack(item_keys.message_key(message.room_id, message.seq)),
            "UpdateExpression": "SET #text = :empty, deletedAt = :now, deletedBy = :by",
            "ConditionExpression": "attribute_exists(sentAt) AND attribute_not_exists(deletedAt)",
            "ExpressionAttributeNames": {"#text": "text"},
            "ExpressionAttributeValues": pack({":empty": "", ":now": now, ":by": user_id}),
        }
        told = self._room(message.room_id, _LATER, {":seqs": [message.seq], ":none": []})
        writes: list[Item] = [{"Update": erase}, {"Update": told}]
        if user_id != message.sender.user_id:
            writes.append(self._admission.unchanged(by))
        if failed := transact(self._client, writes):
            if _RIGHTS in failed:
                raise Raced
            return self._left_of(message)
        self._trim(message.room_id)
        return replace(message, text="", deleted_at=now, deleted_by=user_id)

    def since(self, room_id: str, seq: int) -> Sequence[int] | None:
        """What is deleted up to *seq*; None where who has seen no more may have missed some of it.

        Who has seen a message knew all deletions before it was sent.
        """
        room = self._get(item_keys.room_key(room_id)) or {}
        if seq and "untoldUntil" in room:
            last_seen = self._get(item_keys.message_key(room_id, seq)) or {}
            if last_seen.get("sentAt", "") <= room["untoldUntil"]:
                return None
        return sorted({deleted for deleted in _deletions(room) if deleted <= seq})

    def _trim(self, room_id: str) -> None:
        """Forget the first deletions above the number that is told."""
        room = self._get(item_keys.room_key(room_id)) or {}
        for seq in _deletions(room)[:-MOST_TOLD]:
            erased = self._get(item_keys.message_key(room_id, seq)) or {}
            at = erased.get("deletedAt", wire(self._clock.now()))  # it may have expired
            update = self._room(room_id, _FORGET, {":at": at, ":seq": seq})
            update["ConditionExpression"] = "deletions[0] = :seq"
            with suppress(self._client.exceptions.ConditionalCheckFailedException):
                retried(lambda request=update: self._client.update_item(**request))  # type: ignore[misc]  # mypy cannot tell what it is

    def _left_of(self, message: Message) -> Message:
        """What somebody else has left of it; nothing at all where it has expired meanwhile."""
        item = self._get(item_keys.message_key(message.room_id, message.seq))
        return items.to_message(item) if item else replace(message, text="")

    def _room(self, room_id: str, expression: str, values: Item) -> Item:
        return {
            "TableName": self._table,
            "Key": pack(item_keys.room_key(room_id)),
            "UpdateExpression": expression,
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": pack(values),
        }

    def _get(self, key: Item) -> Item | None:
        found = self._client.get_item(TableName=self._table, Key=pack(key), ConsistentRead=True)
        item = found.get("Item")
        return unpack(item) if item else None


def _deletions(room: Item) -> Sequence[int]:
    """The seqs that a room's item holds, in the order in which they were deleted."""
    return [int(seq) for seq in room.get("deletions", ())]
