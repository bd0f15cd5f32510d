"""Holes in a log: what history has shown to be missing stays missing.

A writer takes a seq and then writes under it, so a reader that finds a seq without a message cannot
tell a crash from a slow writer. It decides: it puts a tombstone there, unless the writer was
faster. The writer that comes late finds its place taken and takes the next seq. So no message ever
appears below one that somebody has read, and a client's last seq says all that it has seen.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from chat.domain.clock import unwire
from chat.dynamodb import item_keys, items
from chat.dynamodb.table import Item

WRITERS_LIVE = timedelta(minutes=5)
"""Far more than a function may run (29 s): older holes have no writer any more."""

TOMBSTONE_KEPT = timedelta(days=1)

MOST = 200
"""Seqs to close below one message; more would be expired messages, not writers."""


def tombstone(room_id: str, seq: int, *, now: datetime) -> Item:
    """The item that closes a hole."""
    expires_at = items.epoch_seconds(now + TOMBSTONE_KEPT)
    return {**item_keys.message_key(room_id, seq), "hole": True, "expiresAt": expires_at}


def is_message(item: Item) -> bool:
    """Whether an item of the log is a message, not a tombstone."""
    return "hole" not in item


def open_below(found: Sequence[Item], *, floor: int, now: datetime) -> Sequence[int]:
    """The seqs above *floor* that may still be written, between items in seq order."""
    places = [(floor, False), *((item_keys.seq_of(item), _is_recent(item, now)) for item in found)]
    return [
        seq
        for (lower, _), (upper, recent) in pairwise(places)
        if recent
        for seq in range(max(lower + 1, upper - MOST), upper)
    ]


def _is_recent(item: Item, now: datetime) -> bool:
    return is_message(item) and now - unwire(item["sentAt"]) < WRITERS_LIVE
