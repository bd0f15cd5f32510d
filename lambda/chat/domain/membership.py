"""What a user is in a room, and what that lets them do."""

from dataclasses import dataclass
from datetime import datetime

from chat.domain.clock import wire
from chat.protocol import Member, Role

_RANKS: dict[Role | None, int] = {None: 0, "member": 1, "moderator": 2, "owner": 3}


@dataclass(frozen=True, slots=True)
class Membership:
    """One user in one room, whether they are there or not; two devices of a user share it."""

    room_id: str
    user_id: str
    name: str = ""
    role: Role | None = None
    """None: nobody in particular, who may be in a public room and in no private one."""
    banned: bool = False
    muted_until: datetime | None = None
    version: str = ""
    """Differs after each change; empty while nothing is kept."""

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.role or self.banned or self.muted_until)

    @property
    def can_moderate(self) -> bool:
        """Whether this is an owner or a moderator."""
        return _RANKS[self.role] >= _RANKS["moderator"]

    @property
    def is_owner(self) -> bool:
        """Whether this is an owner."""
        return self.role == "owner"

    def outranks(self, other: "Membership") -> bool:
        """Whether this user may put *other* out, mute them, and the like."""
        return self.can_moderate and _RANKS[self.role] > _RANKS[other.role]

    @property
    def member(self) -> Member:
        """The user as the room sees them."""
        return Member(
            user_id=self.user_id,
            name=self.name or self.user_id,
            role=None if self.role == "member" else self.role,
            muted_until=wire(self.muted_until) if self.muted_until else None,
        )
