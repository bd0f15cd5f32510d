"""A room's log in DynamoDB: one order, each message once, stored before it is acknowledged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chat import items
from chat.dynamo import Item, pack, query, retried, transact, unpack
from chat.errors import RoomNotFound
from chat.ports import Clock, Page
from chat.protocol import MAX_SEQ, Member, Message, SendMessage
from chat.times import wire

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class RoomLog:
    """The messages of every room; see the design's invariants 2 to 5."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        table: str,
        clock: Clock,
        retention: timedelta | None,
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._retention = retention

    def append(self, said: SendMessage, *, sender: Member) -> Message:
        """Take the next seq, then write the message under it, or find it already written."""
        now = self._clock.now()
        expires_at = now + self._retention if self._retention else None
        message = Message(
            room_id=said.room_id,
            seq=self._next_seq(said.room_id, expires_at),
            sender=sender,
            text=said.text,
            sent_at=wire(now),
            client_message_id=said.client_message_id,
        )
        item = pack(items.message_item(message, expires_at=expires_at))
        if message.client_message_id is None:
            retried(lambda: self._client.put_item(TableName=self._table, Item=item))
            return message
        put = {"TableName": self._table, "Item": item}
        if transact(self._client, [{"Put": put}, {"Put": self._once(message, now)}]):
            return self._sent(message)
        return message

    def before(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The last *limit* messages below *seq*."""
        page = self._page(room_id, 0, seq - 1, limit=limit, forward=False)
        return Page(page.messages[::-1], page.has_more)

    def after(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The first *limit* messages above *seq*."""
        return self._page(room_id, seq + 1, MAX_SEQ, limit=limit, forward=True)

    def keeps(self, room_id: str, seq: int) -> bool:
        """Whether every message above *seq* is still there.

        Messages expire in the order of the log. So nothing is missing while the first that ever
        expires has not, or while *seq* itself is there; anything else counts as a loss.
        """
        now = self._clock.now().timestamp()
        room = self._get(items.room_key(room_id)) or {}
        if int(room.get("firstExpiresAt", now + 1)) > now:
            return True
        last_seen = self._get(items.message_key(room_id, seq))
        return last_seen is not None and items.is_live(last_seen, self._clock.now())

    def _next_seq(self, room_id: str, expires_at: datetime | None) -> int:
        update = "ADD lastSeq :one"
        values: Item = {":one": 1}
        if expires_at:
            update += " SET firstExpiresAt = if_not_exists(firstExpiresAt, :expires)"
            values[":expires"] = items.epoch_seconds(expires_at)
        try:
            updated = retried(
                lambda: self._client.update_item(
                    TableName=self._table,
                    Key=pack(items.room_key(room_id)),
                    UpdateExpression=update,
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues=pack(values),
                    ReturnValues="UPDATED_NEW",
                )
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise RoomNotFound("$.roomId: there is no such room") from error
        return int(updated["Attributes"]["lastSeq"]["N"])

    def _once(self, message: Message, now: datetime) -> Item:
        """The write that fails when this user has sent this clientMessageId before."""
        return {
            "TableName": self._table,
            "Item": pack(
                {
                    **self._sent_key(message),
                    "seq": message.seq,
                    "expiresAt": items.epoch_seconds(now + items.SENT_KEPT),
                }
            ),
            "ConditionExpression": "attribute_not_exists(pk) OR expiresAt <= :now",
            "ExpressionAttributeValues": pack({":now": items.epoch_seconds(now)}),
        }

    def _sent(self, repeated: Message) -> Message:
        sent = self._get(self._sent_key(repeated))
        original = sent and self._get(items.message_key(repeated.room_id, int(sent["seq"])))
        if not original:
            raise LookupError("a sent item without its message")
        return items.to_message(original)

    def _sent_key(self, message: Message) -> Item:
        return items.sent_key(
            message.room_id, message.sender.user_id, message.client_message_id or ""
        )

    def _page(self, room_id: str, low: int, high: int, *, limit: int, forward: bool) -> Page:
        if low > high:
            return Page((), has_more=False)
        messages: list[Message] = []
        for item in self._live(room_id, low, high, limit=limit + 1, forward=forward):
            if len(messages) == limit:
                return Page(tuple(messages), has_more=True)
            messages.append(items.to_message(item))
        return Page(tuple(messages), has_more=False)

    def _live(
        self, room_id: str, low: int, high: int, *, limit: int, forward: bool
    ) -> Iterator[Item]:
        now = self._clock.now()
        lowest, highest = items.message_key(room_id, low), items.message_key(room_id, high)
        found = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="pk = :room AND sk BETWEEN :low AND :high",
            ExpressionAttributeValues={
                ":room": lowest["pk"],
                ":low": lowest["sk"],
                ":high": highest["sk"],
            },
            Limit=limit,
            ScanIndexForward=forward,
        )
        return (item for item in found if items.is_live(item, now))

    def _get(self, key: Item) -> Item | None:
        found = self._client.get_item(TableName=self._table, Key=pack(key), ConsistentRead=True)
        item = found.get("Item")
        return unpack(item) if item else None
