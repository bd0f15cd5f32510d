"""The clock, the deadline, and the ways to other connections, in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chat.domain.delivery import Delivery


@dataclass
class FakeClock:
    """A clock that a test moves."""

    time: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""
        return self.time

    def advance(self, **delta: float) -> None:
        """Let time pass."""
        self.time += timedelta(**delta)


@dataclass
class FakeDeadline:
    """The end of an invocation's time: over after *checks* questions, or never."""

    checks: int | None = None

    def is_over(self) -> bool:
        """Return whether the time is over."""
        if self.checks is None:
            return False
        self.checks -= 1
        return self.checks < 0


@dataclass
class FakePush:
    """Remembers the frames of each connection. Connections in `closed` are gone."""

    heard: dict[str, list[bytes]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    """Connections that cannot be closed."""
    posts: int = 0

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Deliver at once to connections that are open."""
        ids = tuple(connection_ids)
        self.posts += len(ids)
        gone = tuple(id_ for id_ in ids if id_ in self.closed)
        for id_ in ids:
            if id_ not in self.closed:
                self.heard.setdefault(id_, []).append(frame)
        return Delivery(delivered=len(ids) - len(gone), gone=gone, failed=())

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """End at once whatever is open, and not stuck."""
        ids = tuple(connection_ids)
        gone = tuple(id_ for id_ in ids if id_ in self.closed)
        failed = tuple(id_ for id_ in ids if id_ in self.stuck)
        self.closed.update(set(ids) - self.stuck)
        return Delivery(delivered=len(ids) - len(gone) - len(failed), gone=gone, failed=failed)


@dataclass
class FakeFanOutQueue:
    """Remembers what it took; takes nothing while it is down."""

    taken: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    tries: list[int] = field(default_factory=list)
    down: bool = False

    def enqueue(
        self, room_id: str, connection_ids: Sequence[str], frame: bytes, *, tries: int = 0
    ) -> Sequence[str]:
        """Take all, or nothing."""
        if self.down:
            return connection_ids
        self.taken.append((room_id, tuple(connection_ids), frame))
        self.tries.append(tries)
        return ()


class Throttled(FakePush):
    """A gateway that delivers only to the connections in `reached`."""

    reached: tuple[str, ...] = ()

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:  # noqa: ARG002 - the port's
        """Deliver to the connections in `reached`."""
        ids = tuple(connection_ids)
        failed = tuple(id_ for id_ in ids if id_ not in self.reached)
        return Delivery(delivered=len(ids) - len(failed), gone=(), failed=failed)
