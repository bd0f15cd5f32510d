"""Opening connections: bans, revoked tokens, the limit of a user's connections, and cooldowns."""

from datetime import datetime

from chat.domain.bounded_dict import BoundedDict
from chat.domain.clock import CONNECTION_KEPT, Clock
from chat.domain.connection import Connection
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import IS_NEW, Changes, Condition
from chat.dynamodb.revoked_tokens import RevokedTokens
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.dynamodb.user_connections import DynamoUserConnections
from chat.errors import Forbidden, RateLimited

_COOLDOWN_UNTIL = "restsUntil"
"""Attribute of a user's connections: the end of the cooldown, in seconds since 1970."""


class DynamoHandshakes:
    """New connections, with the bans in the table of rooms and all else in that of connections."""

    def __init__(
        self,
        connections: Table,
        rooms: Table,
        *,
        user_connections: DynamoUserConnections,
        revoked_tokens: RevokedTokens,
        clock: Clock,
        connections_per_user: int,
    ) -> None:
        self._connections = connections
        self._rooms = rooms
        self._user_connections = user_connections
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
                known = self._user_connections.item_of(user_id)
            self._cooldowns.put(user_id, cooldown_ends := int(known.get(_COOLDOWN_UNTIL, 0)))
            self._require_no_cooldown(cooldown_ends)
            if not self._user_connections.remove_expired(user_id, known):
                break
        raise RateLimited(f"a user may have {self._limit} connections open: close one first")

    def start_cooldown(self, user_id: str, *, until: datetime) -> None:
        """Let a user open no connection until then. The item outlives all that are open."""
        ends, kept = (
            items.epoch_seconds(it) for it in (until, self._clock.now() + CONNECTION_KEPT)
        )
        key = item_keys.user_connections_key(user_id)
        self._connections.update(key, Changes(sets={_COOLDOWN_UNTIL: ends, "expiresAt": kept}))
        self._cooldowns.put(user_id, ends)

    def _write(self, connection: Connection) -> None:
        """Write a connection; raise ConditionFailedError for a cooldown or above the limit."""
        item = items.connection_item(connection)
        mark, now = items.open_connection_mark(connection), self._clock.now()
        banned = Forbidden("this user is banned")
        tx = Transaction(self._connections.client)
        user_id = connection.member.user_id
        for ban in (item_keys.ban_key(user_id), item_keys.erased_ban_key(user_id)):
            tx.check(self._rooms, ban, IS_NEW, otherwise=banned)
        self._revoked_tokens.require_valid(tx, connection.tokens)
        tx.update(
            self._connections,
            item_keys.user_connections_key(user_id),
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


def _may_open(*, limit: int, now: datetime) -> Condition:
    """Return the condition that a user is below the limit and in no cooldown."""
    return Condition(
        "(attribute_not_exists(#open) OR size(#open) < :limit)"
        f" AND (attribute_not_exists({_COOLDOWN_UNTIL}) OR {_COOLDOWN_UNTIL} <= :now)",
        {":limit": limit, ":now": items.epoch_seconds(now)},
        {"#open": "open"},
    )
