"""How fast somebody may be: token buckets, each by one number.

The number is the theoretical arrival time of the generic cell rate algorithm: when the bucket is
full again. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from chat.domain.bounded_dict import BoundedDict
from chat.errors import rate_limit_exceeded

Kind = Literal["messages", "joins", "changes", "refusals"]
"""What is counted apart; "changes" are those of a room and its people, by who keeps order there."""

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """*count* in *seconds* for ever, and up to *burst* at once by who has waited."""

    count: float
    seconds: int
    burst: int

    @property
    def interval(self) -> int:
        """Microseconds that one costs."""
        return round(self.seconds * 1_000_000 / self.count)

    @property
    def tolerance(self) -> int:
        """Microseconds by which the bucket's time may be ahead when one more comes."""
        return (self.burst - 1) * self.interval

    @property
    def depth(self) -> timedelta:
        """From empty to full: after that nobody can tell the bucket from a new one."""
        return timedelta(microseconds=self.burst * self.interval)

    def wait(self, full_at: int, now: int) -> int:
        """Milliseconds, rounded up, until one more may come; 0 is now."""
        return max(0, -((now + self.tolerance - full_at) // 1_000))

    @classmethod
    def per_second(cls, count: float, *, burst: int) -> "Rate | None":
        """Return a rate of *count* a second; None if it is 0, which is no limit."""
        return cls(count, 1, burst) if count else None

    @classmethod
    def per_minute(cls, count: int) -> "Rate | None":
        """Return a rate of *count* a minute, all of which may come at once; None if it is 0."""
        return cls(count, 60, count) if count else None


@dataclass(frozen=True, slots=True)
class Rates:
    """Which buckets there are; what is not named has none."""

    connection: Mapping[Kind, Rate] = field(default_factory=dict)
    user: Mapping[Kind, Rate] = field(default_factory=dict)
    requests: Rate | None = None
    """Of a connection, of any kind, in one environment of the function."""
    refusals: Rate | None = None
    """Of a user, for being too fast: who goes on after that is cut off."""
    rest: timedelta = timedelta(minutes=5)
    """For how long who was cut off opens no connection."""

    def per_second(self, kind: Kind) -> float | None:
        """What one connection can keep up; None where that is anything."""
        return min((rate.count / rate.seconds for rate in self._of(kind)), default=None)

    def burst(self, kind: Kind) -> int | None:
        """How many one connection may send at once; None where that is any number."""
        return min((rate.burst for rate in self._of(kind)), default=None)

    def _of(self, kind: Kind) -> list[Rate]:
        return [rates[kind] for rates in (self.connection, self.user) if kind in rates]


def by_kind(*, messages: Rate | None, joins: Rate | None) -> Mapping[Kind, Rate]:
    """Return the rates that are limits; changes of a room have the rate of messages."""
    found: Mapping[Kind, Rate | None] = {"messages": messages, "joins": joins, "changes": messages}
    return {kind: rate for kind, rate in found.items() if rate}


def micros(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


class Buckets:
    """When each bucket is full again, by its name; what is forgotten counts as full."""

    def __init__(self) -> None:
        self._full_at = BoundedDict[int]()

    def full_at(self, name: str) -> int:
        """When a bucket is full again, as far as it is known; 0 for one that is not."""
        return self._full_at.get(name, 0)

    def learn(self, name: str, full_at: int) -> None:
        """What has come is never taken back: the later time is the truer one."""
        self._full_at.put(name, max(full_at, self.full_at(name)))

    def check(self, name: str, rate: Rate, now: int) -> None:
        """Refuse what would be too much for sure; raises `RateLimited`."""
        if wait := rate.wait(self.full_at(name), now):
            raise rate_limit_exceeded(wait)

    def take(self, name: str, rate: Rate, now: int) -> None:
        """Take one out of a bucket of this process's own; raises `RateLimited`."""
        self.check(name, rate, now)
        self.learn(name, max(now, self.full_at(name)) + rate.interval)
