"""Memberships: what a user is in a room, and what that allows."""

from dataclasses import dataclass, replace
from datetime import datetime

from chat.domain.clock import wire
from chat.protocol import Member, Role

MEMBERSHIPS_PER_ROOM = 20_000
"""Users who may have a role in a room or be banned from it. Visitors and mutes are not counted."""

OWNERS_SHARE = 20
"""One in so many of these places is for owners alone, so that moderators cannot use up all."""

ROLES: dict[str, Role] = {"owner": "owner", "moderator": "moderator", "member": "member"}
"""Roles that this version knows, by what is stored."""

_RANKS: dict[Role | None, int] = {None: 0, "member": 1, "moderator": 2, "owner": 3}


@dataclass(frozen=True, slots=True)
class Membership:
    """A user's role, ban and mute in a room, which all of the user's connections share.

    The user need not be connected.
    """

    room_id: str
    user_id: str
    name: str = ""
    role: Role | None = None
    """None for a visitor, who may join a public room but not a private one."""
    later_role: str = ""
    """Role of a later version, which permits nothing here. It is kept and counted."""
    banned: bool = False
    muted_until: datetime | None = None
    version: str = ""
    """Differs after each change; empty if no membership is stored."""

    @property
    def is_default(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.is_permanent or self.muted_until)

    @property
    def is_permanent(self) -> bool:
        """Whether the membership is kept without an expiry: a role or a ban, not only a mute."""
        return bool(self.stored_role or self.banned)

    @property
    def stored_role(self) -> str | None:
        """The role as it is stored, which a later version may have written."""
        return self.role or self.later_role or None

    @property
    def can_moderate(self) -> bool:
        """Whether the user is an owner or a moderator."""
        return _RANKS[self.role] >= _RANKS["moderator"]

    @property
    def is_owner(self) -> bool:
        """Whether the user is an owner."""
        return self.role == "owner"

    def outranks(self, other: "Membership") -> bool:
        """Return whether this user may kick, ban or mute the user of *other*.

        A role of a later version may have any rank, so only owners outrank it.
        """
        lowest = _RANKS["moderator" if other.later_role else other.role]
        return self.can_moderate and _RANKS[self.role] > lowest

    def with_role(self, role: Role | None) -> "Membership":
        """Return the membership with another role."""
        return replace(self, role=role, later_role="")

    @property
    def member(self) -> Member:
        """The user as the room's events and lists show them."""
        return Member(
            user_id=self.user_id,
            name=self.name or self.user_id,
            role=None if self.role == "member" else self.role,
            muted_until=wire(self.muted_until) if self.muted_until else None,
        )


def places(limit: int, *, for_owner: bool) -> int:
    """Return how many roles and bans a room may have when an owner, or another user, adds one."""
    return limit if for_owner else limit - limit // OWNERS_SHARE
