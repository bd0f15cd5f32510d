"""What the ports give and take: connections, the people of a room, pages, deliveries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chat.domain.clock import CONNECTION_KEPT, CONNECTION_LIFE
from chat.protocol import Member, Message

Entry = TypeVar("Entry", covariant=True)


@dataclass(frozen=True, slots=True)
class TokenMark:
    """By what a token is known again: a digest of what its issuer has signed, and its end."""

    id: str
    ends_at: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """One open socket and who holds it."""

    connection_id: str
    member: Member
    connected_at: datetime
    rooms: frozenset[str] = field(default_factory=frozenset)
    rights_end: datetime | None = None
    """When the token ends that it was opened with; None for guests, who have none."""
    tokens: frozenset[TokenMark] = frozenset()
    """Those that it was opened and renewed with."""
    muted: Mapping[str, datetime] = field(default_factory=dict, hash=False)
    """Rooms in which its user may not speak, and until when."""

    @property
    def ends_at(self) -> datetime:
        """When it is over for its client, at the latest."""
        return self._until(CONNECTION_LIFE)

    @property
    def kept_until(self) -> datetime:
        """When its items stop counting, should its `$disconnect` be lost."""
        return self._until(CONNECTION_KEPT)

    def _until(self, life: timedelta) -> datetime:
        end = self.connected_at + life
        return min(end, self.rights_end) if self.rights_end else end


@dataclass(frozen=True, slots=True)
class Attendee:
    """One connection in a room's audience."""

    connection_id: str
    member: Member
    joined_at: str


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in seq order, and whether the log goes on in the direction they were read."""

    messages: tuple[Message, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[Entry]):
    """A page of a list, and where the list goes on, if it does."""

    entries: tuple[Entry, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one frame's posts."""

    delivered: int
    gone: tuple[str, ...]
    """Connections that no longer exist: forget them."""
    failed: tuple[str, ...]
    """Out of retries or out of time: they will catch up by seq."""
