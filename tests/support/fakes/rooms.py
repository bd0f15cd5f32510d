"""Rooms, joins and subscribers in memory, held to the same contract as the real adapters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from msgspec.structs import replace as replace_struct

from chat.domain.clock import wire
from chat.domain.connection import Connection, Subscriber
from chat.domain.membership import Membership, places
from chat.domain.pages import Listing
from chat.errors import Conflict, Forbidden, RoomNotFound, invite_not_valid, room_id_taken
from chat.protocol import Invite, ListedRoom, Role, Room, Visibility
from tests.support.fakes.state import State, as_shown

VISIT_KEPT = ROOM_ID_KEPT = timedelta(days=90)


class FakeRooms:
    """The Rooms port."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, room_id: str) -> Room:
        """Return a room; raise RoomNotFound."""
        return self._state.room(room_id)

    def of_user(self, user_id: str, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """Return a page of the rooms in which a user has a role, or that they have visited."""
        own: dict[str, Role | None] = {
            room_id: None
            for (room_id, visitor), until in self._state.visits.items()
            if visitor == user_id and until > self._state.clock.now()
        }
        for (room_id, member), membership in self._state.memberships.items():
            if member == user_id and membership.role:
                own[room_id] = membership.role
        return self._page(own, cursor=cursor, limit=limit)

    def public(self, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """Return a page of the public rooms, by roomId."""
        rooms = self._state.open_rooms().values()
        ids: dict[str, Role | None] = {r.room_id: None for r in rooms if r.visibility == "public"}
        return self._page(ids, cursor=cursor, limit=limit)

    def update(self, room_id: str, *, name: str | None, publish: bool, by: Membership) -> Room:
        """Rename a room or make it public."""
        room = self.get(room_id)
        self._state.require_unchanged(by)
        room = replace_struct(room, name=name or room.name)
        if publish:
            room = replace_struct(room, visibility="public")
        self._state.rooms[room_id] = room
        return room

    def close(self, room_id: str, *, by: Membership) -> bool:
        """End a room permanently; return whether this call ended it."""
        if room_id in self._state.closed:
            return False
        self._state.require_unchanged(by)
        self._state.closed.add(room_id)
        return True

    def purge(self, room_id: str, *, last: str) -> bool:
        """Delete what a closed room has left."""
        self._state.logs.pop(room_id, None)
        stored: tuple[dict[tuple[str, str], Any], ...]
        stored = (self._state.memberships, self._state.invites)
        for items in stored:
            for key in [key for key in items if key[0] == room_id]:
                del items[key]
        self._state.visits.pop((room_id, last), None)
        self._state.free_again.setdefault(room_id, self._state.clock.now() + ROOM_ID_KEPT)
        return True

    def _page(
        self, own: Mapping[str, Role | None], *, cursor: str | None, limit: int
    ) -> Listing[ListedRoom]:
        ids = sorted(room_id for room_id in own if room_id > (cursor or ""))
        rooms = self._state.open_rooms()
        entries = (ListedRoom(room=rooms[i], role=own[i]) for i in ids[:limit] if i in rooms)
        return Listing(tuple(entries), cursor=ids[limit - 1] if len(ids) > limit else None)


class FakeRoomTransactions:
    """The RoomTransactions port."""

    def __init__(
        self,
        state: State,
        *,
        rooms_per_connection: int,
        rooms_per_user: int,
        memberships_per_room: int,
    ) -> None:
        self._state = state
        self._rooms_per_connection = rooms_per_connection
        self._rooms_per_user = rooms_per_user
        self._memberships_per_room = memberships_per_room

    def create_room(
        self, room_id: str, name: str, *, creator: Connection, visibility: Visibility = "public"
    ) -> Room:
        """Create a room, with its creator as owner and first subscriber."""
        free_again = self._state.free_again.get(room_id)
        if room_id in self._state.rooms and not self._state.is_over(free_again):
            raise room_id_taken()
        user, today = creator.member, self._state.clock.now().date().isoformat()
        rooms = self._state.open_rooms().values()
        if sum(room.created_by == user.user_id for room in rooms) >= self._rooms_per_user:
            raise Forbidden("too many rooms created")
        if self._state.created[user.user_id, today] >= 2 * self._rooms_per_user:
            raise Forbidden("too many rooms created in a day")
        room = Room(
            room_id=room_id,
            name=name,
            created_by=user.user_id,
            created_at=wire(self._state.clock.now()),
            last_seq=0,
            epoch=f"epoch-{room_id}",
            visibility=visibility,
        )
        owner = Membership(room_id, user.user_id, name=user.name, role="owner")
        self._subscribe(owner, creator)
        self._state.rooms[room_id] = room
        self._state.closed.discard(room_id)
        self._state.free_again.pop(room_id, None)
        self._state.created[user.user_id, today] += 1
        self._state.set_membership(owner)
        return room

    def join(
        self,
        room_id: str,
        *,
        connection: Connection,
        membership: Membership,
        invite: str | None = None,
    ) -> Invite | None:
        """Subscribe a connection to a room; return the invite that was used."""
        try:
            return self._join(room_id, connection=connection, membership=membership, invite=invite)
        except RoomNotFound:
            if invite and not membership.role:
                raise invite_not_valid() from None
            raise

    def leave(self, room_id: str, *, connection: Connection) -> None:
        """Unsubscribe a connection from a room."""
        self._state.unsubscribe(room_id, connection.connection_id)

    def _join(
        self, room_id: str, *, connection: Connection, membership: Membership, invite: str | None
    ) -> Invite | None:
        room, user, state = self._state.room(room_id), connection.member, self._state
        current = state.membership(room_id, user.user_id)
        if current.version != membership.version:
            raise Conflict
        private = room.visibility == "private"
        if current.banned:
            raise RoomNotFound if private else Forbidden("you are banned from this room")
        muted = current.muted_until and not state.is_over(current.muted_until)
        used = state.open_invite(room_id, invite) if private and invite else None
        if used and not current.role:
            limit = places(self._memberships_per_room, for_owner=False)
            state.require_space(room_id, limit=limit)
            current = replace(current, name=current.name if muted else user.name, role="member")
            self._subscribe(current, connection)
            state.use_invite(room_id, used)
            state.set_membership(current)
        elif private and not current.role:
            raise RoomNotFound
        else:
            used = None
            self._subscribe(current, connection)
            if current.version and current.name != user.name and not muted:
                state.set_membership(replace(current, name=user.name))
        state.visits[room_id, user.user_id] = state.clock.now() + VISIT_KEPT
        return used

    def _subscribe(self, membership: Membership, connection: Connection) -> None:
        current, room_id = self._state.connection(connection.connection_id), membership.room_id
        if len(current.rooms) >= self._rooms_per_connection:
            raise Forbidden("too many rooms")
        now = self._state.clock.now()
        muted = membership.muted_until and membership.muted_until > now
        name = membership.name if muted else current.member.name
        member = as_shown(replace_struct(current.member, name=name), membership)
        subscriber = Subscriber(current.connection_id, member, wire(now))
        subscribers = self._state.subscribers.setdefault(room_id, {})
        subscribers[current.connection_id] = (subscriber, current.record_expires_at)
        self._state.mute(replace(current, rooms=current.rooms | {room_id}), membership)


class FakeSubscribers:
    """The Subscribers port."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, room_id: str, *, limit: int | None = None) -> Sequence[Subscriber]:
        """Return a room's live subscribers in the order they joined; the first *limit*."""
        found = self._state.subscribers.get(room_id, {}).values()
        live = [subscriber for subscriber, end in found if not self._state.is_over(end)]
        return sorted(live, key=lambda it: (it.joined_at, it.connection_id))[:limit]

    def member_count(self, room_id: str) -> int:
        """Return the number of users in a room."""
        return len({subscriber.member.user_id for subscriber in self.of(room_id)})

    def last_member_count(self, room_id: str) -> int:
        """Return the number of users in a room."""
        return self.member_count(room_id)

    def remove(self, room_id: str, connection_id: str) -> Subscriber | None:
        """Delete a subscriber; return it, or None."""
        return self._state.remove_subscriber(room_id, connection_id)

    def unsubscribe_user(self, room_id: str, user_id: str) -> Sequence[str]:
        """Unsubscribe all connections of a user from a room; return their ids."""
        ids = self._state.subscribed_ids(room_id, user_id)
        self.unsubscribe_all(room_id, ids)
        return ids

    def unsubscribe_all(self, room_id: str, connection_ids: Iterable[str]) -> None:
        """Unsubscribe connections from a room."""
        for id_ in connection_ids:
            self._state.unsubscribe(room_id, id_)

    def display_name(self, room_id: str, user_id: str) -> str | None:
        """Return a user's name in a room, or None."""
        for id_ in self._state.subscribed_ids(room_id, user_id):
            return self._state.connections[id_].member.name
        return None

    def set_membership(self, membership: Membership) -> Sequence[str]:
        """Copy a membership to its user's connections in the room; return their ids."""
        room_id = membership.room_id
        subscribers = self._state.subscribers.get(room_id, {})
        for id_, (subscriber, end) in subscribers.items():
            if subscriber.member.user_id == membership.user_id:
                member = as_shown(subscriber.member, membership)
                subscribers[id_] = (replace(subscriber, member=member), end)
                self._state.mute(self._state.connections[id_], membership)
        return self._state.subscribed_ids(room_id, membership.user_id)
