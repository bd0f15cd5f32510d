"""A room's log in DynamoDB: one order, each message once, stored before it is acknowledged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chat.domain.clock import wire
from chat.domain.pages import Page
from chat.dynamodb import gaps, item_keys, items
from chat.dynamodb.conditions import EXISTS
from chat.dynamodb.table import Item, pack, query, retried, transact, unpack
from chat.errors import BadRequest, RoomNotFound
from chat.ports import Clock
from chat.protocol import MAX_SEQ, Member, Message, SendMessage

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class RoomLog:
    """The messages of every room; invariants 2 to 5 of docs/architecture.md."""

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
        """Take the next seq, then write the message under it, or find it already written.

        A place that a reader has closed in between is lost, and the next one is tried: see `holes`.
        """
        while True:
            message, expires_at = self._draft(said, sender)
            stored = self._store(message, expires_at=expires_at)
            if stored is not None:
                return stored

    def withdraw(self, message: Message) -> None:
        """Delete a message, and what makes it unique: nobody purges its room any more."""
        keys = [item_keys.message_key(message.room_id, message.seq)]
        if message.client_message_id is not None:
            keys.append(_sent_key(message, message.sender))
        deletes = [{"Delete": {"TableName": self._table, "Key": pack(key)}} for key in keys]
        transact(self._client, deletes)

    def before(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The last *limit* messages below *seq*."""
        found = self._settled(room_id, 0, seq, limit=limit, forward=False)
        messages = [message for message in found if message.seq < seq]
        return Page(tuple(messages[-limit:]), has_more=len(messages) > limit)

    def after(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The first *limit* messages above *seq*."""
        found = self._settled(room_id, seq, MAX_SEQ, limit=limit, forward=True)
        return Page(tuple(found[:limit]), has_more=len(found) > limit)

    def keeps(self, room_id: str, seq: int) -> bool:
        """Whether every message above *seq* is still there.

        Messages expire in the order of the log. So nothing is missing while the first that ever
        expires has not, or while *seq* itself is there; anything else counts as a loss.
        """
        now = self._clock.now().timestamp()
        room = self._get(item_keys.room_key(room_id)) or {}
        if int(room.get("firstExpiresAt", now + 1)) > now:
            return True
        last_seen = self._get(item_keys.message_key(room_id, seq))
        return last_seen is not None and items.is_live(last_seen, self._clock.now())

    def message(self, room_id: str, seq: int) -> Message:
        """The message of that seq; raises `BadRequest` where there is none."""
        item = self._get(item_keys.message_key(room_id, seq))
        if not item or not gaps.is_message(item) or not items.is_live(item, self._clock.now()):
            raise BadRequest("$.seq: there is no message of that seq")
        return items.to_message(item)

    def _draft(self, said: SendMessage, sender: Member) -> tuple[Message, datetime | None]:
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
        return message, expires_at

    def _store(self, message: Message, *, expires_at: datetime | None) -> Message | None:
        """The message as the log has it; None when its place is closed."""
        put = {
            "TableName": self._table,
            "Item": pack(items.message_item(message, expires_at=expires_at)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if message.client_message_id is None:
            writes = [{"Put": put}]
        else:
            writes = [{"Put": put}, {"Put": self._once(message)}]
        failed = transact(self._client, writes)
        if not failed:
            return message
        return self._sent(message) if 1 in failed else None

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
                    Key=pack(item_keys.room_key(room_id)),
                    UpdateExpression=update,
                    ConditionExpression=EXISTS,
                    ExpressionAttributeValues=pack(values),
                    ReturnValues="UPDATED_NEW",
                )
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise RoomNotFound from error
        return int(updated["Attributes"]["lastSeq"]["N"])

    def _once(self, message: Message) -> Item:
        """The write that fails when this user has sent this clientMessageId before."""
        now = self._clock.now()
        return {
            "TableName": self._table,
            "Item": pack(
                {
                    **_sent_key(message, message.sender),
                    "seq": message.seq,
                    "expiresAt": items.epoch_seconds(now + items.SENT_KEPT),
                }
            ),
            "ConditionExpression": "attribute_not_exists(pk) OR expiresAt <= :now",
            "ExpressionAttributeValues": pack({":now": items.epoch_seconds(now)}),
        }

    def sent(self, said: SendMessage, *, sender: Member) -> Message | None:
        """What the log has of *said*, if this user has sent that clientMessageId before."""
        sent = self._get(_sent_key(said, sender))
        if not sent or not items.is_live(sent, self._clock.now()):
            return None
        original = self._get(item_keys.message_key(said.room_id, int(sent["seq"])))
        return items.to_message(original) if original else None

    def _sent(self, repeated: Message) -> Message:
        sent = self._get(_sent_key(repeated, repeated.sender))
        original = sent and self._get(item_keys.message_key(repeated.room_id, int(sent["seq"])))
        if not original:
            raise LookupError("a sent item without its message")
        return items.to_message(original)

    def _settled(
        self, room_id: str, floor: int, top: int, *, limit: int, forward: bool
    ) -> list[Message]:
        """More than *limit* messages above *floor* up to *top*, if there are; no hole is open."""
        now = self._clock.now()
        found, ended = self._read(room_id, floor, top, limit=limit, forward=forward)
        if not (forward or ended):
            floor = item_keys.seq_of(found[0]) - 1
        if open_seqs := gaps.open_below(found, floor=floor, now=now):
            for seq in open_seqs:
                self._close(room_id, seq, now)
            highest = item_keys.seq_of(found[-1])
            found, _ = self._read(room_id, floor, highest, limit=limit, forward=forward)
        live = (item for item in found if gaps.is_message(item) and items.is_live(item, now))
        return [items.to_message(item) for item in live]

    def _read(
        self, room_id: str, floor: int, top: int, *, limit: int, forward: bool
    ) -> tuple[list[Item], bool]:
        """Items of the log in seq order, and whether there are no more.

        A backward read starts with the item at *top*, which only shows whether a hole is below it.
        """
        if floor >= top:
            return [], True
        now = self._clock.now()
        wanted = limit + (1 if forward else 2)
        found: list[Item] = []
        for item in self._range(room_id, floor + 1, top, limit=wanted, forward=forward):
            found.append(item)
            wanted -= gaps.is_message(item) and items.is_live(item, now)
            if not wanted:
                break
        return (found if forward else found[::-1]), wanted > 0

    def _range(
        self, room_id: str, low: int, high: int, *, limit: int, forward: bool
    ) -> Iterator[Item]:
        lowest, highest = item_keys.message_key(room_id, low), item_keys.message_key(room_id, high)
        return query(
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

    def _close(self, room_id: str, seq: int, now: datetime) -> None:
        """Put a tombstone where no message is; see `holes`."""
        put = {
            "TableName": self._table,
            "Item": pack(gaps.tombstone(room_id, seq, now=now)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        transact(self._client, [{"Put": put}])

    def _get(self, key: Item) -> Item | None:
        found = self._client.get_item(TableName=self._table, Key=pack(key), ConsistentRead=True)
        item = found.get("Item")
        return unpack(item) if item else None


def _sent_key(said: SendMessage | Message, sender: Member) -> Item:
    return item_keys.sent_key(said.room_id, sender.user_id, said.client_message_id or "")
