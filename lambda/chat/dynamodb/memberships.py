"""Memberships in DynamoDB: the role, ban and mute of users in rooms."""

from contextlib import suppress
from dataclasses import replace

from chat.domain.clock import Clock
from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.dynamodb import item_keys, items, room_writes
from chat.dynamodb.expressions import Changes, Condition
from chat.dynamodb.room_writes import ROOM_EXISTS
from chat.dynamodb.rooms import find_room
from chat.dynamodb.table import Table, Transaction
from chat.errors import ChatError, RoomNotFound, last_owner

MEMBERSHIPS_PAGE = 100
"""Memberships of one page."""

MEMBERSHIPS_READ = 400
"""Memberships that one page reads: about 200 KB at most."""


class DynamoMemberships:
    """Memberships in the table of rooms."""

    def __init__(self, rooms: Table, *, clock: Clock) -> None:
        self._table = rooms
        self._clock = clock

    def of(self, room_id: str, user_id: str) -> Membership:
        """Return a user's membership, or the default one if there is no item or no room."""
        item = self._table.get(item_keys.membership_key(room_id, user_id))
        if item:
            return items.to_membership(item, now=self._clock.now())
        return Membership(room_id, user_id)

    def change(self, old: Membership, new: Membership, *, by: Membership) -> None:
        """Replace *old* by *new* if neither *old* nor *by* has changed since it was read.

        A room keeps at least one owner. Raises Conflict, RoomNotFound, Forbidden.
        """
        tx = Transaction(self._table.client)
        room_writes.set_membership(tx, self._table, old, new)
        if by.user_id != old.user_id:
            room_writes.require_unchanged(tx, self._table, by)
        self._count_owners(tx, old, new)
        if new.role:
            room_writes.add_own_room(tx, self._table, new, now=self._clock.now())
        elif old.role or new.banned or _differ_in_name_only(old, new):
            room_writes.remove_own_room(tx, self._table, new)
        tx.commit()

    def listed(self, room_id: str, *, banned: bool, cursor: str | None) -> Listing[Membership]:
        """Return up to 100 of the users with a role in a room, or of those banned from it.

        Reads at most 400 memberships. A page may therefore be empty, with a cursor.
        """
        prefix = item_keys.membership_key(room_id, "")
        found = self._table.query_after(prefix, cursor, limit=MEMBERSHIPS_READ)
        now, page, last = self._clock.now(), list[Membership](), ""
        for count, item in enumerate(found):
            membership = items.to_membership(item, now=now)
            is_listed = membership.banned if banned else membership.role
            if count == MEMBERSHIPS_READ or (is_listed and len(page) == MEMBERSHIPS_PAGE):
                return Listing(tuple(page), cursor=last)
            last = membership.user_id
            if is_listed:
                page.append(membership)
        return Listing(tuple(page))

    def _count_owners(self, tx: Transaction, old: Membership, new: Membership) -> None:
        """Require that the room exists, and that it has an owner after the change."""
        key, change = item_keys.room_key(new.room_id), new.is_owner - old.is_owner
        if not change:
            tx.check(self._table, key, ROOM_EXISTS, otherwise=RoomNotFound)
            return
        condition = ROOM_EXISTS
        if change < 0:
            condition &= Condition("owners > :one", {":one": 1})
        tx.update(
            self._table,
            key,
            Changes(adds={"owners": change}),
            condition=condition,
            otherwise=lambda: self._owner_error(old),
        )

    def _owner_error(self, old: Membership) -> ChatError:
        """Return the error of a change of owners that was not written."""
        if old.is_owner:
            with suppress(RoomNotFound):
                find_room(self._table, old.room_id)
                return last_owner()
        return RoomNotFound()


def _differ_in_name_only(old: Membership, new: Membership) -> bool:
    """Return whether *new* is *old* with any name: a visitor who was removed, or left."""
    return replace(old, name=new.name) == new
