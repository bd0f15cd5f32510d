"""All that both tables hold about one user: found, handed out, or erased.

It reads both tables whole, which the chat itself never does: no index tells what somebody said
where, and an answer to who asks for their data has to be complete.
A pass costs a read unit for each 4 KB.
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
"""Who has said it, of what an erased user has said."""

PASSES = 5
"""Over the tables, at most, while there is still something new: the user may be online."""

_HOLDS = (
    "pk = :own OR sk = :standing OR begins_with(sk, :sent) OR createdBy = :user"
    " OR deletedBy = :user OR sender.userId = :user OR userId = :user"
)


@dataclass(frozen=True, slots=True)
class Records:
    """The two tables of a chat."""

    client: Any
    connections_table: str
    rooms_table: str

    def export(self, user_id: str) -> Item:
        """Everything about a user, as the tables have it; only their own words and standings."""
        found = {
            "connections": list(map(_plain, self._about(self.connections_table, user_id))),
            "rooms": list(map(_plain, self._about(self.rooms_table, user_id))),
        }
        return {"userId": user_id, "exportedAt": wire(datetime.now(UTC)), **found}

    def erase(self, user_id: str, *, say: Callable[[str], None]) -> int:
        """Forget a user; how many items changed. What others said stays, in its place."""
        total = 0
        for _ in range(PASSES):
            changed = self._pass(user_id)
            total += changed
            say(f"{changed} items changed")
            if not changed:
                return total
        return total

    def _pass(self, user_id: str) -> int:
        count = 0
        for table in (self.connections_table, self.rooms_table):
            for item in self._about(table, user_id):
                self._forget(table, item, user_id)
                count += 1
        return count

    def _about(self, table: str, user_id: str) -> Iterator[Item]:
        membership, sent = (
            item_keys.membership_key("", user_id),
            item_keys.sent_key("", user_id, ""),
        )
        values = {
            ":own": item_keys.user_key(user_id)["pk"],
            ":standing": membership["sk"],
            ":sent": sent["sk"],
            ":user": user_id,
        }
        pages = self.client.get_paginator("scan").paginate(
            TableName=table,
            ConsistentRead=True,
            FilterExpression=_HOLDS,
            ExpressionAttributeValues=pack(values),
        )
        return (unpack(item) for page in pages for item in page["Items"])

    def _forget(self, table: str, item: Item, user_id: str) -> None:
        """Empty what keeps a place that others rely on; delete everything else."""
        if item.get("sender", {}).get("userId") == user_id:
            self._set(table, item, **_emptied(item))
        elif item.get("createdBy") == user_id:
            self._set(table, item, createdBy=ERASED)
        elif item.get("deletedBy") == user_id:
            self._set(table, item, deletedBy=ERASED)
        else:
            self._delete(table, item)

    def _delete(self, table: str, item: Item) -> None:
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


def _emptied(message: Item) -> Item:
    """What is left of a message; its place and its time hold the log together."""
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
    """As JSON can say it."""
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
