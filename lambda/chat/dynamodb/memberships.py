"""DynamoDB behind the Standings port: who may do what in which room."""

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.dynamodb import item_keys, items
from chat.dynamodb.conditions import EXISTS, Admission
from chat.dynamodb.table import pack, query, transact, unpack
from chat.errors import Forbidden, Raced, RoomNotFound
from chat.ports import Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

PAGE = 100

_ALL_MEMBERS = "MEMBER$"
"""Above `MEMBER#` and whatever user id, and below every other kind of item: `$` follows `#`."""


class DynamoMemberships:
    """The items of members, in the table of rooms."""

    def __init__(self, client: "DynamoDBClient", *, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._admission = Admission(table, most_rooms=0)

    def of(self, room_id: str, user_id: str) -> Membership:
        """How a user stands in a room; plain where nothing is kept, even if there is no room."""
        key = item_keys.membership_key(room_id, user_id)
        found = self._client.get_item(TableName=self._table, Key=pack(key), ConsistentRead=True)
        if item := found.get("Item"):
            return items.to_membership(unpack(item), now=self._clock.now())
        return Membership(room_id, user_id)

    def change(self, old: Membership, new: Membership, *, by: Membership) -> None:
        """Replace *old*, if it and *by* are still so, by *new*; a room keeps one owner at least."""
        writes = [self._owners(old, new), self._admission.granting(old, new)]
        if new.role:
            writes.append(self._admission.remembering(new, now=self._clock.now()))
        elif old.role or new.banned or _is_the_same(old, new):
            writes.append(self._admission.forgetting(new))
        disturbed = {1}
        if by.user_id != old.user_id:
            disturbed.add(len(writes))
            writes.append(self._admission.unchanged(by))
        failed = transact(self._client, writes)
        if disturbed.intersection(failed):
            raise Raced
        if 0 in failed:
            raise (
                self._last_owner()
                if old.is_owner and self._is_there(old.room_id)
                else RoomNotFound()
            )

    def listed(self, room_id: str, *, banned: bool, cursor: str | None) -> Listing[Membership]:
        """Who has a role in a room, or who is banned from it; in pages of up to 100."""
        prefix = item_keys.membership_key(room_id, "")
        found = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="pk = :room AND sk BETWEEN :low AND :high",
            ExpressionAttributeValues={
                ":room": prefix["pk"],
                ":low": f"{prefix['sk']}{cursor}\x00" if cursor else prefix["sk"],
                ":high": _ALL_MEMBERS,
            },
        )
        now = self._clock.now()
        memberships = (items.to_membership(item, now=now) for item in found)
        kept = (s for s in memberships if (s.banned if banned else s.role))
        wanted = list(islice(kept, PAGE + 1))
        more = wanted[PAGE - 1].user_id if len(wanted) > PAGE else None
        return Listing(tuple(wanted[:PAGE]), cursor=more)

    def _owners(self, old: Membership, new: Membership) -> dict[str, Any]:
        """The room is there, and has an owner after the change."""
        change = new.is_owner - old.is_owner
        on_room: dict[str, Any] = {
            "TableName": self._table,
            "Key": pack(item_keys.room_key(new.room_id)),
            "ConditionExpression": EXISTS,
        }
        if not change:
            return {"ConditionCheck": on_room}
        values = {":change": change}
        if change < 0:
            on_room["ConditionExpression"] += " AND owners > :one"
            values[":one"] = 1
        on_room["UpdateExpression"] = "ADD owners :change"
        return {"Update": {**on_room, "ExpressionAttributeValues": pack(values)}}

    def _is_there(self, room_id: str) -> bool:
        key = pack(item_keys.room_key(room_id))
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get(
            "Item"
        )
        return item is not None and "deletedAt" not in item

    def _last_owner(self) -> Forbidden:
        return Forbidden("a room keeps one owner: make somebody else owner first, or delete it")


def _is_the_same(old: Membership, new: Membership) -> bool:
    """Whether only the name differs: a visitor, of whom none was kept, is put out, or goes."""
    return replace(old, name=new.name) == new
