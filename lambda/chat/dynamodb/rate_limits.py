"""Token buckets in DynamoDB, so that all environments of the function count together.

An update cannot take the later of two times. So there are two updates, and each has the condition
under which it is the right one: time only moves on, and of many at once each finds what the one
before has left. Which one is tried first is a guess from memory; a wrong one costs a request.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chat.domain.connection import Connection
from chat.domain.rate_limit import Buckets, Kind, Rate, Rates, micros
from chat.domain.strikes import Strikes
from chat.dynamodb import item_keys, items
from chat.dynamodb.joins import unknown_connection
from chat.dynamodb.table import Item, pack, retried, unpack
from chat.errors import RateLimited, Unauthorized
from chat.ports import Clock, Rooms

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_FORGOTTEN_AFTER = timedelta(days=1)
"""Longer than any two of DynamoDB's clocks and ours are apart, and nothing costs a day's item."""


class DynamoFloods:
    """Buckets of connections, in their items, and of users, in items of their own."""

    def __init__(
        self, client: "DynamoDBClient", *, table: str, clock: Clock, rates: Rates, rooms: Rooms
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._rates = rates
        self._rooms = rooms
        self._own = Buckets()
        self._known = Buckets()
        self._refusals = Strikes(clock, rates.refusals) if rates.refusals else None
        depths = [rate.depth for rate in (*rates.user.values(), rates.refusals) if rate]
        self._kept = max(depths, default=timedelta()) + _FORGOTTEN_AFTER

    def request(self, connection_id: str) -> None:
        """Count a frame, whatever it holds; raises `RateLimited`."""
        if self._rates.requests:
            self._own.take(connection_id, self._rates.requests, micros(self._clock.now()))

    def connection(self, connection_id: str, kind: Kind) -> Connection:
        """Whose connection this is, with one taken out of its bucket: one request for both."""
        connection = self._connection(connection_id, kind)
        if self._refusals:
            self._refusals.know(connection)
        return connection

    def _connection(self, connection_id: str, kind: Kind) -> Connection:
        rate = self._rates.connection.get(kind)
        if rate is None:
            return self._rooms.connection(connection_id)
        taken = self._take(item_keys.connection_key(connection_id), kind, rate)
        if taken is None or not items.is_live(taken, self._clock.now()):
            raise unknown_connection()
        return items.to_connection(taken)

    def user(self, user_id: str, kind: Kind) -> None:
        """Take one out of a user's bucket; raises `RateLimited`."""
        if rate := self._rates.user.get(kind):
            self._take_of_user(user_id, kind, rate)

    def refused(self, connection_id: str, *, wait_ms: int) -> timedelta | None:
        """Count a refusal; for how long its user has to rest, if that was one too many."""
        refusals = self._refusals
        if refusals is None or not refusals.makes_a_batch(connection_id, wait_ms=wait_ms):
            return None
        try:
            connection = self._rooms.connection(connection_id)
            self._take_of_user(connection.member.user_id, "refusals", refusals.rate)
        except (RateLimited, Unauthorized):
            return self._rates.rest
        return None

    def _take_of_user(self, user_id: str, kind: Kind, rate: Rate) -> None:
        expires_at = items.epoch_seconds(self._clock.now() + self._kept)
        self._take(item_keys.rates_key(user_id), kind, rate, expires_at=expires_at)

    def _take(
        self, key: Item, kind: Kind, rate: Rate, *, expires_at: int | None = None
    ) -> Item | None:
        """The item as it is then; None when there is none, and it is not for us to make one."""
        now, name = micros(self._clock.now()), f"{key['pk']} {kind}"
        full_at = self._known.full_at(name)
        update = _Update(key, item_keys.bucket_attribute(kind), rate, now, expires_at=expires_at)
        while True:
            self._known.check(name, rate, now)
            try:
                taken = self._write(
                    update.of_a_full_one() if full_at < now else update.of_another()
                )
            except self._client.exceptions.ConditionalCheckFailedException as error:
                response: Mapping[str, Any] = error.response
                if not (found := response.get("Item")) and not expires_at:
                    return None
                full_at = int(unpack(found or {}).get(update.attribute, 0))
                self._known.learn(name, full_at)
            else:
                self._known.learn(name, int(taken[update.attribute]))
                return taken

    def _write(self, update: Mapping[str, Any]) -> Item:
        written = retried(lambda: self._client.update_item(TableName=self._table, **update))
        return unpack(written["Attributes"])


class _Update:
    """One taken out of a bucket, as DynamoDB wants to be told."""

    def __init__(
        self, key: Item, attribute: str, rate: Rate, now: int, *, expires_at: int | None
    ) -> None:
        self.attribute = attribute
        self._key = key
        self._rate = rate
        self._now = now
        self._expires_at = expires_at

    def of_a_full_one(self) -> dict[str, Any]:
        """For a bucket that nobody has touched, or that is full again."""
        is_full = "(attribute_not_exists(#bucket) OR #bucket < :now)"
        values = {":now": self._now, ":next": self._now + self._rate.interval}
        return self._update("#bucket = :next", is_full, values)

    def of_another(self) -> dict[str, Any]:
        """For one that is not full, and not empty."""
        latest = self._now + self._rate.tolerance
        values = {":now": self._now, ":latest": latest, ":one": self._rate.interval}
        return self._update("#bucket = #bucket + :one", "#bucket BETWEEN :now AND :latest", values)

    def _update(self, change: str, condition: str, values: Item) -> dict[str, Any]:
        """A connection's item has to be there, and lasts as long as it does."""
        if self._expires_at:
            change, values = (
                f"{change}, expiresAt = :expires",
                {**values, ":expires": self._expires_at},
            )
        else:
            condition = f"attribute_exists(pk) AND {condition}"
        return {
            "Key": pack(self._key),
            "UpdateExpression": f"SET {change}",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#bucket": self.attribute},
            "ExpressionAttributeValues": pack(values),
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
