"""Sockets, tokens and the operator's bans in memory, beside `FakeRooms`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chat.domain.connection import Connection, TokenId
from chat.domain.identity import Identity
from chat.errors import Unauthorized
from chat.ports import Clock
from tests.support.fakes.rooms import FakeRooms


class FakeSockets:
    """Open connections."""

    def __init__(self, rooms: FakeRooms, clock: Clock) -> None:
        self._rooms = rooms
        self._clock = clock

    def of(self, user_id: str) -> Sequence[str]:
        """The ids of every connection that a user has open."""
        return self._rooms.held_by(user_id)

    def live(self, user_id: str) -> Sequence[str]:
        """The ids of those of them that still hear."""
        now = self._clock.now()
        return [
            c.connection_id
            for c in self._rooms.open_ones()
            if c.member.user_id == user_id and c.kept_until > now
        ]

    def rest(self, user_id: str, *, until: datetime) -> None:
        """Let a user open no connection until then."""
        self._rooms.resting[user_id] = until

    def renew(self, connection: Connection, token: TokenId) -> Connection:
        """Let a connection last longer, in its rooms too."""
        return self._rooms.renew(connection.connection_id, token)

    def sign_out(self, connection: Connection) -> Sequence[str]:
        """Let its tokens open and renew nothing more; the ids of all connections that have them."""
        user_id = connection.member.user_id
        done, tokens = frozenset[TokenId](), connection.tokens
        found = list[Connection]()
        while tokens - done:
            done = tokens
            own = (c for c in self._rooms.open_ones() if c.member.user_id == user_id)
            found = [c for c in own if c.tokens & done]
            tokens = done.union(*(c.tokens for c in found))
        self._rooms.signed_out |= {token.id for token in tokens}
        return [c.connection_id for c in found]

    def ended(self, *, limit: int) -> Sequence[str]:
        """Connections whose token's time is over, the oldest first."""
        now = self._clock.now()
        over = [
            c for c in self._rooms.open_ones() if c.token_expires_at and c.token_expires_at <= now
        ]
        over.sort(key=lambda c: c.token_expires_at or now)
        return [c.connection_id for c in over][:limit]


class FakeBans:
    """What an operator may do."""

    def __init__(self, rooms: FakeRooms) -> None:
        self._rooms = rooms

    def ban(self, user_id: str) -> None:
        """Let a user connect no more."""
        self._rooms.banned.add(user_id)

    def lift(self, user_id: str) -> None:
        """Let them connect again."""
        self._rooms.banned.discard(user_id)


@dataclass
class FakeVerifier:
    """Knows the good tokens."""

    good: dict[str, Identity] = field(default_factory=dict)

    def verify(self, token: str) -> Identity:
        """Who the bearer is."""
        if token not in self.good:
            raise Unauthorized("the token is not valid")
        return self.good[token]
