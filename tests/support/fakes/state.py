"""Who is what in which room, in memory: what the fakes of the stores share."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from chat.domain.membership import Membership
from chat.errors import Raced


@dataclass
class Book:
    """Standings, visits, invites, and the rooms that have ended."""

    closed: set[str] = field(default_factory=set)
    memberships: dict[tuple[str, str], Membership] = field(default_factory=dict)
    visits: dict[tuple[str, str], datetime] = field(default_factory=dict)
    invites: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    _versions: Iterator[int] = field(default_factory=count)

    def membership(self, room_id: str, user_id: str) -> Membership:
        """How a user stands in a room."""
        return self.memberships.get((room_id, user_id), Membership(room_id, user_id))

    def check(self, membership: Membership) -> None:
        """Refuse what was read before it changed."""
        if self.membership(membership.room_id, membership.user_id).version != membership.version:
            raise Raced

    def keep(self, membership: Membership) -> None:
        """Remember it, under a new version; forget what is plain."""
        key = (membership.room_id, membership.user_id)
        self.memberships.pop(key, None)
        if not membership.is_plain:
            self.memberships[key] = replace(membership, version=str(next(self._versions)))

    def visit(self, room_id: str, user_id: str, until: datetime) -> None:
        """Remember that a user was in a room."""
        self.visits[room_id, user_id] = until

    def uses(self, room_id: str, invite: str, now: datetime) -> int:
        """How often an invite may still be used."""
        expires_at, uses = self.invites.get((room_id, invite), (now, 0))
        return uses if expires_at > now else 0

    def use(self, room_id: str, invite: str) -> None:
        """Use an invite once."""
        expires_at, uses = self.invites[room_id, invite]
        self.invites[room_id, invite] = (expires_at, uses - 1)
