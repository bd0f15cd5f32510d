"""What the ports give and take: connections, the people of a room, pages, deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chat.domain.clock import CONNECTION_KEPT, CONNECTION_LIFE
from chat.protocol import Member


@dataclass(frozen=True, slots=True)
class TokenId:
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
    token_expires_at: datetime | None = None
    """When the token ends that it was opened with; None for guests, who have none."""
    tokens: frozenset[TokenId] = frozenset()
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
        return min(end, self.token_expires_at) if self.token_expires_at else end


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One connection in a room's audience."""

    connection_id: str
    member: Member
    joined_at: str


def members(audience: Sequence[Subscriber]) -> tuple[Member, ...]:
    """The people in an audience, once each, in the order they came; their first name counts."""
    people: dict[str, Member] = {}
    for attendee in audience:
        people.setdefault(attendee.member.user_id, attendee.member)
    return tuple(people.values())
