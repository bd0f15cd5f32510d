"""How many people are in large rooms, counted once a second and not for everyone who joins."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chat.ports import Clock

FRESH = timedelta(seconds=1)

ROOMS = 1_000
"""To remember; then all are forgotten, and counted anew."""


class Population:
    """Counts, each with the moment it was made.

    Counting reads the whole audience. A thousand who join within seconds would otherwise read
    each other a thousand times.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counted: dict[str, tuple[int, datetime]] = {}

    def of(self, room_id: str, *, count: Callable[[], int]) -> int:
        """The room's number, by *count* unless it was counted within the last second."""
        now = self._clock.now()
        known, moment = self._counted.get(room_id, (0, None))
        if moment is not None and now - moment < FRESH:
            return known
        if len(self._counted) >= ROOMS:
            self._counted.clear()
        counted = count()
        self._counted[room_id] = counted, now
        return counted
