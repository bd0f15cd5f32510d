"""Who is refused again and again and goes on: counted in one process's memory, by user."""

from datetime import timedelta

from chat.buckets import Buckets
from chat.errors import RateLimited
from chat.ports import Clock
from chat.rates import Rates, micros
from chat.recent import Recent
from chat.records import Connection


class Refusals:
    """A bucket of refusals for each user, whatever their connections.

    A refusal is known by its connection alone, for it asks nobody; so whose that is has to be known
    from before. A connection that was never let through counts for itself.
    """

    def __init__(self, clock: Clock, rates: Rates) -> None:
        self._clock = clock
        self._rates = rates
        self._users = Recent[str]()
        self._buckets = Buckets()

    def know(self, connection: Connection) -> None:
        """Whose connection it is."""
        self._users.put(connection.connection_id, connection.member.user_id)

    def count(self, connection_id: str) -> timedelta | None:
        """For how long its user has to rest, if that was one too many; then the count is new."""
        if self._rates.refusals is None:
            return None
        name = self._users.get(connection_id, f"of {connection_id}")
        try:
            self._buckets.take(name, self._rates.refusals, micros(self._clock.now()))
        except RateLimited:
            self._buckets.forget(name)
            return self._rates.rest
        return None
