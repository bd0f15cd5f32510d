"""Who is what in which room, in memory: what the fakes of the stores share."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from chat.domain.membership import Standing
from chat.errors import Raced


@dataclass
class Book:
    """Standings, visits, invites, and the rooms that have ended."""

    closed: set[str] = field(default_factory=set)
    standings: dict[tuple[str, str], Standing] = field(default_factory=dict)
    visits: dict[tuple[str, str], datetime] = field(default_factory=dict)
    invites: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    _versions: Iterator[int] = field(default_factory=count)

    def standing(self, room_id: str, user_id: str) -> Standing:
        """How a user stands in a room."""
        return self.standings.get((room_id, user_id), Standing(room_id, user_id))

    def check(self, standing: Standing) -> None:
        """Refuse what was read before it changed."""
        if self.standing(standing.room_id, standing.user_id).version != standing.version:
            raise Raced

    def keep(self, standing: Standing) -> None:
        """Remember it, under a new version; forget what is plain."""
        key = (standing.room_id, standing.user_id)
        self.standings.pop(key, None)
        if not standing.is_plain:
            self.standings[key] = replace(standing, version=str(next(self._versions)))

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
