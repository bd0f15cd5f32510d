"""Counts the strikes of each user. Lambda environments share the count through DynamoDB.

Strikes are written in batches. Without batches a flood of 200 frames a second would cost 200
writes a second. The limit would then save nothing.
"""

from chat.domain.batches import Batches
from chat.domain.bounded_dict import BoundedDict
from chat.domain.clock import Clock
from chat.domain.rate_limit import Rate, micros


class Strikes:
    """Strikes of users in this process, until they make a batch.

    A violation is a strike if the client did not wait as long as its last error asked. A client
    that always waits gets no strike, whatever other clients of the same user do.
    """

    def __init__(self, clock: Clock, rate: Rate) -> None:
        """Limit single strikes by *rate*, and batches of them by `batch_rate`, its equivalent."""
        self._clock = clock
        self._batches = Batches(rate)
        self.batch_rate = self._batches.rate
        self._waits_until = BoundedDict[int]()

    def record(self, connection_id: str, name: str, *, wait_ms: int) -> bool:
        """Count a violation of *name* if it is a strike; return whether it completes a batch.

        The client must wait *wait_ms* before its next request.
        """
        now = micros(self._clock.now())
        has_waited = now >= self._waits_until.get(connection_id, 0)
        self._waits_until.put(connection_id, now + wait_ms * 1_000)
        return not has_waited and self._batches.add(name)
