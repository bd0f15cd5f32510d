"""Everything that both tables hold about a user: found, exported, or erased.

It scans both tables, which the chat itself never does. No index lists the messages of a user. An
answer to a user who asks for their data must be complete. A pass costs a read unit for each 4 KB.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from chat.domain.clock import wire
from chat.domain.identity import ERASED
from chat.dynamodb import item_keys
from chat.dynamodb.expressions import Changes
from chat.dynamodb.table import Table, pack, unpack

Item = dict[str, Any]

MAX_PASSES = 5
"""Passes over the tables while one still finds something: the user may be online."""

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
        """Return everything about a user, without the messages and memberships of others."""
        ban = Table(self.client, self.rooms_table).get(item_keys.erased_ban_key(user_id))
        rooms = [*self._items_of(self.rooms_table, user_id), *([ban] if ban else [])]
        found = {
            "connections": list(map(_plain, self._items_of(self.connections_table, user_id))),
            "rooms": list(map(_plain, rooms)),
        }
        return {"userId": user_id, "exportedAt": wire(datetime.now(UTC)), **found}

    def erase(self, user_id: str, *, say: Callable[[str], None]) -> int:
        """Erase a user; return the number of changed items. Messages of other users stay."""
        total = 0
        for _ in range(MAX_PASSES):
            changed = self._erase_once(user_id)
            total += changed
            say(f"{changed} items changed")
            if not changed:
                return total
        return total

    def _erase_once(self, user_id: str) -> int:
        count = 0
        for name in (self.connections_table, self.rooms_table):
            for item in self._items_of(name, user_id):
                self._erase_item(Table(self.client, name), item, user_id)
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
        found = (unpack(item) for page in pages for item in page["Items"])
        return (item for item in found if not _is_sent_by_another(item, sent["sk"]))

    def _erase_item(self, table: Table, item: Item, user_id: str) -> None:
        """Empty an item that others rely on; delete every other item."""
        if _sender_of(item) == user_id:
            table.update(_key(item), Changes(sets=_erased_message(item)))
        elif item.get("createdBy") == user_id and not item_keys.is_invite(item):
            table.update(_key(item), Changes(sets={"createdBy": ERASED}))
        elif item.get("deletedBy") == user_id:
            table.update(_key(item), Changes(sets={"deletedBy": ERASED}))
        else:
            self._delete(table, item, user_id)

    def _delete(self, table: Table, item: Item, user_id: str) -> None:
        """Delete an item. A deleted role or ban is no longer counted in the room.

        A ban stays, under a digest of the user id: erasure must not lift it.
        """
        if _key(item) == item_keys.ban_key(user_id):
            table.put({**item_keys.erased_ban_key(user_id), "bannedAt": item["bannedAt"]})
        table.delete(_key(item))
        if item_keys.member_id_of(item) and (item.get("role") or item.get("banned")):
            counts = {"memberships": -1} | ({"owners": -1} if item.get("role") == "owner" else {})
            table.update(item_keys.room_key(item_keys.room_id_of(item)), Changes(adds=counts))


def _sender_of(item: Item) -> Any:
    """Return the user id of a message's sender. An unknown item may have a sender of any type."""
    sender = item.get("sender")
    return sender.get("userId") if isinstance(sender, dict) else None


def _is_sent_by_another(item: Item, prefix: str) -> bool:
    """Return whether an item is about a clientMessageId of a user whose id begins alike.

    The prefix of the user `a` is also that of the user `a#b`. A clientMessageId has no `#`.
    """
    key = str(item["sk"])
    return key.startswith(prefix) and "#" in key.removeprefix(prefix)


def _erased_message(message: Item) -> Item:
    """Return the attributes of an emptied message. Its seq and time stay."""
    return {
        "sender": {"userId": ERASED, "name": ERASED},
        "text": "",
        "clientMessageId": ERASED,
        "deletedAt": message.get("deletedAt") or wire(datetime.now(UTC)),
        "deletedBy": ERASED,
    }


def _key(item: Mapping[str, Any]) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def _plain(item: Item) -> Item:
    """Return an item as JSON can hold it."""
    return {name: _json(value) for name, value in sorted(item.items())}


def _json(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case list():
            return [_json(each) for each in value]
        case set():
            return sorted(map(_json, value), key=str)
        case dict():
            return _plain(value)
    return value
