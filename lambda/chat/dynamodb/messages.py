"""Messages in DynamoDB: one order, each message once, stored before it is acknowledged."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from chat.domain.clock import Clock
from chat.domain.pages import MAX_PAGE_BYTES, Page
from chat.dynamodb import gaps, item_keys, items
from chat.dynamodb.expressions import IS_NEW, Item
from chat.dynamodb.largest_messages import (
    DEFAULT_LARGEST,
    Amount,
    LargestMessages,
    Reading,
    size_of_request,
)
from chat.dynamodb.message_writer import MessageWriter
from chat.dynamodb.rooms import find_room
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.errors import RoomNotFound, no_such_message
from chat.protocol import MAX_SEQ, Member, Message, Room, SendMessage


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
        self._largest = LargestMessages(rooms, largest_possible=largest_possible)
        self.writer = MessageWriter(rooms, clock=clock, retention=retention)

    def append(self, request: SendMessage, *, sender: Member) -> Message:
        """Write a message, once for each user and clientMessageId; raise RoomNotFound."""
        self._largest.raise_to(request.room_id, size_of_request(request, sender))
        return self.writer.append(request, sender=sender)

    def find_sent(self, request: SendMessage, *, sender: Member) -> Message | None:
        """Return the stored message if this user has sent its clientMessageId before."""
        return self.writer.find_sent(request, sender=sender)

    def ensure_room_open(self, message: Message) -> None:
        """Delete a message whose room was deleted before it came; raise RoomNotFound then.

        The purge of the room may be over, so it would not delete the message.
        """
        try:
            find_room(self._table, message.room_id)
        except RoomNotFound:
            self.writer.remove(message)
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

    def _read_closed(
        self, room_id: str, floor: int, top: int, amount: Amount
    ) -> tuple[list[Message], bool]:
        """Return messages above *floor* up to *top*, after closing the gaps.

        If too many gaps are open, the messages end at the first open one. The second value is
        then True, and also if the messages had too many bytes.
        """
        forward = amount.forward
        now = self._clock.now()
        found, ended = self._read(room_id, floor, top, amount)
        if not (forward or ended):
            floor = item_keys.seq_of(found[0]) - 1
        closed = set[int]()
        for _ in range(gaps.MAX_ROUNDS):
            open_seqs = gaps.open_seqs(found, floor=floor, closed=closed, now=now)
            if not open_seqs:
                break
            batch = gaps.nearest(open_seqs, forward=forward)
            if self._close(room_id, batch, now):
                closed.update(batch)
            else:
                highest = item_keys.seq_of(found[-1])
                found, _ = self._read(room_id, floor, highest, amount)
        open_seqs = gaps.open_seqs(found, floor=floor, closed=closed, now=now)
        final = gaps.final_part(found, open_seqs, forward=forward)
        live = [item for item in final if gaps.is_message(item) and items.is_live(item, now)]
        is_cut = not ended and len(live) < amount.wanted
        return [items.to_message(item) for item in live], is_cut or bool(open_seqs)

    def _close(self, room_id: str, seqs: Sequence[int], now: datetime) -> bool:
        """Write tombstones, or none if a writer was faster at a seq; return whether they are."""
        tx = Transaction(self._table.client)
        for seq in seqs:
            tx.put(self._table, gaps.tombstone(room_id, seq, now=now), condition=IS_NEW)
        try:
            tx.commit()
        except ConditionFailedError:
            return False
        return True

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
        found = self._table.query(
            "pk = :room AND sk BETWEEN :low AND :high",
            {":room": lowest["pk"], ":low": lowest["sk"], ":high": highest["sk"]},
            Limit=limit,
            ScanIndexForward=forward,
        )
        return filter(item_keys.is_in_log, found)
