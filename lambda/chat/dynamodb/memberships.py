"""Memberships in DynamoDB: the role, ban and mute of users in rooms."""

from dataclasses import replace

from chat.domain.clock import Clock
from chat.domain.membership import Membership, places
from chat.domain.pages import Listing
from chat.dynamodb import item_keys, items, room_writes
from chat.dynamodb.table import Table, Transaction

MEMBERSHIPS_PAGE = 100
"""Memberships of one page."""

MEMBERSHIPS_READ = 400
"""Memberships that one page reads: about 200 KB at most."""


class DynamoMemberships:
    """Memberships in the table of rooms."""

    def __init__(self, rooms: Table, *, clock: Clock, memberships_per_room: int) -> None:
        self._table = rooms
        self._clock = clock
        self._memberships_per_room = memberships_per_room

    def of(self, room_id: str, user_id: str) -> Membership:
        """Return a user's membership, or the default one if there is no item or no room."""
        item = self._table.get(item_keys.membership_key(room_id, user_id))
        if item:
            return items.to_membership(item, now=self._clock.now())
        return Membership(room_id, user_id)

    def change(self, old: Membership, new: Membership, *, by: Membership) -> None:
        """Replace *old* by *new* if neither *old* nor *by* has changed since it was read.

        A room keeps at least one owner, and has a limit of roles and bans. The last places are for
        owners. Raises Conflict, RoomNotFound, Forbidden.
        """
        limit = places(self._memberships_per_room, for_owner=by.is_owner)
        tx = Transaction(self._table.client)
        room_writes.set_membership(tx, self._table, old, new)
        if by.user_id != old.user_id:
            room_writes.require_unchanged(tx, self._table, by)
        room_writes.count_membership(tx, self._table, old, new, limit=limit)
        if new.stored_role:
            room_writes.add_own_room(tx, self._table, new, now=self._clock.now())
        elif old.stored_role or new.banned or _differ_in_name_only(old, new):
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
            is_listed = membership.banned if banned else membership.stored_role
            if count == MEMBERSHIPS_READ or (is_listed and len(page) == MEMBERSHIPS_PAGE):
                return Listing(tuple(page), cursor=last)
            last = membership.user_id
            if is_listed:
                page.append(membership)
        return Listing(tuple(page))


def _differ_in_name_only(old: Membership, new: Membership) -> bool:
    """Return whether *new* is *old* with any name: a visitor who was removed, or left."""
    return replace(old, name=new.name) == new
