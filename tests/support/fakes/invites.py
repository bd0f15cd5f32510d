"""Invites in memory."""

from chat.domain.invites import INVITES_PER_ROOM
from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.errors import too_many_invites
from chat.protocol import Invite
from tests.support.fakes.state import State

PAGE = 50


class FakeInvites:
    """The Invites port."""

    def __init__(self, state: State, *, invites_per_room: int = INVITES_PER_ROOM) -> None:
        self._state = state
        self._invites_per_room = invites_per_room

    def create(self, room_id: str, invite: Invite, *, by: Membership) -> None:
        """Store an invite, up to the limit of a room."""
        invites = self._state.invites.items()
        if sum(id_ == room_id and self._state.is_open(it) for (id_, _), it in invites) >= (
            self._invites_per_room
        ):
            raise too_many_invites(self._invites_per_room)
        self._state.room(room_id)
        self._state.require_unchanged(by)
        self._state.invites[room_id, invite.invite_id] = invite

    def listed(self, room_id: str, *, cursor: str | None) -> Listing[Invite]:
        """Return the open invites among the next 50."""
        ids = sorted(id_ for room, id_ in self._state.invites if room == room_id)
        read = [id_ for id_ in ids if id_ > (cursor or "")]
        page = (self._state.invites[room_id, id_] for id_ in read[:PAGE])
        live = tuple(invite for invite in page if self._state.is_open(invite))
        return Listing(live, cursor=read[PAGE - 1] if len(read) > PAGE else None)

    def revoke(self, room_id: str, invite_id: str, *, by: Membership) -> bool:
        """Delete an invite; return whether there was one."""
        self._state.room(room_id)
        self._state.require_unchanged(by)
        return self._state.invites.pop((room_id, invite_id), None) is not None
