"""Counts of this process that are written in batches, so that environments share them cheaply.

A write for each event would cost more than the event. A bucket is worth 20 batches or more. The
count below a batch is kept, so an environment that counts slowly is late and forgets nothing.
"""

from chat.domain.bounded_dict import BoundedDict
from chat.domain.rate_limit import Rate

BATCHES_PER_BUCKET = 20

MAX_BATCH = 100
"""Events of a batch at most. Of a day's 50,000 requests, a batch flows in in three minutes."""


class Batches:
    """The number of events by name, until they make a batch."""

    def __init__(self, rate: Rate) -> None:
        """Limit single events by *rate*, and batches of them by its equivalent."""
        self.single = rate
        self.size = min(MAX_BATCH, max(1, rate.burst // BATCHES_PER_BUCKET))
        self.rate = Rate(rate.count / self.size, rate.seconds, -(-rate.burst // self.size))
        self._counts = BoundedDict[int]()

    def add(self, name: str) -> bool:
        """Count an event; return whether it completes a batch."""
        count = self._counts.get(name, 0) + 1
        self._counts.put(name, count % self.size)
        return count == self.size

    def subtract(self, name: str) -> None:
        """Subtract an event that was counted elsewhere."""
        self._counts.put(name, max(0, self._counts.get(name, 0) - 1))
