"""Open connections of each user, in one item a user, so that their number can be limited.

The same item holds the end of a cooldown, during which the user may open no connection.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from chat.domain.bounded_dict import BoundedDict
from chat.domain.clock import CONNECTION_KEPT, Clock
from chat.domain.connection import Connection
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import EXISTS, IS_NEW, Changes, Condition, Item
from chat.dynamodb.revoked_tokens import RevokedTokens
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.errors import Forbidden, RateLimited


class DynamoUserConnections:
    """The lists of open connections, and the cooldowns, in the table of connections."""

    def __init__(
        self,
        connections: Table,
        rooms: Table,
        *,
        revoked_tokens: RevokedTokens,
        clock: Clock,
        connections_per_user: int,
    ) -> None:
        self._connections = connections
        self._rooms = rooms
        self._revoked_tokens = revoked_tokens
        self._clock = clock
        self._limit = connections_per_user
        self._cooldowns = BoundedDict[int]()

    def open(self, connection: Connection) -> None:
        """Write a new connection.

        Raises Forbidden for a banned user, Unauthorized for a revoked token, and RateLimited
        during a cooldown or above the limit. A cooldown is remembered in memory: a repeated
        attempt makes no request.
        """
        user_id = connection.member.user_id
        self._require_no_cooldown(self._cooldowns.get(user_id, 0))
        for _ in range(2):
            try:
                return self._write(connection)
            except ConditionFailedError:
                known = self._item(user_id)
            self._cooldowns.put(user_id, cooldown_ends := int(known.get("restsUntil", 0)))
            self._require_no_cooldown(cooldown_ends)
            if not self._remove_expired(user_id, known):
                break
        raise RateLimited(f"a user may have {self._limit} connections open: close one first")

    def remove(self, connection: Connection) -> None:
        """Take a connection out of its user's list."""
        self._remove(connection.member.user_id, [items.open_connection_mark(connection)])

    def start_cooldown(self, user_id: str, *, until: datetime) -> None:
        """Let a user open no connection until then. The item outlives all that are open."""
        ends, kept = (
            items.epoch_seconds(it) for it in (until, self._clock.now() + CONNECTION_KEPT)
        )
        key = item_keys.user_connections_key(user_id)
        self._connections.update(key, Changes(sets={"restsUntil": ends, "expiresAt": kept}))
        self._cooldowns.put(user_id, ends)

    def ids_of(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections, also those whose token has expired."""
        now = self._clock.now().timestamp()
        return sorted(id_ for end, id_ in _open_connections(self._item(user_id)) if end > now)

    def live_ids_of(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections whose token has not expired."""
        now = self._clock.now()
        live = (item for item in self._items(user_id) if items.is_live(item, now))
        return [item_keys.connection_id_of(item) for item in live]

    def all_of(self, user_id: str) -> Sequence[Connection]:
        """Return a user's open connections, also those whose token has expired."""
        return [*map(items.to_connection, self._items(user_id))]

    def _write(self, connection: Connection) -> None:
        """Write a connection; raise ConditionFailedError for a cooldown or above the limit."""
        item = items.connection_item(connection)
        mark, now = items.open_connection_mark(connection), self._clock.now()
        banned = Forbidden("this user is banned")
        tx = Transaction(self._connections.client)
        ban = item_keys.ban_key(connection.member.user_id)
        tx.check(self._rooms, ban, IS_NEW, otherwise=banned)
        self._revoked_tokens.require_valid(tx, connection.tokens)
        tx.update(
            self._connections,
            item_keys.user_connections_key(connection.member.user_id),
            Changes(adds={"open": {mark}}, sets={"expiresAt": item["expiresAt"]}),
            condition=_may_open(limit=self._limit, now=now),
        )
        tx.put(self._connections, item)
        tx.commit()

    def _require_no_cooldown(self, ends: int) -> None:
        seconds = ends - items.epoch_seconds(self._clock.now())
        if seconds > 0:
            raise RateLimited(
                f"temporarily blocked after repeated rate-limit violations; retry in {seconds} s",
                retry_after_ms=seconds * 1_000,
            )

    def _items(self, user_id: str) -> Iterator[Item]:
        for id_ in self.ids_of(user_id):
            if item := self._connections.get(item_keys.connection_key(id_)):
                yield item

    def _item(self, user_id: str) -> Item:
        """Return a user's item; empty for a user without one."""
        return self._connections.get(item_keys.user_connections_key(user_id)) or {}

    def _remove_expired(self, user_id: str, known: Item) -> bool:
        """Remove connections that must have ended, their `$disconnect` lost; False for none."""
        now = self._clock.now().timestamp()
        expired = [f"{end}#{id_}" for end, id_ in _open_connections(known) if end <= now]
        if expired:
            self._remove(user_id, expired)
        return bool(expired)

    def _remove(self, user_id: str, marks: Sequence[str]) -> None:
        key, changes = item_keys.user_connections_key(user_id), Changes(deletes={"open": {*marks}})
        try:
            self._connections.update(key, changes, condition=EXISTS)
        except ConditionFailedError:
            return  # the item has expired, with all that was in it


def _may_open(*, limit: int, now: datetime) -> Condition:
    """Return the condition that a user is below the limit and in no cooldown."""
    return Condition(
        "(attribute_not_exists(#open) OR size(#open) < :limit)"
        " AND (attribute_not_exists(restsUntil) OR restsUntil <= :now)",
        {":limit": limit, ":now": items.epoch_seconds(now)},
        {"#open": "open"},
    )


def _open_connections(item: Item) -> Iterable[tuple[int, str]]:
    """Yield the connections in a user's item: the latest possible end of each, and its id."""
    for mark in item.get("open", ()):
        end, _, id_ = mark.partition("#")
        yield int(end), id_
