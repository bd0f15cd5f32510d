"""Who is refused again and again and goes on: counted so that all environments count together."""

from chat.domain.bounded_dict import BoundedDict
from chat.domain.connection import Connection
from chat.domain.rate_limit import Rate, micros
from chat.ports import Clock

BATCHES = 20
"""In which a full bucket is taken: a refusal is too cheap a thing to write about each."""


class Strikes:
    """Refusals of users in one process's memory, until they make a batch of the user's bucket.

    A refusal counts that comes before the wait of the one before is over: who waits as told never
    counts, however many others there are that wait for the same.
    """

    def __init__(self, clock: Clock, rate: Rate) -> None:
        """*rate* is that of single refusals."""
        self._clock = clock
        self._batch = max(1, rate.burst // BATCHES)
        self.rate = Rate(rate.count / self._batch, rate.seconds, rate.burst // self._batch)
        """That of batches."""
        self._waits_until = BoundedDict[int]()
        self._users = BoundedDict[str]()
        self._counts = BoundedDict[int]()

    def know(self, connection: Connection) -> None:
        """Whose connection it is, so that more connections are no way to be refused more often."""
        self._users.put(connection.connection_id, connection.member.user_id)

    def makes_a_batch(self, connection_id: str, *, wait_ms: int) -> bool:
        """Whether one more, which is told to wait so long, is one for its user's bucket."""
        now = micros(self._clock.now())
        waited = now >= self._waits_until.get(connection_id, 0)
        self._waits_until.put(connection_id, now + wait_ms * 1_000)
        if waited:
            return False
        name = self._users.get(connection_id, f"of {connection_id}")
        count = self._counts.get(name, 0) + 1
        self._counts.put(name, count % self._batch)
        return count == self._batch
