"""Rooms in DynamoDB: read, listed, renamed, published, and deleted."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain, islice

from chat.domain.clock import Clock
from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.dynamodb import item_keys, items, room_writes
from chat.dynamodb.expressions import Changes, Condition, Item
from chat.dynamodb.room_writes import ROOM_EXISTS, is_open_room
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.errors import RoomNotFound
from chat.protocol import ListedRoom, Room

MAX_PURGED = 1_000
"""Items that one call of `purge` deletes, at 25 a request: about a second."""


class DynamoRooms:
    """The rooms in the table of rooms."""

    def __init__(self, rooms: Table, *, clock: Clock) -> None:
        self._table = rooms
        self._clock = clock

    def get(self, room_id: str) -> Room:
        """Return a room as it is now; raise RoomNotFound."""
        return find_room(self._table, room_id)

    def of_user(self, user_id: str, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """Return a page of the rooms in which a user has a role, or that they have visited."""
        return self._list(item_keys.own_room_key(user_id, ""), cursor=cursor, limit=limit)

    def public(self, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """Return a page of the public rooms, by roomId."""
        return self._list(item_keys.public_room_key(""), cursor=cursor, limit=limit)

    def update(self, room_id: str, *, name: str | None, publish: bool, by: Membership) -> Room:
        """Rename a room or make it public; raise RoomNotFound, or Conflict if *by* has changed."""
        given = {"name": name, "visibility": "public" if publish else None}
        sets = {attribute: value for attribute, value in given.items() if value}
        if sets:
            tx = Transaction(self._table.client)
            key = item_keys.room_key(room_id)
            tx.update(
                self._table,
                key,
                Changes(sets=sets),
                condition=ROOM_EXISTS,
                otherwise=RoomNotFound,
            )
            room_writes.require_unchanged(tx, self._table, by)
            if publish:
                room_writes.add_public(tx, self._table, room_id)
            tx.commit()
        if room := self._find([room_id]).get(room_id):
            return room
        raise RoomNotFound

    def close(self, room_id: str, *, by: Membership) -> bool:
        """End a room permanently; raise Conflict if *by* has changed.

        Returns whether this call ended it. A repeated call does nothing.
        """
        room = self._find([room_id]).get(room_id)
        if room is None:
            return False
        tx = Transaction(self._table.client)
        tx.update(
            self._table,
            item_keys.room_key(room_id),
            Changes(sets={"deletedAt": items.epoch_seconds(self._clock.now())}),
            condition=ROOM_EXISTS,
            otherwise=RoomNotFound,
        )
        room_writes.require_unchanged(tx, self._table, by)
        room_writes.decrement_created(tx, self._table, room.created_by)
        tx.delete(self._table, item_keys.public_room_key(room_id))
        try:
            tx.commit()
        except RoomNotFound:  # another owner has just ended it
            return False
        return True

    def purge(self, room_id: str, *, last: str) -> bool:
        """Delete up to 1,000 items of a closed room; return whether nothing is left.

        Deletes the membership of user *last* at the end.
        """
        kept = [item_keys.room_key(room_id), item_keys.membership_key(room_id, last)]
        found = self._table.query(
            "pk = :room", {":room": kept[0]["pk"]}, ProjectionExpression="pk, sk"
        )
        keys = chain.from_iterable(_with_pointer(key) for key in found if key not in kept)
        left = list(islice(keys, MAX_PURGED + 1))
        self._table.delete_many(left[:MAX_PURGED])
        if len(left) > MAX_PURGED:
            return False
        self._let_id_expire(kept[0])
        self._table.delete_many([kept[1], item_keys.own_room_key(last, room_id)])
        return True

    def _let_id_expire(self, key: Item) -> None:
        """Let the item of a closed room expire. It is all that is left of the room."""
        expires_at = items.epoch_seconds(self._clock.now() + items.ROOM_ID_KEPT)
        is_closed = Condition("attribute_exists(deletedAt)")
        with suppress(ConditionFailedError):  # the id has expired, and another room has it
            self._table.update(
                key, Changes(defaults={"expiresAt": expires_at}), condition=is_closed
            )

    def _list(self, prefix: Item, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """Return a page of pointers to rooms, with those rooms that still exist."""
        found = self._table.query_after(prefix, cursor, limit=limit + 1)
        now = self._clock.now()
        pointers = list(islice((p for p in found if items.is_live(p, now)), limit + 1))
        page = {p["sk"].removeprefix(prefix["sk"]): items.known_role(p) for p in pointers[:limit]}
        rooms = self._find(page)
        entries = (ListedRoom(room=rooms[id_], role=page[id_]) for id_ in page if id_ in rooms)
        return Listing(tuple(entries), cursor=[*page][-1] if len(pointers) > limit else None)

    def _find(self, room_ids: Iterable[str]) -> Mapping[str, Room]:
        """Return those of up to 100 rooms that exist, as they are now."""
        found = self._table.get_many([item_keys.room_key(room_id) for room_id in room_ids])
        rooms = (items.to_room(item) for item in found if is_open_room(item))
        return {room.room_id: room for room in rooms}


def find_room(rooms: Table, room_id: str) -> Room:
    """Return a room as it is now; raise RoomNotFound."""
    return open_room(rooms.get(item_keys.room_key(room_id)))


def open_room(item: Item | None) -> Room:
    """Return the room in an item; raise RoomNotFound if there is none or the room was deleted."""
    if not is_open_room(item):
        raise RoomNotFound
    return items.to_room(item)


def _with_pointer(key: Item) -> Iterable[Item]:
    """Yield a key of a closed room, and for a membership also the pointer in its user's list."""
    yield key
    if user_id := item_keys.member_id_of(key):
        yield item_keys.own_room_key(user_id, item_keys.room_id_of(key))
