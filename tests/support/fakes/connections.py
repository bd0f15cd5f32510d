"""Connections, users' connections, tokens and the operator's bans, in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chat.domain.connection import Connection, TokenId, next_closing
from chat.domain.identity import Identity
from chat.errors import Forbidden, RateLimited, Unauthorized, token_revoked, unknown_connection
from tests.support.fakes.state import State


class FakeConnections:
    """The Connections port."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, connection_id: str) -> Connection:
        """Return a connection; raise Unauthorized."""
        connection = self._state.connection(connection_id)
        if self._state.is_over(connection.record_expires_at):
            raise unknown_connection()
        return connection

    def remove(self, connection_id: str) -> Connection | None:
        """Delete a connection and its subscriptions; return it, or None."""
        connection = self._state.connections.pop(connection_id, None)
        for room_id in connection.rooms if connection else ():
            self._state.remove_subscriber(room_id, connection_id)
        return connection

    def renew(self, connection: Connection, token: TokenId) -> Connection:
        """Extend a connection and its subscriptions to the end of a token."""
        require_valid(self._state, [token])
        id_, old = connection.connection_id, self.get(connection.connection_id)
        end = max(token.expires_at, old.token_expires_at) if old.token_expires_at else None
        renewed = replace(old, token_expires_at=end, tokens=old.tokens | {token})
        self._state.connections[id_] = renewed
        for room_id in renewed.rooms:
            subscriber, _ = self._state.subscribers[room_id][id_]
            self._state.subscribers[room_id][id_] = (subscriber, renewed.record_expires_at)
        return renewed

    def revoke_tokens(self, connection: Connection) -> Sequence[str]:
        """Revoke a connection's tokens; return the ids of all connections that have them."""
        user_id = connection.member.user_id
        done, tokens = frozenset[TokenId](), connection.tokens
        found = list[Connection]()
        while tokens - done:
            done = tokens
            own = (c for c in self._state.connections.values() if c.member.user_id == user_id)
            found = [c for c in own if c.tokens & done]
            tokens = done.union(*(c.tokens for c in found))
        self._state.revoked_tokens |= {token.digest for token in tokens}
        return [c.connection_id for c in found]

    def expired(self, *, limit: int) -> Sequence[str]:
        """Return the ids of connections whose token has expired, oldest first."""
        ends = [
            (self._state.closings.get(c.connection_id, c.token_expires_at), c.connection_id)
            for c in self._state.connections.values()
            if c.token_expires_at and c.token_expires_at <= self._state.clock.now()
        ]
        due = sorted((it for it in ends if it[0] <= self._state.clock.now()), key=lambda it: it[0])
        return [id_ for _, id_ in due][:limit]

    def postpone_closing(self, connection_id: str) -> None:
        """Leave an expired connection out of `expired` for as long as it has been expired."""
        connection = self._state.connections.get(connection_id)
        if connection and connection.token_expires_at:
            due = next_closing(connection.token_expires_at, self._state.clock.now())
            self._state.closings[connection_id] = due


class FakeHandshakes:
    """The Handshakes port."""

    def __init__(self, state: State, *, connections_per_user: int) -> None:
        self._state = state
        self._limit = connections_per_user

    def open(self, connection: Connection) -> None:
        """Write a new connection."""
        user_id, now = connection.member.user_id, self._state.clock.now()
        if user_id in self._state.banned:
            raise Forbidden("this user is banned")
        require_valid(self._state, connection.tokens)
        if self._state.cooldowns.get(user_id, now) > now:
            raise RateLimited("temporarily blocked")
        if len(self._state.open_ids(user_id)) >= self._limit:
            raise RateLimited("too many connections")
        self._state.connections[connection.connection_id] = connection

    def start_cooldown(self, user_id: str, *, until: datetime) -> None:
        """Let a user open no connection until then."""
        self._state.cooldowns[user_id] = until


class FakeUserConnections:
    """The UserConnections port."""

    def __init__(self, state: State) -> None:
        self._state = state

    def ids_of(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections."""
        return self._state.open_ids(user_id)

    def live_ids_of(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections whose token has not expired."""
        return [
            c.connection_id
            for c in self._state.connections.values()
            if c.member.user_id == user_id and c.record_expires_at > self._state.clock.now()
        ]


class FakeBans:
    """The operator's bans."""

    def __init__(self, state: State) -> None:
        self._state = state

    def ban(self, user_id: str) -> None:
        """Let a user connect no more."""
        self._state.banned.add(user_id)

    def lift(self, user_id: str) -> None:
        """Let a user connect again."""
        self._state.banned.discard(user_id)


@dataclass
class FakeVerifier:
    """The Verifier port, which knows the good tokens."""

    good: dict[str, Identity] = field(default_factory=dict)

    def verify(self, token: str) -> Identity:
        """Return the identity in a good token."""
        if token not in self.good:
            raise Unauthorized("the token is not valid")
        return self.good[token]


def require_valid(state: State, tokens: Iterable[TokenId]) -> None:
    """Raise Unauthorized for a revoked token."""
    if state.revoked_tokens & {token.digest for token in tokens}:
        raise token_revoked()
