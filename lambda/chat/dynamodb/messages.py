"""Messages in DynamoDB: one order, each message once, stored before it is acknowledged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from chat.domain.clock import Clock, wire
from chat.domain.pages import MAX_PAGE_BYTES, Page
from chat.dynamodb import gaps, item_keys, items
from chat.dynamodb.expressions import IS_NEW, Changes, Condition, Item
from chat.dynamodb.largest_messages import (
    DEFAULT_LARGEST,
    Amount,
    LargestMessages,
    Reading,
    size_of,
)
from chat.dynamodb.room_writes import ROOM_EXISTS
from chat.dynamodb.rooms import find_room
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.errors import RoomNotFound, no_such_message
from chat.protocol import MAX_SEQ, Member, Message, Room, SendMessage


class _AlreadySentError(Exception):
    """The user has sent this clientMessageId before."""


class DynamoMessages:
    """The messages of every room; invariants 2 to 5 of docs/architecture.md."""

    def __init__(
        self,
        rooms: Table,
        *,
        clock: Clock,
        retention: timedelta | None,
        largest_possible: int = DEFAULT_LARGEST,
    ) -> None:
        self._table = rooms
        self._clock = clock
        self._retention = retention
        self._largest = LargestMessages(rooms, largest_possible=largest_possible)

    def append(self, request: SendMessage, *, sender: Member) -> Message:
        """Take the next seq and write the message under it, or return the one sent before.

        If a reader has closed the seq in between, takes the next: see `gaps`. Raises RoomNotFound.
        """
        while True:
            message, expires_at = self._number_message(request, sender)
            stored = self._store(message, expires_at=expires_at)
            if stored is not None:
                return stored

    def find_sent(self, request: SendMessage, *, sender: Member) -> Message | None:
        """Return the stored message if this user has sent its clientMessageId before."""
        sent = self._table.get(_sent_key(request, sender))
        if not sent or not items.is_live(sent, self._clock.now()):
            return None
        original = self._table.get(item_keys.message_key(request.room_id, int(sent["seq"])))
        return items.to_message(original) if original else None

    def ensure_room_open(self, message: Message) -> None:
        """Delete a message whose room was deleted before it came; raise RoomNotFound then.

        The purge of the room may be over, so it would not delete the message.
        """
        try:
            find_room(self._table, message.room_id)
        except RoomNotFound:
            self._rollback(message)
            raise

    def get(self, room_id: str, seq: int) -> Message:
        """Return the message of a seq; raise BadRequest if there is none."""
        item = self._table.get(item_keys.message_key(room_id, seq))
        if not item or not gaps.is_message(item) or not items.is_live(item, self._clock.now()):
            raise no_such_message()
        return items.to_message(item)

    def before(
        self, room_id: str, seq: int, *, limit: int, max_bytes: int = MAX_PAGE_BYTES
    ) -> Page:
        """Return the last *limit* messages below *seq*, or fewer of about *max_bytes*."""
        amount = Amount(limit, max_bytes, forward=False)
        found, is_cut = self._read_closed(room_id, 0, seq, amount)
        messages = [message for message in found if message.seq < seq]
        return Page(tuple(messages[-limit:]), has_more=is_cut or len(messages) > limit)

    def after(self, room_id: str, seq: int, *, limit: int, max_bytes: int = MAX_PAGE_BYTES) -> Page:
        """Return the first *limit* messages above *seq*, or fewer of about *max_bytes*."""
        amount = Amount(limit, max_bytes, forward=True)
        found, is_cut = self._read_closed(room_id, seq, MAX_SEQ, amount)
        return Page(tuple(found[:limit]), has_more=is_cut or len(found) > limit)

    def has_all_since(self, room: Room, seq: int) -> bool:
        """Return whether every message above *seq* is still stored.

        Messages expire in the order of the log. Nothing is missing if no message of the room has
        expired yet, or if the message *seq* is still stored. Anything else counts as a loss.
        """
        now = self._clock.now()
        item = self._table.get(item_keys.room_key(room.room_id)) or {}
        if int(item.get("firstExpiresAt", now.timestamp() + 1)) > now.timestamp():
            return True
        last_seen = self._table.get(item_keys.message_key(room.room_id, seq))
        return last_seen is not None and items.is_live(last_seen, now)

    def _number_message(
        self, request: SendMessage, sender: Member
    ) -> tuple[Message, datetime | None]:
        """Take the next seq; return the message under it and when it expires."""
        now = self._clock.now()
        expires_at = now + self._retention if self._retention else None
        message = Message(
            room_id=request.room_id,
            seq=self._next_seq(request.room_id, expires_at),
            sender=sender,
            text=request.text,
            sent_at=wire(now),
            client_message_id=request.client_message_id,
        )
        return message, expires_at

    def _next_seq(self, room_id: str, expires_at: datetime | None) -> int:
        first = {"firstExpiresAt": items.epoch_seconds(expires_at)} if expires_at else {}
        updated = self._table.update(
            item_keys.room_key(room_id),
            Changes(adds={"lastSeq": 1}, defaults=first),
            condition=ROOM_EXISTS,
            otherwise=RoomNotFound,
            ReturnValues="UPDATED_NEW",
        )
        return int(updated["lastSeq"])

    def _store(self, message: Message, *, expires_at: datetime | None) -> Message | None:
        """Write a message; return the stored one, or None if its seq was closed."""
        tx = Transaction(self._table.client)
        if message.client_message_id is not None:
            self._require_unsent(tx, message)
        item = items.message_item(message, expires_at=expires_at)
        self._largest.raise_to(message.room_id, size_of(item))
        tx.put(self._table, item, condition=IS_NEW)
        try:
            tx.commit()
        except _AlreadySentError:
            return self._sent(message)
        except ConditionFailedError:
            return None
        return message

    def _require_unsent(self, tx: Transaction, message: Message) -> None:
        """Write that a user has sent this clientMessageId, unless they have sent it before."""
        now = self._clock.now()
        sent = {
            **_sent_key(message, message.sender),
            "seq": message.seq,
            "expiresAt": items.epoch_seconds(now + items.SENT_KEPT),
        }
        is_unsent = Condition(
            "attribute_not_exists(pk) OR expiresAt <= :now", {":now": items.epoch_seconds(now)}
        )
        tx.put(self._table, sent, condition=is_unsent, otherwise=_AlreadySentError)

    def _sent(self, repeated: Message) -> Message:
        sent = self._table.get(_sent_key(repeated, repeated.sender))
        original = sent and self._table.get(
            item_keys.message_key(repeated.room_id, int(sent["seq"]))
        )
        if not original:
            raise LookupError("a sent item without its message")
        return items.to_message(original)

    def _rollback(self, message: Message) -> None:
        """Delete a message, and the item that makes its clientMessageId unique."""
        tx = Transaction(self._table.client)
        tx.delete(self._table, item_keys.message_key(message.room_id, message.seq))
        if message.client_message_id is not None:
            tx.delete(self._table, _sent_key(message, message.sender))
        tx.commit()

    def _read_closed(
        self, room_id: str, floor: int, top: int, amount: Amount
    ) -> tuple[list[Message], bool]:
        """Return messages above *floor* up to *top*, after closing the gaps.

        The second value is whether their bytes were too many, so that there may be more.
        """
        now = self._clock.now()
        found, ended = self._read(room_id, floor, top, amount)
        if not (amount.forward or ended):
            floor = item_keys.seq_of(found[0]) - 1
        if open_seqs := gaps.open_seqs(found, floor=floor, now=now):
            for seq in open_seqs:
                self._table.put_new(gaps.tombstone(room_id, seq, now=now))
            highest = item_keys.seq_of(found[-1])
            found, _ = self._read(room_id, floor, highest, amount)
        live = [item for item in found if gaps.is_message(item) and items.is_live(item, now)]
        is_cut = not ended and len(live) < amount.wanted
        return [items.to_message(item) for item in live], is_cut

    def _read(self, room_id: str, floor: int, top: int, amount: Amount) -> tuple[list[Item], bool]:
        """Return items of the log in seq order, and whether there are no more.

        A backward read includes the item at *top*, to detect a gap directly below it. Reads at
        most about twice the bytes of *amount*, so that a Query can be large.
        """
        now, low, high = self._clock.now(), floor + 1, top
        reading = Reading(amount, bound=self._largest.largest_possible)
        ended = low > high
        while not (ended or reading.is_full):
            if reading.items:
                reading.bound = self._largest.of(room_id)
            count = reading.next_count
            page = self._range(room_id, low, high, limit=count, forward=amount.forward)
            read = [*islice(page, count)]
            for item in read:
                reading.add(item, is_live=gaps.is_message(item) and items.is_live(item, now))
            if read and amount.forward:
                low = item_keys.seq_of(read[-1]) + 1
            elif read:
                high = item_keys.seq_of(read[-1]) - 1
            ended = len(read) < count or low > high
        return (reading.items if amount.forward else reading.items[::-1]), ended

    def _range(
        self, room_id: str, low: int, high: int, *, limit: int, forward: bool
    ) -> Iterator[Item]:
        lowest, highest = item_keys.message_key(room_id, low), item_keys.message_key(room_id, high)
        return self._table.query(
            "pk = :room AND sk BETWEEN :low AND :high",
            {":room": lowest["pk"], ":low": lowest["sk"], ":high": highest["sk"]},
            Limit=limit,
            ScanIndexForward=forward,
        )


def _sent_key(message: SendMessage | Message, sender: Member) -> Item:
    return item_keys.sent_key(message.room_id, sender.user_id, message.client_message_id or "")
