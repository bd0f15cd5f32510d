"""Deleted messages. They keep their seq, so that order and resume hold."""

from collections.abc import Sequence
from contextlib import suppress

from msgspec.structs import replace

from chat.domain.clock import Clock, wire
from chat.domain.membership import Membership
from chat.dynamodb import item_keys, items, room_writes
from chat.dynamodb.expressions import EXISTS, Changes, Condition, Item
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.protocol import Message

MAX_LISTED_DELETIONS = 100
"""Deletions that a room's item lists for resuming clients: about 1 KB with the longest seqs.

The item also holds the time of the last deletion that was dropped from the list. A client that
has seen no message since then does not resume, but starts with the latest page.
"""

_LAST_DROPPED_AT = "untoldUntil"
"""Attribute of a room: the time of the last deletion that is no longer listed."""

_NOT_DELETED = Condition("attribute_exists(sentAt) AND attribute_not_exists(deletedAt)")


class DynamoDeletions:
    """The deletions of every room, in the table of rooms."""

    def __init__(self, rooms: Table, *, clock: Clock) -> None:
        self._table = rooms
        self._clock = clock

    def delete_message(self, message: Message, *, by: Membership) -> Message:
        """Delete a message's text, once, and return what is left of the message.

        Raises Conflict if it is another user's message and the membership *by* has changed.
        """
        now = wire(self._clock.now())
        erased = Changes(sets={"text": "", "deletedAt": now, "deletedBy": by.user_id})
        key = item_keys.message_key(message.room_id, message.seq)
        tx = Transaction(self._table.client)
        if by.user_id != message.sender.user_id:
            room_writes.require_unchanged(tx, self._table, by)
        tx.update(self._table, key, erased, condition=_NOT_DELETED)
        room, listed = (
            item_keys.room_key(message.room_id),
            Changes(appends={"deletions": [message.seq]}),
        )
        tx.update(self._table, room, listed, condition=EXISTS)
        try:
            tx.commit()
        except ConditionFailedError:
            return self._left_of(message)
        self._trim(message.room_id)
        return replace(message, text="", deleted_at=now, deleted_by=by.user_id)

    def deletions_until(self, room_id: str, seq: int) -> Sequence[int] | None:
        """Return the seqs up to *seq* of deleted messages, or None if the list is incomplete.

        A client that has seen a message knew all deletions before it was sent.
        """
        room = self._table.get(item_keys.room_key(room_id)) or {}
        if seq and _LAST_DROPPED_AT in room:
            last_seen = self._table.get(item_keys.message_key(room_id, seq)) or {}
            if last_seen.get("sentAt", "") <= room[_LAST_DROPPED_AT]:
                return None
        return sorted({deleted for deleted in _deletions(room) if deleted <= seq})

    def _trim(self, room_id: str) -> None:
        """Drop the first deletions above the number that is listed."""
        key = item_keys.room_key(room_id)
        room = self._table.get(key) or {}
        for seq in _deletions(room)[:-MAX_LISTED_DELETIONS]:
            erased = self._table.get(item_keys.message_key(room_id, seq)) or {}
            at = erased.get("deletedAt", wire(self._clock.now()))  # it may have expired
            dropped = Changes(sets={_LAST_DROPPED_AT: at}, removes=["deletions[0]"])
            is_first = Condition("deletions[0] = :seq", {":seq": seq})
            with suppress(ConditionFailedError):
                self._table.update(key, dropped, condition=is_first)

    def _left_of(self, message: Message) -> Message:
        """Return the message as another request has left it; empty if it has expired."""
        item = self._table.get(item_keys.message_key(message.room_id, message.seq))
        return items.to_message(item) if item else replace(message, text="")


def _deletions(room: Item) -> Sequence[int]:
    """Return the seqs that a room's item lists, in the order of their deletion."""
    return [int(seq) for seq in room.get("deletions", ())]
