"""Who is refused again and again and goes on: counted so that all environments count together."""

from chat.rates import Rate
from chat.recent import Recent

BATCHES = 20
"""In which a full bucket is taken: a refusal is too cheap a thing to write about each."""


class Refusals:
    """Refusals of connections in one process's memory, until they make a batch of their user's."""

    def __init__(self, rate: Rate) -> None:
        """*rate* is that of single refusals."""
        self._batch = max(1, rate.burst // BATCHES)
        self.rate = Rate(rate.count / self._batch, rate.seconds, rate.burst // self._batch)
        """That of batches."""
        self._counts = Recent[int]()

    def makes_a_batch(self, connection_id: str) -> bool:
        """Whether one more of a connection is one for its user's bucket."""
        count = self._counts.get(connection_id, 0) + 1
        if count < self._batch:
            self._counts.put(connection_id, count)
            return False
        self._counts.forget(connection_id)
        return True
