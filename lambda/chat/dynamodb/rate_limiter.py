"""Token buckets in DynamoDB, so that all environments of the function count together.

An update cannot take the later of two times. One update is therefore for a full bucket and one for
a partly used one, and each requires its case. DynamoDB runs concurrent updates one after another,
so each sees the result of the last one. A guess from memory decides which update is tried first. A
wrong guess costs one more request.

A token of a read, or of any frame, is worth less than a write. Their buckets are therefore in
memory, and a user's shared bucket is written once for each batch: see `chat.domain.batches`.
"""

from contextlib import suppress
from datetime import timedelta

from chat.domain.batches import Batches
from chat.domain.clock import Clock
from chat.domain.connection import Connection
from chat.domain.known_users import KnownUsers
from chat.domain.rate_limit import Buckets, Kind, Rate, Rates, micros
from chat.domain.strikes import Strikes
from chat.dynamodb import item_keys, items
from chat.dynamodb.connections import DynamoConnections
from chat.dynamodb.expressions import EXISTS, Changes, Condition, Item
from chat.dynamodb.table import ConditionFailedError, Table
from chat.errors import RateLimited, Unauthorized, unknown_connection

_BUCKET_KEPT = timedelta(days=1)
"""Time for which a full bucket is kept: longer than any two clocks differ."""


