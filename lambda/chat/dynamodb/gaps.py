"""Gaps in a room's log: a seq that history has shown to be missing stays missing.

A writer takes a seq and then writes under it. A reader that finds a seq without a message cannot
distinguish a crash from a slow writer. It decides: it writes a tombstone there, unless the writer
was faster. A late writer finds its seq taken and takes the next. No message therefore appears
below a message that a client has read. A client's last seq covers everything that it has seen.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from chat.domain.clock import unwire
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import Item

MAX_WRITER_AGE = timedelta(minutes=5)
"""Age above which a gap has no writer any more: far more than a function may run (29 s)."""

TOMBSTONE_KEPT = timedelta(days=1)
"""Time after which a tombstone expires."""

_TOMBSTONE_MARK = "hole"
"""Attribute that only a tombstone has."""

MAX_GAP = 200
"""Seqs to close below one message. A larger gap is made of expired messages, not of writers."""

TOMBSTONES_WRITTEN = 50
"""Tombstones that a reader writes in one transaction."""

MAX_ROUNDS = 4
"""Transactions that a reader makes for a page: enough for the largest gap."""


def tombstone(room_id: str, seq: int, *, now: datetime) -> Item:
    """Return the item that closes a gap."""
    expires_at = items.epoch_seconds(now + TOMBSTONE_KEPT)
    return {**item_keys.message_key(room_id, seq), _TOMBSTONE_MARK: True, "expiresAt": expires_at}


def is_message(item: Item) -> bool:
    """Return whether an item of the log is a message, not a tombstone or of a later version."""
    return _TOMBSTONE_MARK not in item and {"sender", "text", "sentAt"} <= item.keys()


def open_seqs(
    found: Sequence[Item], *, floor: int, closed: Collection[int] = (), now: datetime
) -> Sequence[int]:
    """Return the seqs above *floor* that may still be written, between items in seq order.

    The seqs in *closed* have a tombstone since the items were read.
    """
    read = [(floor, False), *((item_keys.seq_of(item), _is_recent(item, now)) for item in found)]
    return [
        seq
        for (lower, _), (upper, recent) in pairwise(read)
        if recent
        for seq in range(max(lower + 1, upper - MAX_GAP), upper)
        if seq not in closed
    ]


def nearest(seqs: Sequence[int], *, forward: bool) -> Sequence[int]:
    """Return the first seqs in the direction of reading, as many as a reader closes at once."""
    return seqs[:TOMBSTONES_WRITTEN] if forward else seqs[-TOMBSTONES_WRITTEN:]


def final_part(found: Sequence[Item], left: Sequence[int], *, forward: bool) -> Sequence[Item]:
    """Return the items that come before the first open seq in the direction of reading."""
    if not left:
        return found
    if forward:
        return [item for item in found if item_keys.seq_of(item) < left[0]]
    return [item for item in found if item_keys.seq_of(item) > left[-1]]


def _is_recent(item: Item, now: datetime) -> bool:
    return is_message(item) and now - unwire(item["sentAt"]) < MAX_WRITER_AGE
