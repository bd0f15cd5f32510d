"""Number of users in large rooms, counted once a second rather than at each join."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chat.domain.clock import Clock
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import Changes, Condition, Item
from chat.dynamodb.table import ConditionFailedError, Table

COUNT_FRESH = timedelta(seconds=1)
"""Time for which a count is used without a look at the room."""

COUNT_USABLE = timedelta(seconds=5)
"""Time for which a count is used while another environment counts, or has failed to."""

COUNT_KEPT = timedelta(days=1)
"""Time after which the item of a count expires."""


class LargeRoomCount:
    """Counts in the table of connections, shared by all environments of the function.

    Counting reads all subscribers. A thousand joins within seconds would read a million items.
    A claim lets a single environment count anew. With a cache in each environment, every
    environment of a join storm would count. tests/contract/test_join_storms.py requires it.
    """

    def __init__(self, connections: Table, *, clock: Clock) -> None:
        self._table = connections
        self._clock = clock

    def of(self, room_id: str, *, count: Callable[[], int]) -> int:
        """Return the room's number of users, by *count* unless it was counted a second ago."""
        now = self._clock.now()
        known = self._table.get(item_keys.large_room_count_key(room_id))
        if known and (known["freshUntil"] > _millis(now) or not self._claim(known, now)):
            is_usable = known.get("countedAt", 0) > _millis(now - COUNT_USABLE)
            return int(known["users"]) if is_usable else count()
        users = count()
        self._table.put(
            {
                **item_keys.large_room_count_key(room_id),
                "users": users,
                "countedAt": _millis(now),
                "freshUntil": _millis(now + COUNT_FRESH),
                "expiresAt": items.epoch_seconds(now + COUNT_KEPT),
            }
        )
        return users

    def last_of(self, room_id: str) -> int | None:
        """Return the last count of a room, of any age."""
        known = self._table.get(item_keys.large_room_count_key(room_id))
        return int(known["users"]) if known else None

    def _claim(self, known: Item, now: datetime) -> bool:
        """Return whether this caller counts anew. Meanwhile the others use the known count."""
        is_unclaimed = Condition("freshUntil = :seen", {":seen": known["freshUntil"]})
        changes = Changes(sets={"freshUntil": _millis(now + COUNT_FRESH)})
        try:
            self._table.update(
                {key: known[key] for key in ("pk", "sk")}, changes, condition=is_unclaimed
            )
        except ConditionFailedError:
            return False
        return True


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000)
