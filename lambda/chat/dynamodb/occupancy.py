"""How many people are in large rooms: counted once a second, and not for everyone who joins."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chat.dynamodb import item_keys, items
from chat.dynamodb.table import Item, pack, unpack
from chat.ports import Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

FRESH = timedelta(seconds=1)
USABLE = timedelta(seconds=5)
"""While somebody else counts anew, or has died over it."""

KEPT = timedelta(days=1)


class Occupancy:
    """Counts, each kept in an item of the table for all the function's environments to use.

    Counting reads the whole audience. A thousand who join within seconds would otherwise read
    each other a thousand times. A count that is wrong, or lost half-way, lasts a second.
    """

    def __init__(self, client: "DynamoDBClient", *, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def of(self, room_id: str, *, count: Callable[[], int]) -> int:
        """The room's number, by *count* unless it was counted within the last second."""
        now = self._clock.now()
        known = self._read(room_id)
        if known and (known["freshUntil"] > _millis(now) or not self._claim(known, now)):
            is_usable = known.get("countedAt", 0) > _millis(now - USABLE)
            return int(known["users"]) if is_usable else count()
        users = count()
        fresh_until, expires_at = _millis(now + FRESH), items.epoch_seconds(now + KEPT)
        counted = {"users": users, "freshUntil": fresh_until, "expiresAt": expires_at}
        counted["countedAt"] = _millis(now)
        item = pack({**item_keys.population_key(room_id), **counted})
        self._client.put_item(TableName=self._table, Item=item)
        return users

    def _read(self, room_id: str) -> Item | None:
        key = pack(item_keys.population_key(room_id))
        found = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return unpack(found["Item"]) if "Item" in found else None

    def _claim(self, known: Item, now: datetime) -> bool:
        """Whether it is for the caller to count anew; meanwhile the others use what is known."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=pack({key: known[key] for key in ("pk", "sk")}),
                UpdateExpression="SET freshUntil = :later",
                ConditionExpression="freshUntil = :seen",
                ExpressionAttributeValues=pack(
                    {":later": _millis(now + FRESH), ":seen": known["freshUntil"]}
                ),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000)
