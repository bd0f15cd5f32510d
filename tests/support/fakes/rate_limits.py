"""Floods in memory: the same buckets, with nobody else who counts."""

from datetime import timedelta

from chat.domain.connection import Connection
from chat.domain.rate_limit import Buckets, Kind, Rates, micros
from chat.domain.strikes import Strikes
from chat.errors import RateLimited, Unauthorized
from chat.ports import Clock, Rooms


class FakeFloods:
    """Every bucket in one process."""

    def __init__(self, clock: Clock, *, rates: Rates, rooms: Rooms) -> None:
        self._clock = clock
        self._rates = rates
        self._rooms = rooms
        self._buckets = Buckets()
        self._refusals = Strikes(clock, rates.refusals) if rates.refusals else None

    def request(self, connection_id: str) -> None:
        """Count a frame of a connection."""
        if self._rates.requests:
            self._buckets.take(connection_id, self._rates.requests, micros(self._clock.now()))

    def connection(self, connection_id: str, kind: Kind) -> Connection:
        """Whose connection this is, with one taken out of its bucket."""
        name, rate = f"{connection_id} {kind}", self._rates.connection.get(kind)
        if rate:
            self._buckets.check(name, rate, micros(self._clock.now()))
        connection = self._rooms.connection(connection_id)
        if rate:
            self._buckets.take(name, rate, micros(self._clock.now()))
        if self._refusals:
            self._refusals.know(connection)
        return connection

    def user(self, user_id: str, kind: Kind) -> None:
        """Take one out of a user's bucket."""
        if rate := self._rates.user.get(kind):
            self._buckets.take(f"user {user_id} {kind}", rate, micros(self._clock.now()))

    def refused(self, connection_id: str, *, wait_ms: int) -> timedelta | None:
        """Count a refusal; for how long its user has to rest, if that was one too many."""
        refusals = self._refusals
        if refusals is None or not refusals.makes_a_batch(connection_id, wait_ms=wait_ms):
            return None
        try:
            user_id = self._rooms.connection(connection_id).member.user_id
            self._buckets.take(f"refusals {user_id}", refusals.rate, micros(self._clock.now()))
        except (RateLimited, Unauthorized):
            return self._rates.rest
        return None
