"""Token buckets in one process's memory, and what it knows of those elsewhere."""

from chat.domain.bounded_dict import Recent
from chat.domain.rate_limit import Rate
from chat.errors import RateLimited


class Buckets:
    """When each bucket is full again, by its name; what is forgotten counts as full."""

    def __init__(self) -> None:
        self._full_at = Recent[int]()

    def full_at(self, name: str) -> int:
        """When a bucket is full again, as far as it is known; 0 for one that is not."""
        return self._full_at.get(name, 0)

    def learn(self, name: str, full_at: int) -> None:
        """What has come is never taken back: the later time is the truer one."""
        self._full_at.put(name, max(full_at, self.full_at(name)))

    def check(self, name: str, rate: Rate, now: int) -> None:
        """Refuse what would be too much for sure; raises `RateLimited`."""
        if wait := rate.wait(self.full_at(name), now):
            raise too_fast(wait)

    def take(self, name: str, rate: Rate, now: int) -> None:
        """Take one out of a bucket of this process's own; raises `RateLimited`."""
        self.check(name, rate, now)
        self.learn(name, max(now, self.full_at(name)) + rate.interval)


def too_fast(wait_ms: int) -> RateLimited:
    """Too much at once."""
    return RateLimited(f"too much at once: again in {wait_ms} ms", retry_after_ms=wait_ms)
