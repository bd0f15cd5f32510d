"""Invites in DynamoDB: created, listed and revoked. Joins use them."""

from itertools import islice

from chat.domain.clock import Clock
from chat.domain.invites import INVITES_PER_ROOM
from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.dynamodb import item_keys, items, room_writes
from chat.dynamodb.expressions import EXISTS
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.errors import too_many_invites
from chat.protocol import Invite

INVITES_PAGE = 50
"""Invites of one page. With user ids of 256 escaped characters a page has about 90 KB."""

DEAD_DELETED = 5
"""Expired or used-up invites that a new invite deletes, if the room has as many as it may have."""


class DynamoInvites:
    """The invites of rooms, in the table of rooms."""

    def __init__(
        self, rooms: Table, *, clock: Clock, invites_per_room: int = INVITES_PER_ROOM
    ) -> None:
        self._table = rooms
        self._clock = clock
        self._invites_per_room = invites_per_room

    def create(self, room_id: str, invite: Invite, *, by: Membership) -> None:
        """Store an invite, up to the limit of a room.

        Raises Forbidden, RoomNotFound, or Conflict if *by* has changed.
        """
        self._require_fewer(room_id)
        tx = Transaction(self._table.client)
        room_writes.require_room(tx, self._table, room_id)
        room_writes.require_unchanged(tx, self._table, by)
        tx.put(self._table, items.invite_item(room_id, invite))
        tx.commit()

    def listed(self, room_id: str, *, cursor: str | None) -> Listing[Invite]:
        """Return the open invites among the next 50. While there is a cursor, there may be more."""
        prefix = item_keys.invite_key(room_id, "")
        found = self._table.query_after(prefix, cursor, limit=INVITES_PAGE + 1)
        read = list(islice(found, INVITES_PAGE + 1))
        page, now = read[:INVITES_PAGE], self._clock.now()
        listed = (items.to_invite(item, now=now) for item in page)
        is_last = len(read) <= INVITES_PAGE
        return Listing(
            tuple(invite for invite in listed if invite),
            cursor=None if is_last else item_keys.invite_id_of(page[-1]),
        )

    def _require_fewer(self, room_id: str) -> None:
        """Raise Forbidden if a room has as many open invites as it may have.

        A new invite takes the place of dead ones, so that one page has all invites of a room.
        DynamoDB itself may delete a dead one days after its end.
        """
        limit, now = self._invites_per_room, self._clock.now()
        found = self._table.query_after(item_keys.invite_key(room_id, ""), None, limit=limit)
        read = list(islice(found, limit))
        if len(read) < limit:
            return
        dead = (item for item in read if items.to_invite(item, now=now) is None)
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in islice(dead, DEAD_DELETED)]
        if not keys:
            raise too_many_invites(limit)
        self._table.delete_many(keys)

    def revoke(self, room_id: str, invite_id: str, *, by: Membership) -> bool:
        """Delete an invite; return whether there was one.

        Raises RoomNotFound, or Conflict if *by* has changed.
        """
        tx = Transaction(self._table.client)
        room_writes.require_room(tx, self._table, room_id)
        room_writes.require_unchanged(tx, self._table, by)
        tx.delete(self._table, item_keys.invite_key(room_id, invite_id), condition=EXISTS)
        try:
            tx.commit()
        except ConditionFailedError:
            return False
        return True
