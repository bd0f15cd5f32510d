"""Standings and Directory in memory, beside `FakeRooms`."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.errors import Forbidden
from chat.ports import Clock
from chat.protocol import ListedRoom, Role, Room
from tests.support.fakes.rooms import FakeRooms

PAGE = 100


class FakeMemberships:
    """Who may do what in which room."""

    def __init__(self, rooms: FakeRooms, clock: Clock) -> None:
        self._rooms = rooms
        self._book = rooms.book
        self._clock = clock

    def of(self, room_id: str, user_id: str) -> Membership:
        """How a user stands in a room."""
        found = self._book.membership(room_id, user_id)
        if found.muted_until and found.muted_until <= self._clock.now():
            return Membership(
                room_id, user_id, found.name, found.role, found.banned, version=found.version
            )
        return found

    def change(self, old: Membership, new: Membership, *, by: Membership) -> None:
        """Replace *old*, if it and *by* are still so, by *new*."""
        self._book.check(old)
        self._book.check(by)
        self._rooms.room(old.room_id)
        owners = sum(
            s.is_owner for (id_, _), s in self._book.memberships.items() if id_ == old.room_id
        )
        if old.is_owner and not new.is_owner and owners == 1:
            raise Forbidden("a room keeps one owner: make somebody else owner first, or delete it")
        self._book.keep(new)
        if not new.role and (
            old.role or new.banned or dataclasses.replace(old, name=new.name) == new
        ):
            self._book.visits.pop((new.room_id, new.user_id), None)

    def listed(self, room_id: str, *, banned: bool, cursor: str | None) -> Listing[Membership]:
        """Who has a role in a room, or who is banned from it."""
        found = sorted(
            user_id
            for (id_, user_id), s in self._book.memberships.items()
            if id_ == room_id and (s.banned if banned else s.role) and user_id > (cursor or "")
        )
        people = tuple(self.of(room_id, user_id) for user_id in found[:PAGE])
        return Listing(people, cursor=found[PAGE - 1] if len(found) > PAGE else None)


class FakeDirectory:
    """The rooms there are."""

    def __init__(self, rooms: FakeRooms, clock: Clock) -> None:
        self._rooms = rooms
        self._book = rooms.book
        self._clock = clock

    def mine(self, user_id: str, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """The rooms that a user has a role in, or has visited and not left for good."""
        now = self._clock.now()
        own: dict[str, Role | None] = {
            room_id: None
            for (room_id, visitor), until in self._book.visits.items()
            if visitor == user_id and until > now
        }
        for (room_id, member), membership in self._book.memberships.items():
            if member == user_id and membership.role:
                own[room_id] = membership.role
        return self._page(own, cursor=cursor, limit=limit)

    def public(self, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """The public rooms, by roomId."""
        rooms = self._rooms.rooms_by_id().values()
        ids: dict[str, Role | None] = {r.room_id: None for r in rooms if r.visibility == "public"}
        return self._page(ids, cursor=cursor, limit=limit)

    def update(self, room_id: str, *, name: str | None, publish: bool, by: Membership) -> Room:
        """Rename a room, or make it public."""
        room = self._rooms.room(room_id)
        self._book.check(by)
        room = replace(room, name=name or room.name)
        if publish:
            room = replace(room, visibility="public")
        self._rooms.replace_room(room)
        return room

    def invite(
        self, room_id: str, secret: str, *, expires_at: datetime, uses: int, by: Membership
    ) -> None:
        """Let *secret* open a room until then, that many times."""
        self._rooms.room(room_id)
        self._book.check(by)
        self._book.invites[room_id, secret] = (expires_at, uses)

    def close(self, room_id: str, *, by: Membership) -> None:
        """End a room for ever."""
        if room_id not in self._book.closed:
            self._book.check(by)
        self._book.closed.add(room_id)

    def purge(self, room_id: str, *, last: str) -> bool:
        """Delete what a closed room has left."""
        self._rooms.purge(room_id)
        for key in [key for key in self._book.memberships if key[0] == room_id]:
            del self._book.memberships[key]
        self._book.visits.pop((room_id, last), None)
        return True

    def _page(
        self, own: Mapping[str, Role | None], *, cursor: str | None, limit: int
    ) -> Listing[ListedRoom]:
        ids = sorted(room_id for room_id in own if room_id > (cursor or ""))
        rooms = self._rooms.rooms_by_id()
        entries = (ListedRoom(room=rooms[i], role=own[i]) for i in ids[:limit] if i in rooms)
        return Listing(tuple(entries), cursor=ids[limit - 1] if len(ids) > limit else None)
