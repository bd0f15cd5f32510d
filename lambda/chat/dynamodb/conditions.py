"""The writes by which a room opens or lets somebody in, each with its condition.

They are parts of the transaction of invariant 1 of docs/architecture.md: all are written or none.
"""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from chat.domain.membership import Membership
from chat.dynamodb import item_keys, items
from chat.dynamodb.table import pack
from chat.protocol import Room, Visibility

EXISTS = "attribute_exists(pk) AND attribute_not_exists(deletedAt)"
"""A room that has been deleted leaves an item behind, so that its id is not used again."""

Write = dict[str, Any]


class Admission:
    """Writes on the Rooms table."""

    def __init__(self, table: str, *, most_rooms: int) -> None:
        self._table = table
        self.most_rooms = most_rooms

    def opening(self, room: Room) -> Write:
        """The room, under an id that no room has had."""
        return self._put(items.room_item(room), "attribute_not_exists(pk)")

    def counting(self, user_id: str) -> Write:
        """One more room that this user has created."""
        update = {
            "TableName": self._table,
            "Key": pack(item_keys.user_key(user_id)),
            "UpdateExpression": "ADD created :one",
            "ConditionExpression": "attribute_not_exists(created) OR created < :most",
            "ExpressionAttributeValues": pack({":one": 1, ":most": self.most_rooms}),
        }
        return {"Update": update}

    def listing(self, room_id: str) -> Write:
        """The room among the public ones."""
        return self._put(item_keys.public_room_key(room_id))

    def present(self, room_id: str, *, only: Visibility | None = None) -> Write:
        """The room is there, and as open as it has to be."""
        if not only:
            return self._check(item_keys.room_key(room_id), EXISTS)
        condition = f"{EXISTS} AND visibility = :only"
        return self._check(item_keys.room_key(room_id), condition, {":only": only})

    def unchanged(self, membership: Membership) -> Write:
        """The user stands as they stood when it was read."""
        condition, values = self._version(membership)
        return self._check(
            item_keys.membership_key(membership.room_id, membership.user_id), condition, values
        )

    def granting(self, old: Membership, new: Membership) -> Write:
        """The user stands as *new* says, and stood as *old* until now."""
        condition, values = self._version(old)
        key = item_keys.membership_key(new.room_id, new.user_id)
        if new.is_plain:
            delete = {"TableName": self._table, "Key": pack(key), "ConditionExpression": condition}
            return {"Delete": _with_values(delete, values)}
        return self._put(
            items.membership_item(new, version=secrets.token_hex(8)), condition, values
        )

    def remembering(self, membership: Membership, *, now: datetime) -> Write:
        """The room among the user's own."""
        return self._put(items.own_room_item(membership, now=now))

    def forgetting(self, membership: Membership) -> Write:
        """The room no more among the user's own."""
        key = item_keys.own_room_key(membership.user_id, membership.room_id)
        return {"Delete": {"TableName": self._table, "Key": pack(key)}}

    def using(self, room_id: str, invite: str, *, now: datetime) -> Write:
        """The invite, once."""
        update = {
            "TableName": self._table,
            "Key": pack(item_keys.invite_key(room_id, invite)),
            "UpdateExpression": "ADD uses :once",
            "ConditionExpression": "uses > :none AND expiresAt > :now",
            "ExpressionAttributeValues": pack(
                {":once": -1, ":none": 0, ":now": items.epoch_seconds(now)}
            ),
        }
        return {"Update": update}

    def _version(self, membership: Membership) -> tuple[str, dict[str, Any]]:
        if not membership.version:
            return "attribute_not_exists(pk)", {}
        return "version = :version", {":version": membership.version}

    def _put(
        self, item: dict[str, Any], condition: str = "", values: dict[str, Any] | None = None
    ) -> Write:
        put: Write = {"TableName": self._table, "Item": pack(item)}
        if condition:
            put["ConditionExpression"] = condition
        return {"Put": _with_values(put, values)}

    def _check(
        self, key: dict[str, Any], condition: str, values: dict[str, Any] | None = None
    ) -> Write:
        check: Write = {
            "TableName": self._table,
            "Key": pack(key),
            "ConditionExpression": condition,
        }
        return {"ConditionCheck": _with_values(check, values)}


def newcomer(membership: Membership, *, name: str) -> Membership:
    """Who comes in by an invite: a member from now on."""
    return replace(membership, role="member", name=name)


def _with_values(write: Write, values: dict[str, Any] | None) -> Write:
    return {**write, "ExpressionAttributeValues": pack(values)} if values else write
