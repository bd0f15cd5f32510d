"""A chat on items that were stored once, and on items as a later version may write them.

tests/contract/write_stored_items.py has written the items of tests/contract/stored_items.json.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Chat
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Attributes = dict[str, Any]

FILE = Path(__file__).with_name("stored_items.json")
CONNECTED = ("alice", "bob", "carol")
"""Users with a stored connection. Alice owns the rooms `tea` and `den`."""


class StoredChat(Chat):
    """A chat on stored items, if *later* with the additions of a later version."""

    def __init__(self, client: "DynamoDBClient", *, later: bool) -> None:
        super().__init__(clock=FakeClock())
        stored = read_stored()
        self.den = _private_room(stored["rooms"])
        self._client = client
        self.tables = (make_table(client), make_table(client))
        self.stores = Stores.dynamo(client, self.clock, tables=self.tables)
        self.replies = {user: [] for user in CONNECTED}
        for table, name in zip(self.tables, ("connections", "rooms"), strict=True):
            for item in stored[name]:
                self._put(table, with_additions(item, stored["additions"]) if later else item)
            for item in stored[f"unknown {name}"] if later else ():
                pk = item["pk"]["S"].replace("ROOM#den", f"ROOM#{self.den}")
                self._put(table, {**item, "pk": {"S": pk}, **stored["additions"]})

    def set_attribute(self, table: int, pk: str, sk: str, name: str, value: Attributes) -> None:
        """Set an attribute of a stored item."""
        self._client.update_item(
            TableName=self.tables[table],
            Key={"pk": {"S": pk}, "sk": {"S": sk}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

    def item(self, table: int, pk: str, sk: str) -> Attributes:
        """Return a stored item, in DynamoDB's notation."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found: Any = self._client.get_item(TableName=self.tables[table], Key=key)
        item: Attributes = found["Item"]
        return item

    def drop(self) -> None:
        """Delete the tables."""
        for table in self.tables:
            self._client.delete_table(TableName=table)

    def _put(self, table: str, item: Any) -> None:
        self._client.put_item(TableName=table, Item=item)


def read_stored() -> dict[str, Any]:
    """Return the stored items, with binary values as bytes."""
    stored: dict[str, Any] = json.loads(FILE.read_text())
    return {
        name: _decoded(items) if isinstance(items, dict) else [*map(_decoded, items)]
        for name, items in stored.items()
    }


def _private_room(rooms: Sequence[Attributes]) -> str:
    """Return the id of the stored private room, which the server has generated."""
    (den,) = (it["pk"]["S"] for it in rooms if it.get("visibility") == {"S": "private"})
    return str(den).removeprefix("ROOM#")


def with_additions(item: Attributes, additions: Attributes) -> Attributes:
    """Return an item with the additions, also in each of its maps."""
    known = {
        name: {"M": {**value["M"], **additions}} if "M" in value else value
        for name, value in item.items()
    }
    return {**known, **additions}


def _decoded(item: Mapping[str, Any]) -> Attributes:
    return {name: _decoded_value(value) for name, value in item.items()}


def _decoded_value(value: Mapping[str, Any]) -> Attributes:
    match value:
        case {"B": str(text)}:
            return {"B": base64.b64decode(text)}
        case {"BS": texts}:
            return {"BS": [*map(base64.b64decode, texts)]}
        case {"L": values}:
            return {"L": [*map(_decoded_value, values)]}
        case {"M": values}:
            return {"M": _decoded(values)}
    return dict(value)
