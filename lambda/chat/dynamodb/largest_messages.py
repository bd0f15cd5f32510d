"""Bounds of what a page of a room's log reads: each room knows the size of its largest message.

DynamoDB limits a Query by the number of items, not by their bytes. A page of long messages would
read many times what its reply can hold. A room's item therefore bounds the size of its messages.
With the default text length, the bound changes at most five times.
"""

from dataclasses import dataclass, field

from chat.domain.bounded_dict import BoundedDict
from chat.dynamodb import item_keys
from chat.dynamodb.expressions import Changes, Condition, Item
from chat.dynamodb.table import ConditionFailedError, Table
from chat.protocol import Member, SendMessage

LARGEST = "largestMessage"
"""Attribute of a room: no message item of the room has more bytes."""

SMALL_MESSAGE = 1_024
"""Bytes of a message item that every room expects. Its messages change nothing."""

USER_ID_BYTES = 256
_OTHER_BYTES = 512
"""More than the keys, names of attributes, times and ids of a message item."""

DEFAULT_LARGEST = 20_000
"""More than the largest message item of the default settings."""


def largest_possible(*, text_length: int, name_length: int) -> int:
    """Return the bytes of the largest message item: a character has up to 4."""
    return 4 * (text_length + name_length) + 2 * USER_ID_BYTES + _OTHER_BYTES


class LargestMessages:
    """The bound of each room, in its item."""

    def __init__(self, rooms: Table, *, largest_possible: int) -> None:
        self._table = rooms
        self.largest_possible = largest_possible
        self._known = BoundedDict[int]()

    def of(self, room_id: str) -> int:
        """Return the bound of a room. A room from before bounds were stored has the largest."""
        room = self._table.get(item_keys.room_key(room_id)) or {}
        return int(room.get(LARGEST, self.largest_possible))

    def raise_to(self, room_id: str, size: int) -> None:
        """Raise a room's bound to the next power of two, before a message of that size is written.

        A message of usual size makes no request. Others make one in each environment, once.
        """
        if size <= max(SMALL_MESSAGE, self._known.get(room_id, 0)):
            return
        bound = 1 << (size - 1).bit_length()
        is_lower = Condition(f"{LARGEST} < :bound", {":bound": bound})
        try:
            key = item_keys.room_key(room_id)
            self._table.update(key, Changes(sets={LARGEST: bound}), condition=is_lower)
        except ConditionFailedError:  # it is as high already, unknown, or there is no room
            pass
        self._known.put(room_id, bound)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a log is wanted, and in which direction."""

    limit: int
    max_bytes: int
    forward: bool

    @property
    def wanted(self) -> int:
        """Messages to read: one shows that there are more, one is the item at the top."""
        return self.limit + (1 if self.forward else 2)


@dataclass(slots=True)
class Reading:
    """Items of a log that were read so far, in the order of reading."""

    amount: Amount
    bound: int
    """Bytes that no item exceeds."""
    items: list[Item] = field(default_factory=list)
    _live: int = 0
    _live_bytes: int = 0

    def add(self, item: Item, *, is_live: bool) -> None:
        """Add an item."""
        size = size_of(item)
        self.items.append(item)
        if is_live:
            self._live += 1
            self._live_bytes += size

    @property
    def is_full(self) -> bool:
        """Whether there are enough messages, or enough bytes of messages."""
        return self._missing <= 0 or self._live_bytes >= self.amount.max_bytes

    @property
    def next_count(self) -> int:
        """Number of items of the next Query. With it, messages have at most twice the bytes.

        Tombstones and expired messages do not count. A room may have many that DynamoDB has yet to
        delete, and a Query for each would take too long.
        """
        left = 2 * self.amount.max_bytes - self._live_bytes
        return min(self._missing, max(1, left // self.bound))

    @property
    def _missing(self) -> int:
        return self.amount.wanted - self._live


def size_of(item: Item) -> int:
    """Return about the bytes of a message item, as DynamoDB counts them."""
    sender = item.get("sender", {})
    names = (sender.get("userId", ""), sender.get("name", ""))
    return _size(item["pk"], item.get("text", ""), *names, item.get("deletedBy", ""))


def size_of_request(request: SendMessage, sender: Member) -> int:
    """Return about the bytes of the item of a message."""
    return _size(request.room_id, request.text, sender.user_id, sender.name)


def _size(*texts: str) -> int:
    return sum(len(text.encode()) for text in texts) + _OTHER_BYTES // 2
