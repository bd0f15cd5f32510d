"""Writing of messages: each takes the next seq of its room, and is stored once.

In a quiet room one transaction takes the seq, writes the message and makes its clientMessageId
unique. It requires that the room's last seq is the expected one. A repeated clientMessageId fails
it as a whole, so a repetition takes no seq, and no gap arises.

In a busy room the last seq is another one by the time of the transaction. The seq is then taken
first, and the message is written under it next. A crash in between leaves a gap: see `gaps`.
See D-140 in docs/decisions for the figures.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.domain.bounded_dict import BoundedDict
from chat.domain.clock import Clock, unwire, wire
from chat.dynamodb import gaps, item_keys, items
from chat.dynamodb.expressions import IS_NEW, Changes, Condition, Item
from chat.dynamodb.room_writes import ROOM_EXISTS
from chat.dynamodb.rooms import find_room, open_room
from chat.dynamodb.table import ConditionFailedError, ConflictError, Table, Transaction
from chat.errors import RoomNotFound
from chat.protocol import Member, Message, SendMessage

BUSY_FOR = timedelta(seconds=30)
"""Time for which a process takes seqs first in a room where it met another writer."""

SUSPECTED_FOR = timedelta(hours=1)
"""Time for which a process looks for messages sent before, after a repetition took a seq."""


class _AlreadySentError(ConditionFailedError):
    """The user has sent this clientMessageId before; *item* says under which seq."""


class _OtherLastSeqError(ConditionFailedError):
    """The room's last seq is not the expected one; *item* is the room, if there is one."""


@dataclass(frozen=True, slots=True)
class _Expected:
    """The room as a process expects it."""

    last_seq: int
    is_only_writer: bool
    """Whether no other process wrote to the room between the last two messages of this one."""


_UNKNOWN = _Expected(-1, is_only_writer=False)