class DynamoRateLimiter:
    """Buckets of connections, in their items, and of users, in items of their own."""

    def __init__(
        self, table: Table, *, connections: DynamoConnections, clock: Clock, rates: Rates
    ) -> None:
        self._table = table
        self._clock = clock
        self._rates = rates
        self._connections = connections
        self._local = Buckets()
        self._known = Buckets()
        self._users = KnownUsers()
        self._strikes = Strikes(clock, rates.strikes) if rates.strikes else None
        self._batches = {kind: Batches(rate) for kind, rate in rates.batched.items()}
        depths = [rate.depth for rate in (*rates.shared, rates.strikes) if rate]
        self._kept = max(depths, default=timedelta()) + _BUCKET_KEPT

    def take_frame_token(self, connection_id: str) -> None:
        """Count a frame of a connection and its user, of any kind; raise RateLimited."""
        if self._rates.frames:
            self._take_locally(f"{connection_id} frames", self._rates.frames)
        if "frames" in self._batches:
            self._take_batched("frames", self._users.id_of(connection_id), connection_id)

    def take_connection_token(self, connection_id: str, kind: Kind) -> Connection:
        """Take a token out of a connection's bucket and return the connection, in one request.

        Raises RateLimited, and Unauthorized if the connection is unknown.
        """
        return self._users.learn(self._take_of_connection(connection_id, kind))

    def take_user_token(self, user_id: str, kind: Kind) -> None:
        """Take a token out of a user's bucket and out of that of the day; raise RateLimited."""
        if "daily" in self._batches:
            self._take_batched("daily", user_id)
        if kind in self._batches:
            self._take_batched(kind, user_id)
        elif rate := self._rates.user.get(kind):
            self._take_of_user(user_id, kind, rate)
            if "frames" in self._batches:  # all environments together have counted this frame
                self._batches["frames"].subtract(user_id)

    def record_strike(self, connection_id: str, *, wait_ms: int) -> timedelta | None:
        """Count a rate-limit violation; return the cooldown if it was one too many.

        An unknown connection has no bucket: its first batch of strikes is too many.
        """
        strikes = self._strikes
        name = self._users.name_of(connection_id)
        if strikes is None or not strikes.record(connection_id, name, wait_ms=wait_ms):
            return None
        try:
            connection = self._connections.get(connection_id)
            self._take_of_user(connection.member.user_id, "strikes", strikes.batch_rate)
        except (RateLimited, Unauthorized):
            return self._rates.cooldown
        return None

    def _take_of_connection(self, connection_id: str, kind: Kind) -> Connection:
        rate = self._rates.connection.get(kind)
        if rate is None or kind == "reads":
            if rate:
                self._take_locally(f"{connection_id} {kind}", rate)
            return self._connections.get(connection_id)
        taken = self._take(item_keys.connection_key(connection_id), kind, rate)
        if taken is None or not items.is_live(taken, self._clock.now()):
            raise unknown_connection()
        return items.to_connection(taken)

    def _take_locally(self, name: str, rate: Rate) -> None:
        """Take a token out of a bucket of this environment; raise RateLimited."""
        self._local.take(name, rate, micros(self._clock.now()))

    def _take_batched(self, kind: Kind, user_id: str | None, connection_id: str = "") -> None:
        """Take a token of a user out of the bucket here, and each batch out of the shared one.

        Raises RateLimited. If the user of the connection is unknown, the first batch reads it.
        """
        batches, name = self._batches[kind], user_id or self._users.name_of(connection_id)
        if user_id:
            shared = _name_of_bucket(item_keys.user_rate_limits_key(user_id), kind)
            self._known.check(shared, batches.rate, micros(self._clock.now()))
        self._take_locally(f"user {name} {kind}", batches.single)
        if batches.add(name):
            with suppress(Unauthorized):  # the connection has ended, which its handler reports
                self._take_of_user(user_id or self._user_of(connection_id), kind, batches.rate)

    def _user_of(self, connection_id: str) -> str:
        """Read and return the user of a connection; raise Unauthorized if it is unknown."""
        return self._users.learn(self._connections.get(connection_id)).member.user_id

    def _take_of_user(self, user_id: str, kind: Kind, rate: Rate) -> None:
        expires_at = items.epoch_seconds(self._clock.now() + self._kept)
        key = item_keys.user_rate_limits_key(user_id)
        self._take(key, kind, rate, expires_at=expires_at)

    def _take(
        self, key: Item, kind: Kind, rate: Rate, *, expires_at: int | None = None
    ) -> Item | None:
        """Take a token and return the item as it is then.

        Without *expires_at* the item must exist: returns None if it does not.
        """
        now, name = micros(self._clock.now()), _name_of_bucket(key, kind)
        attribute, full_at = item_keys.bucket_attribute(kind), self._known.full_at(name)
        while True:
            self._known.check(name, rate, now)
            take = _take_from_full if full_at < now else _take_from_partial
            changes, condition = take(attribute, rate, now)
            try:
                taken = self._update(key, changes, condition, expires_at=expires_at)
            except ConditionFailedError as error:
                if not error.item and not expires_at:
                    return None
                full_at = int(error.item.get(attribute, 0))
                self._known.learn(name, full_at)
            else:
                self._known.learn(name, int(taken[attribute]))
                return taken

    def _update(
        self, key: Item, changes: Changes, condition: Condition, *, expires_at: int | None
    ) -> Item:
        """Update a bucket. Only an item that is given an end may be new."""
        if expires_at:
            changes = Changes(sets={**changes.sets, "expiresAt": expires_at}, adds=changes.adds)
        return self._table.update(
            key,
            changes,
            condition=condition if expires_at else EXISTS & condition,
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def _name_of_bucket(key: Item, kind: Kind) -> str:
    """Return the name under which this environment remembers a shared bucket."""
    return f"{key['pk']} {kind}"


def _take_from_full(attribute: str, rate: Rate, now: int) -> tuple[Changes, Condition]:
    """Return the update of a bucket that is new or full, with its condition."""
    is_full = Condition(
        "(attribute_not_exists(#bucket) OR #bucket < :now)", {":now": now}, {"#bucket": attribute}
    )
    return Changes(sets={attribute: now + rate.interval}), is_full


def _take_from_partial(attribute: str, rate: Rate, now: int) -> tuple[Changes, Condition]:
    """Return the update of a bucket that is neither full nor empty, with its condition."""
    values = {":now": now, ":latest": now + rate.tolerance}
    has_token = Condition("#bucket BETWEEN :now AND :latest", values, {"#bucket": attribute})
    return Changes(adds={attribute: rate.interval}), has_token
