"""Rate limits in memory: the same buckets, in one process."""

from datetime import timedelta

from chat.domain.clock import Clock
from chat.domain.connection import Connection
from chat.domain.known_users import KnownUsers
from chat.domain.rate_limit import Buckets, Kind, Rates, micros
from chat.domain.strikes import Strikes
from chat.errors import RateLimited, Unauthorized
from chat.ports import Connections


class FakeRateLimiter:
    """The RateLimiter port."""

    def __init__(self, clock: Clock, *, rates: Rates, connections: Connections) -> None:
        self._clock = clock
        self._rates = rates
        self._connections = connections
        self._buckets = Buckets()
        self._users = KnownUsers()
        self._strikes = Strikes(clock, rates.strikes) if rates.strikes else None

    def take_frame_token(self, connection_id: str) -> None:
        """Count a frame of a connection and of its user."""
        now = micros(self._clock.now())
        if self._rates.frames:
            self._buckets.take(connection_id, self._rates.frames, now)
        if rate := self._rates.user_frames:
            self._buckets.take(f"frames of {self._users.name_of(connection_id)}", rate, now)

    def take_connection_token(self, connection_id: str, kind: Kind) -> Connection:
        """Take a token out of a connection's bucket and return the connection."""
        name, rate = f"{connection_id} {kind}", self._rates.connection.get(kind)
        if rate:
            self._buckets.check(name, rate, micros(self._clock.now()))
        connection = self._connections.get(connection_id)
        if rate:
            self._buckets.take(name, rate, micros(self._clock.now()))
        return self._users.learn(connection)

    def take_user_token(self, user_id: str, kind: Kind) -> None:
        """Take a token out of a user's bucket and out of that of the day."""
        if daily := self._rates.user_daily:
            self._buckets.take(f"user {user_id} daily", daily, micros(self._clock.now()))
        if rate := self._rates.user.get(kind):
            self._buckets.take(f"user {user_id} {kind}", rate, micros(self._clock.now()))

    def record_strike(self, connection_id: str, *, wait_ms: int) -> timedelta | None:
        """Count a rate-limit violation; return the cooldown if it was one too many."""
        strikes = self._strikes
        if strikes is None or not strikes.record(
            connection_id, self._users.name_of(connection_id), wait_ms=wait_ms
        ):
            return None
        try:
            user_id = self._connections.get(connection_id).member.user_id
            now = micros(self._clock.now())
            self._buckets.take(f"strikes {user_id}", strikes.batch_rate, now)
        except (RateLimited, Unauthorized):
            return self._rates.cooldown
        return None