class MessageWriter:
    """Writes messages into the table of rooms."""

    def __init__(self, rooms: Table, *, clock: Clock, retention: timedelta | None) -> None:
        self._table = rooms
        self._clock = clock
        self._retention = retention
        self._expected = BoundedDict[_Expected]()
        self._busy_until = BoundedDict[datetime]()
        self._suspected_until = BoundedDict[datetime]()

    def append(self, request: SendMessage, *, sender: Member) -> Message:
        """Write a message, or return the one sent before; raise RoomNotFound."""
        room_id, now = request.room_id, self._clock.now()
        if self._busy_until.get(room_id, now) <= now:
            message = self._append_at_once(request, sender)
            if message is not None:
                return message
            self.mark_busy(room_id)
        return self._append_in_steps(request, sender)

    def mark_busy(self, room_id: str) -> None:
        """Take seqs first in a room for the next 30 seconds."""
        self._busy_until.put(room_id, self._clock.now() + BUSY_FOR)

    def find_sent(self, request: SendMessage, *, sender: Member) -> Message | None:
        """Return the stored message if this user has sent its clientMessageId before."""
        sent = self._table.get(_sent_key(request, sender))
        if not sent or not items.is_live(sent, self._clock.now()):
            return None
        return self._original(request.room_id, sent)

    def remove(self, message: Message) -> None:
        """Delete a message, and the item that makes its clientMessageId unique."""
        tx = Transaction(self._table.client)
        tx.delete(self._table, item_keys.message_key(message.room_id, message.seq))
        if message.client_message_id is not None:
            tx.delete(self._table, _sent_key(message, message.sender))
        tx.commit()

    def _append_at_once(self, request: SendMessage, sender: Member) -> Message | None:
        """Write a message in one transaction; return None if others write at the same time.

        The last seq is known from this process's last message, as long as no other writes here.
        """
        known = self._expected.get(request.room_id, _UNKNOWN)
        is_guess = known.is_only_writer
        last_seq = known.last_seq if is_guess else find_room(self._table, request.room_id).last_seq
        for _ in range(1 + is_guess):
            message = self._new_message(request, sender, seq=last_seq + 1)
            try:
                self._write(message, after=last_seq)
            except _AlreadySentError as error:
                return self._sent(message, error.item)
            except _OtherLastSeqError as error:
                last_seq = open_room(error.item).last_seq
            except (ConditionFailedError, ConflictError):
                break
            else:
                is_only_writer = known is _UNKNOWN or known.last_seq == last_seq
                self._expected.put(request.room_id, _Expected(message.seq, is_only_writer))
                return message
        self._expected.put(request.room_id, _Expected(last_seq, is_only_writer=False))
        return None

    def _append_in_steps(self, request: SendMessage, sender: Member) -> Message:
        """Take the next seq and write the message under it.

        If a reader has closed the seq in between, takes the next.
        """
        now = self._clock.now()
        is_suspected = self._suspected_until.get(sender.user_id, now) > now
        if is_suspected and (stored := self.find_sent(request, sender=sender)):
            return stored
        while True:
            message = self.number(request, sender=sender)
            stored = self.store(message)
            if stored is not None:
                return stored

    def number(self, request: SendMessage, *, sender: Member) -> Message:
        """Take the next seq of a room; return the message to store under it."""
        updated = self._table.update(
            item_keys.room_key(request.room_id),
            Changes(adds={"lastSeq": 1}, defaults=self._first_expiry()),
            condition=ROOM_EXISTS,
            otherwise=RoomNotFound,
            ReturnValues="UPDATED_NEW",
        )
        return self._new_message(request, sender, seq=int(updated["lastSeq"]))

    def store(self, message: Message) -> Message | None:
        """Write a message under a seq that was taken; return None if the seq was closed.

        If it was sent before, closes the seq and returns the stored message. From then on the
        user's messages are looked for first, so that repetitions take no further seqs.
        """
        tx = Transaction(self._table.client)
        self._require_unsent(tx, message)
        tx.put(self._table, self._item(message), condition=IS_NEW)
        try:
            tx.commit()
        except _AlreadySentError as error:
            now = self._clock.now()
            self._suspected_until.put(message.sender.user_id, now + SUSPECTED_FOR)
            self._table.put_new(gaps.tombstone(message.room_id, message.seq, now=now))
            return self._sent(message, error.item)
        except ConditionFailedError:
            return None
        return message

    def _write(self, message: Message, *, after: int) -> None:
        """Take a seq and write the message under it, if the room's last seq is *after*.

        Raises _AlreadySentError, _OtherLastSeqError, ConditionFailedError, ConflictError.
        """
        tx = Transaction(self._table.client)
        self._require_unsent(tx, message)
        tx.update(
            self._table,
            item_keys.room_key(message.room_id),
            Changes(sets={"lastSeq": message.seq}, defaults=self._first_expiry()),
            condition=ROOM_EXISTS & Condition("lastSeq = :after", {":after": after}),
            otherwise=_OtherLastSeqError,
            returns_old=True,
        )
        tx.put(self._table, self._item(message), condition=IS_NEW)
        tx.commit(attempts=1)

    def _require_unsent(self, tx: Transaction, message: Message) -> None:
        """Write that a user has sent this clientMessageId, unless they have sent it before."""
        if message.client_message_id is None:
            return
        now = self._clock.now()
        sent = {
            **_sent_key(message, message.sender),
            "seq": message.seq,
            "expiresAt": items.epoch_seconds(now + items.SENT_KEPT),
        }
        is_unsent = Condition(
            "attribute_not_exists(pk) OR expiresAt <= :now", {":now": items.epoch_seconds(now)}
        )
        tx.put(
            self._table,
            sent,
            condition=is_unsent,
            otherwise=_AlreadySentError,
            returns_old=True,
        )

    def _sent(self, repeated: Message, sent: Item) -> Message:
        """Return the message that was sent before; raise RoomNotFound if its room was deleted."""
        original = self._original(repeated.room_id, sent)
        if original is None:
            find_room(self._table, repeated.room_id)
            raise LookupError("a sent item without its message")
        return original

    def _original(self, room_id: str, sent: Item) -> Message | None:
        """Return the message that a sent item names, if it is still stored."""
        item = self._table.get(item_keys.message_key(room_id, int(sent["seq"])))
        return items.to_message(item) if item else None

    def _new_message(self, request: SendMessage, sender: Member, *, seq: int) -> Message:
        return Message(
            room_id=request.room_id,
            seq=seq,
            sender=sender,
            text=request.text,
            sent_at=wire(self._clock.now()),
            client_message_id=request.client_message_id,
        )

    def _item(self, message: Message) -> Item:
        return items.message_item(message, expires_at=self._expiry(unwire(message.sent_at)))

    def _first_expiry(self) -> Item:
        """Return the expiry that the room keeps if this is its first message that expires."""
        expires_at = self._expiry(self._clock.now())
        return {"firstExpiresAt": items.epoch_seconds(expires_at)} if expires_at else {}

    def _expiry(self, sent_at: datetime) -> datetime | None:
        return sent_at + self._retention if self._retention else None


def _sent_key(message: SendMessage | Message, sender: Member) -> Item:
    return item_keys.sent_key(message.room_id, sender.user_id, message.client_message_id or "")
