"""Rate limits: token buckets, each held as one number.

The number is the theoretical arrival time of the generic cell rate algorithm. At that time the
bucket is full again. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from chat.domain.bounded_dict import BoundedDict
from chat.errors import rate_limit_exceeded

Kind = Literal["messages", "joins", "changes", "reads", "frames", "daily", "strikes"]
"""Kinds of tokens, each with its bucket.

- "changes" are those of a room and its memberships.
- "reads" write nothing, or what other limits bound.
- "frames" are all frames that no other bucket of a user counts.
- "daily" are all messages, joins, changes and reads of a user.
"""

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """*count* in *seconds* in the long run, and up to *burst* at once from a full bucket."""

    count: float
    seconds: int
    burst: int

    @property
    def interval(self) -> int:
        """Microseconds after which one token is back in the bucket."""
        return round(self.seconds * 1_000_000 / self.count)

    @property
    def tolerance(self) -> int:
        """Largest lead of `full_at` over now at which a token is left, in microseconds."""
        return (self.burst - 1) * self.interval

    @property
    def depth(self) -> timedelta:
        """Time from empty to full. After it a bucket is like a new one."""
        return timedelta(microseconds=self.burst * self.interval)

    def wait(self, full_at: int, now: int) -> int:
        """Return the milliseconds until a token is left, rounded up; 0 if there is one."""
        return max(0, -((now + self.tolerance - full_at) // 1_000))

    @classmethod
    def per_second(cls, count: float, *, burst: int) -> "Rate | None":
        """Return a rate of *count* a second; None if it is 0, which is no limit."""
        return cls(count, 1, burst) if count else None

    @classmethod
    def per_day(cls, count: int) -> "Rate | None":
        """Return a rate of *count* a day, all of which may come at once; None if it is 0."""
        return cls(count, 86_400, count) if count else None

    @classmethod
    def per_minute(cls, count: int) -> "Rate | None":
        """Return a rate of *count* a minute, all of which may come at once; None if it is 0."""
        return cls(count, 60, count) if count else None


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of all buckets. A kind without a rate is not limited."""

    connection: Mapping[Kind, Rate] = field(default_factory=dict)
    user: Mapping[Kind, Rate] = field(default_factory=dict)
    frames: Rate | None = None
    """Frames of a connection, of any kind, in one environment of the function."""
    user_frames: Rate | None = None
    """Frames of a user over all connections and environments."""
    user_daily: Rate | None = None
    """Messages, joins, changes and reads of a user, in a day."""
    strikes: Rate | None = None
    """Strikes of a user. A user above it is disconnected."""
    cooldown: timedelta = timedelta(minutes=5)
    """Time for which a disconnected user opens no connection."""

    @property
    def batched(self) -> Mapping[Kind, Rate]:
        """The rates of users whose tokens are worth less than a write."""
        found: Mapping[Kind, Rate | None] = {
            "frames": self.user_frames,
            "reads": self.user.get("reads"),
            "daily": self.user_daily,
        }
        return {kind: rate for kind, rate in found.items() if rate}

    @property
    def shared(self) -> Sequence[Rate]:
        """The rates of users, without that of strikes."""
        return (*self.user.values(), *self.batched.values())

    def per_second(self, kind: Kind) -> float | None:
        """Return how many a connection may send a second; None if it is not limited."""
        return min((rate.count / rate.seconds for rate in self._of(kind)), default=None)

    def burst(self, kind: Kind) -> int | None:
        """Return how many a connection may send at once; None if it is not limited."""
        return min((rate.burst for rate in self._of(kind)), default=None)

    def _of(self, kind: Kind) -> list[Rate]:
        return [rates[kind] for rates in (self.connection, self.user) if kind in rates]


def by_kind(
    *, messages: Rate | None, joins: Rate | None, reads: Rate | None
) -> Mapping[Kind, Rate]:
    """Return the rates that are limits; changes of a room have the rate of messages."""
    found: Mapping[Kind, Rate | None] = {
        "messages": messages,
        "joins": joins,
        "changes": messages,
        "reads": reads,
    }
    return {kind: rate for kind, rate in found.items() if rate}


def micros(moment: datetime) -> int:
    """Return the microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


class Buckets:
    """The times at which buckets are full again, by name. A dropped one counts as full."""

    def __init__(self) -> None:
        self._full_at = BoundedDict[int]()

    def full_at(self, name: str) -> int:
        """Return when a bucket is full again, as far as it is known; else 0."""
        return self._full_at.get(name, 0)

    def learn(self, name: str, full_at: int) -> None:
        """Remember when a bucket is full again. The later of two times is the true one."""
        self._full_at.put(name, max(full_at, self.full_at(name)))

    def check(self, name: str, rate: Rate, now: int) -> None:
        """Raise RateLimited if the bucket is known to be empty."""
        if wait := rate.wait(self.full_at(name), now):
            raise rate_limit_exceeded(wait)

    def take(self, name: str, rate: Rate, now: int) -> None:
        """Take a token out of a bucket of this process; raise RateLimited."""
        self.check(name, rate, now)
        self.learn(name, max(now, self.full_at(name)) + rate.interval)
