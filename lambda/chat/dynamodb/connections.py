"""Connections in DynamoDB: opened, read, renewed, removed, and found when their token expires."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chat.domain.clock import Clock, unwire, wire
from chat.domain.connection import Connection, TokenId, next_closing
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import EXISTS, Changes, Condition
from chat.dynamodb.revoked_tokens import RevokedTokens
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.dynamodb.user_connections import DynamoUserConnections
from chat.errors import unknown_connection


class DynamoConnections:
    """Connections in the table of connections, and the index of those that end early."""

    def __init__(
        self,
        connections: Table,
        *,
        user_connections: DynamoUserConnections,
        revoked_tokens: RevokedTokens,
        clock: Clock,
    ) -> None:
        self._table = connections
        self._user_connections = user_connections
        self._revoked_tokens = revoked_tokens
        self._clock = clock

    def get(self, connection_id: str) -> Connection:
        """Return a connection; raise Unauthorized if it is unknown or has ended."""
        item = self._table.get(item_keys.connection_key(connection_id))
        if item is None or not items.is_live(item, self._clock.now()):
            raise unknown_connection()
        return items.to_connection(item)

    def remove(self, connection_id: str) -> Connection | None:
        """Delete a connection and its subscriptions; return it, or None if it was unknown."""
        key = item_keys.connection_key(connection_id)
        known = self._table.get(key)
        if known is None:
            return None
        # Before the rest: after a failure below, the connection's item is still there to be found.
        self._user_connections.remove(items.to_connection(known))
        # A repeated delete has nothing to return, so the item that was read has to do.
        connection = items.to_connection(self._table.delete(key) or known)
        for room_id in sorted(connection.rooms):
            self._table.delete(item_keys.subscriber_key(room_id, connection_id))
        return connection

    def renew(self, connection: Connection, token: TokenId) -> Connection:
        """Extend a connection, then its subscriptions; return it as it is then.

        A repeated call does what is left, and writes nothing if nothing is left. A join that has
        read the old end fails if it is written later. Each subscription is therefore either found
        here or has the new end.
        """
        if _has_used(connection, token):
            for room_id in sorted(connection.rooms):
                if self._ends_earlier(room_id, connection):
                    self._extend_subscription(room_id, connection)
            return connection
        renewed = self._extend(replace(connection, token_expires_at=token.expires_at), token)
        for room_id in sorted(renewed.rooms):
            self._extend_subscription(room_id, renewed)
        return renewed

    def expired(self, *, limit: int) -> Sequence[str]:
        """Return the ids of connections whose token has expired, in the index and in the table."""
        now = self._clock.now()
        share = -(-limit // items.EXPIRY_PARTS)
        found = [
            id_
            for part in range(items.EXPIRY_PARTS)
            for id_ in self._expired_in(str(part), now, share)
        ]
        return [id_ for id_ in found[:limit] if self._has_expired(id_, now)]

    def postpone_closing(self, connection_id: str) -> None:
        """Move an expired connection back in the index, behind those that were not tried yet."""
        key = item_keys.connection_key(connection_id)
        item = self._table.get(key)
        if item is None or items.TOKEN_EXPIRES_AT not in item:
            return
        due = next_closing(unwire(item[items.TOKEN_EXPIRES_AT]), self._clock.now())
        changes = Changes(sets={"endsAt": items.epoch_seconds(due)})
        with suppress(ConditionFailedError):  # it has been removed meanwhile
            self._table.update(key, changes, condition=EXISTS)

    def revoke_tokens(self, connection: Connection) -> Sequence[str]:
        """Revoke a connection's tokens; return the ids of all connections that have them.

        Revokes first and looks for connections then: a connection that opens meanwhile either
        fails or is found. A found connection may have been renewed with further tokens.
        """
        done, tokens = frozenset[TokenId](), connection.tokens
        found: Sequence[Connection] = []
        while tokens - done:
            self._revoked_tokens.add(tokens - done)
            done = tokens
            own = self._user_connections.all_of(connection.member.user_id)
            found = [it for it in own if it.tokens & done]
            tokens = done.union(*(it.tokens for it in found))
        return [it.connection_id for it in found]

    def _extend(self, renewed: Connection, token: TokenId) -> Connection:
        """Return the connection after the renewal; a faster renewal may have set a later end."""
        sets = items.expiry_attributes(renewed)
        ends_earlier = Condition(
            f"{items.TOKEN_EXPIRES_AT} <= :end", {":end": sets[items.TOKEN_EXPIRES_AT]}
        )
        try:
            self._renew(renewed, token, Changes(sets=sets), ends_earlier)
        except ConditionFailedError:
            # It ends later already. Its token is remembered nevertheless.
            with suppress(ConditionFailedError):
                self._renew(renewed, token, Changes(), EXISTS)
        return self.get(renewed.connection_id)

    def _renew(
        self, renewed: Connection, token: TokenId, changes: Changes, condition: Condition
    ) -> None:
        """Change a connection that has not ended; raise Unauthorized for a revoked token."""
        is_open = Condition(f"{items.TOKEN_EXPIRES_AT} > :now", {":now": wire(self._clock.now())})
        tx = Transaction(self._table.client)
        self._revoked_tokens.require_valid(tx, [token])
        tx.update(
            self._table,
            item_keys.connection_key(renewed.connection_id),
            replace(changes, adds={"tokens": items.token_marks([token])}),
            condition=is_open & condition,
        )
        tx.commit()

    def _ends_earlier(self, room_id: str, connection: Connection) -> bool:
        """Return whether a subscription ends before its connection. A read costs less here."""
        item = self._table.get(item_keys.subscriber_key(room_id, connection.connection_id)) or {}
        until = items.epoch_seconds(connection.record_expires_at)
        return int(item.get("expiresAt", until)) < until

    def _extend_subscription(self, room_id: str, renewed: Connection) -> None:
        key = item_keys.subscriber_key(room_id, renewed.connection_id)
        until = items.epoch_seconds(renewed.record_expires_at)
        ends_earlier = Condition("expiresAt < :until", {":until": until})
        # The condition fails if the connection has left the room, or lasts as long already.
        with suppress(ConditionFailedError):
            self._table.update(key, Changes(sets={"expiresAt": until}), condition=ends_earlier)

    def _expired_in(self, part: str, now: datetime, limit: int) -> Iterator[str]:
        """Yield the ids that a part of the index lists. It may be a moment behind its table."""
        values = {":part": part, ":now": items.epoch_seconds(now)}
        condition = "endsIn = :part AND endsAt <= :now"
        found = self._table.query_index(items.EXPIRY_INDEX, condition, values, limit=limit)
        return map(item_keys.connection_id_of, found)

    def _has_expired(self, connection_id: str, now: datetime) -> bool:
        item = self._table.get(item_keys.connection_key(connection_id))
        return item is not None and not items.is_live(item, now)


def _has_used(connection: Connection, token: TokenId) -> bool:
    """Return whether a token has renewed a connection already, which lasts as long at least."""
    end = connection.token_expires_at
    return token in connection.tokens and end is not None and token.expires_at <= end
