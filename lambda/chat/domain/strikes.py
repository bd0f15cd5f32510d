"""Counts the strikes of each user. Lambda environments share the count through DynamoDB.

Strikes are written in batches, up to 20 for a full bucket. Without batches a flood of 200
frames a second would cost 200 writes a second. The limit would then save nothing.
"""

from chat.domain.bounded_dict import BoundedDict
from chat.domain.clock import Clock
from chat.domain.connection import Connection
from chat.domain.rate_limit import Rate, micros

BATCHES_PER_BUCKET = 20


class Strikes:
    """Strikes of users in this process, until they make a batch.

    A violation is a strike if the client did not wait as long as its last error asked. A client
    that always waits gets no strike, whatever other clients of the same user do.
    """

    def __init__(self, clock: Clock, rate: Rate) -> None:
        """Limit single strikes by *rate*, and batches of them by `batch_rate`, its equivalent."""
        self._clock = clock
        self._batch = max(1, rate.burst // BATCHES_PER_BUCKET)
        self.batch_rate = Rate(rate.count / self._batch, rate.seconds, rate.burst // self._batch)
        self._waits_until = BoundedDict[int]()
        self._users = BoundedDict[str]()
        self._counts = BoundedDict[int]()

    def associate(self, connection: Connection) -> None:
        """Remember a connection's user, so that all connections of a user count together."""
        self._users.put(connection.connection_id, connection.member.user_id)

    def record(self, connection_id: str, *, wait_ms: int) -> bool:
        """Count a violation if it is a strike; return whether it completes a batch.

        The client must wait *wait_ms* before its next request.
        """
        now = micros(self._clock.now())
        has_waited = now >= self._waits_until.get(connection_id, 0)
        self._waits_until.put(connection_id, now + wait_ms * 1_000)
        if has_waited:
            return False
        name = self._users.get(connection_id, f"of {connection_id}")
        count = self._counts.get(name, 0) + 1
        self._counts.put(name, count % self._batch)
        return count == self._batch
