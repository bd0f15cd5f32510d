"""Exports and erases everything that both tables store about a user.

It scans both tables, which the chat itself never does. No index leads from a user to their
messages, and an export has to be complete. A pass costs one read unit for each 4 KB.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from chat.domain.clock import wire
from chat.dynamodb import item_keys
from chat.dynamodb.table import pack, unpack

Item = dict[str, Any]

ERASED = "erased"
"""User id and name of the sender in the messages of an erased user."""

PASSES = 5
"""Most passes over the tables. The user may be online, so a pass may find new items."""

_IS_ABOUT_USER = (
    "pk = :own OR sk = :membership OR begins_with(sk, :sent) OR createdBy = :user"
    " OR deletedBy = :user OR sender.userId = :user OR userId = :user"
)


@dataclass(frozen=True, slots=True)
class Records:
    """The two tables of a chat."""

    client: Any
    connections_table: str
    rooms_table: str

    def export(self, user_id: str) -> Item:
        """Return every item about a user, as stored. Messages of other users are not in it."""
        found = {
            "connections": list(map(_plain, self._items_of(self.connections_table, user_id))),
            "rooms": list(map(_plain, self._items_of(self.rooms_table, user_id))),
        }
        return {"userId": user_id, "exportedAt": wire(datetime.now(UTC)), **found}

    def erase(self, user_id: str, *, say: Callable[[str], None]) -> int:
        """Erase a user. Return the number of changed items.

        The messages of other users are not changed.
        """
        total = 0
        for _ in range(PASSES):
            changed = self._erase_once(user_id)
            total += changed
            say(f"{changed} items changed")
            if not changed:
                return total
        return total

    def _erase_once(self, user_id: str) -> int:
        count = 0
        for table in (self.connections_table, self.rooms_table):
            for item in self._items_of(table, user_id):
                self._erase_item(table, item, user_id)
                count += 1
        return count

    def _items_of(self, table: str, user_id: str) -> Iterator[Item]:
        membership, sent = (
            item_keys.membership_key("", user_id),
            item_keys.sent_key("", user_id, ""),
        )
        values = {
            ":own": item_keys.user_key(user_id)["pk"],
            ":membership": membership["sk"],
            ":sent": sent["sk"],
            ":user": user_id,
        }
        pages = self.client.get_paginator("scan").paginate(
            TableName=table,
            ConsistentRead=True,
            FilterExpression=_IS_ABOUT_USER,
            ExpressionAttributeValues=pack(values),
        )
        return (unpack(item) for page in pages for item in page["Items"])

    def _erase_item(self, table: str, item: Item, user_id: str) -> None:
        """Empty an item that the chat still needs, such as a message; delete every other item."""
        if item.get("sender", {}).get("userId") == user_id:
            self._set(table, item, **_erased_message(item))
        elif item.get("createdBy") == user_id:
            self._set(table, item, createdBy=ERASED)
        elif item.get("deletedBy") == user_id:
            self._set(table, item, deletedBy=ERASED)
        else:
            self._delete(table, item)

    def _delete(self, table: str, item: Item) -> None:
        """Delete an item. For the membership of an owner, lower the room's count of owners."""
        self.client.delete_item(TableName=table, Key=_key(item))
        if item.get("role") == "owner" and item["sk"].startswith("MEMBER#"):
            room = {"pk": item["pk"], "sk": "ROOM"}
            self.client.update_item(
                TableName=table,
                Key=pack(room),
                UpdateExpression="ADD owners :one",
                ExpressionAttributeValues=pack({":one": -1}),
            )

    def _set(self, table: str, item: Item, **attributes: Any) -> None:
        self.client.update_item(
            TableName=table,
            Key=_key(item),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in attributes),
            ExpressionAttributeNames={f"#{name}": name for name in attributes},
            ExpressionAttributeValues=pack({f":{k}": v for k, v in attributes.items()}),
        )


def _erased_message(message: Item) -> Item:
    """Return the attributes of an erased message. It stays in the log, as a deleted message."""
    return {
        "sender": {"userId": ERASED, "name": ERASED},
        "text": "",
        "clientMessageId": ERASED,
        "deletedAt": message.get("deletedAt") or wire(datetime.now(UTC)),
        "deletedBy": ERASED,
    }


def _key(item: Mapping[str, Any]) -> Item:
    return pack({"pk": item["pk"], "sk": item["sk"]})


def _plain(item: Item) -> Item:
    """Return an item with the types of JSON."""
    return {name: _json(value) for name, value in sorted(item.items())}


def _json(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value)
        case list():
            return [_json(each) for each in value]
        case set():
            return sorted(map(_json, value))
        case dict():
            return _plain(value)
    return value
