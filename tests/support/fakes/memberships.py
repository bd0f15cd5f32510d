"""Memberships in memory."""

from dataclasses import replace

from chat.domain.membership import Membership, places
from chat.domain.pages import Listing
from chat.errors import last_owner
from tests.support.fakes.state import State

PAGE = 100


class FakeMemberships:
    """The Memberships port."""

    def __init__(self, state: State, *, memberships_per_room: int) -> None:
        self._state = state
        self._memberships_per_room = memberships_per_room

    def of(self, room_id: str, user_id: str) -> Membership:
        """Return a user's membership, without a mute that has ended."""
        found = self._state.membership(room_id, user_id)
        if found.muted_until and found.muted_until <= self._state.clock.now():
            return replace(found, muted_until=None)
        return found

    def change(self, old: Membership, new: Membership, *, by: Membership) -> None:
        """Replace *old* by *new* if neither *old* nor *by* has changed."""
        self._state.require_unchanged(old)
        self._state.require_unchanged(by)
        self._state.room(old.room_id)
        memberships = self._state.memberships.items()
        owners = sum(it.is_owner for (room_id, _), it in memberships if room_id == old.room_id)
        if old.is_owner and not new.is_owner and owners == 1:
            raise last_owner()
        if new.is_permanent and not old.is_permanent:
            limit = places(self._memberships_per_room, for_owner=by.is_owner)
            self._state.require_space(old.room_id, limit=limit)
        self._state.set_membership(new)
        if not new.role and (old.role or new.banned or replace(old, name=new.name) == new):
            self._state.visits.pop((new.room_id, new.user_id), None)

    def listed(self, room_id: str, *, banned: bool, cursor: str | None) -> Listing[Membership]:
        """Return up to 100 of the users with a role in a room, or of those banned from it."""
        found = sorted(
            user_id
            for (id_, user_id), it in self._state.memberships.items()
            if id_ == room_id and (it.banned if banned else it.role) and user_id > (cursor or "")
        )
        page = tuple(self.of(room_id, user_id) for user_id in found[:PAGE])
        return Listing(page, cursor=found[PAGE - 1] if len(found) > PAGE else None)
