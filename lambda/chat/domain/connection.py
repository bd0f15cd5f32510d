"""Connections, and the subscribers of rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chat.domain.clock import CONNECTION_KEPT, CONNECTION_LIFE
from chat.protocol import Member

FIRST_PAUSE = timedelta(seconds=30)
"""Time until a connection that could not be closed is tried again.

It is shorter than the minute between two runs, so that the next run tries it.
"""


@dataclass(frozen=True, slots=True)
class TokenId:
    """The identity of a token: a digest of what its issuer has signed, and its expiry."""

    digest: str
    expires_at: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """An open WebSocket and its user."""

    connection_id: str
    member: Member
    connected_at: datetime
    rooms: frozenset[str] = field(default_factory=frozenset)
    token_expires_at: datetime | None = None
    """End of the token that opened or renewed it; None for guests, who have none."""
    tokens: frozenset[TokenId] = frozenset()
    """Tokens that opened and renewed it."""
    muted: Mapping[str, datetime] = field(default_factory=dict, hash=False)
    """Rooms in which its user may not speak, and until when."""

    @property
    def expires_at(self) -> datetime:
        """The time at which it ends for its client, at the latest."""
        return self._until(CONNECTION_LIFE)

    @property
    def record_expires_at(self) -> datetime:
        """The time at which its items stop counting if its `$disconnect` is lost."""
        return self._until(CONNECTION_KEPT)

    def _until(self, life: timedelta) -> datetime:
        end = self.connected_at + life
        return min(end, self.token_expires_at) if self.token_expires_at else end


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A connection in a room."""

    connection_id: str
    member: Member
    joined_at: str


def next_closing(expired_at: datetime, now: datetime) -> datetime:
    """Return when to try again to close a connection. The pause doubles with each attempt."""
    return now + max(now - expired_at, FIRST_PAUSE)


def members_of(subscribers: Sequence[Subscriber]) -> tuple[Member, ...]:
    """Return the users among subscribers, once each, in the order they joined.

    A user with several connections has the name of the first.
    """
    found: dict[str, Member] = {}
    for subscriber in subscribers:
        found.setdefault(subscriber.member.user_id, subscriber.member)
    return tuple(found.values())
