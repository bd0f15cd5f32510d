"""The reference client on the harness: one exchange at a time, each with a chosen result."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from chat.domain.clock import CONNECTION_KEPT
from chat.domain.delivery import Delivery
from chat.domain.identity import Identity
from tests.reliability.model.client_record import Frame
from tests.reliability.model.reference_client import Client
from tests.support.fakes.clock_and_push import FakePush
from tests.support.harness import Chat


class ExchangeResult(Enum):
    """The result of a request or a push."""

    FINE = "fine"
    LOST = "lost"
    REPLY_LOST = "the reply is lost"
    FAILED_BEFORE = "internal, before anything was done"
    FAILED_AFTER = "internal, after everything was done"
    GATEWAY_ERROR = "the gateway's own error, after everything was done"
    TWICE = "twice"
    LATE = "late"


FAILURES = (
    ExchangeResult.LOST,
    ExchangeResult.REPLY_LOST,
    ExchangeResult.FAILED_BEFORE,
    ExchangeResult.FAILED_AFTER,
    ExchangeResult.GATEWAY_ERROR,
)
PUSHES = (ExchangeResult.FINE, ExchangeResult.LOST, ExchangeResult.TWICE, ExchangeResult.LATE)

_INTERNAL = {
    "type": "error",
    "code": "internal",
    "message": "internal error 7",
    "retryAfterMs": 100,
}
_GATEWAY = {"message": "Internal server error", "connectionId": "c", "requestId": "gateway's"}


@dataclass
class UnreliablePush(FakePush):
    """Pushes that get lost, come twice, or come after later ones."""

    result: ExchangeResult = ExchangeResult.FINE
    late: list[tuple[str, bytes]] = field(default_factory=list)
    now: Callable[[], float] = lambda: 0.0
    expiries: dict[str, float] = field(default_factory=dict)
    """The expiry of each connection whose user has a token."""
    pushed_after_expiry: list[str] = field(default_factory=list)
    """Connections that received a push after their expiry."""

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Deliver a frame as `result` says. Closed connections are gone in any case."""
        ids = tuple(connection_ids)
        self.pushed_after_expiry += [
            id_ for id_ in ids if self.now() >= self.expiries.get(id_, self.now() + 1)
        ]
        open_ids = [id_ for id_ in ids if id_ not in self.closed]
        gone = tuple(id_ for id_ in ids if id_ in self.closed)
        match self.result:
            case ExchangeResult.LOST:
                return Delivery(delivered=0, gone=gone, failed=tuple(open_ids))
            case ExchangeResult.LATE:
                self.late += [(id_, frame) for id_ in open_ids]
            case result:
                for _ in range(2 if result is ExchangeResult.TWICE else 1):
                    super().send(open_ids, frame)
        return Delivery(delivered=len(open_ids), gone=gone, failed=())

    def release(self) -> None:
        """Deliver the late frames, the latest first."""
        while self.late:
            id_, frame = self.late.pop()
            super().send([id_], frame)


@dataclass
class InMemoryUser:
    """A client on the harness. Its connections are called `alice.1`, `alice.2` and so on."""

    name: str
    chat: Chat
    client: Client
    connection_id: str | None = None
    lifetime: float = 3600.0
    """The seconds that a new token is valid, if the user has one."""
    _opened: float = 0.0
    _connections: int = 0
    _heard: int = 0

    @property
    def now(self) -> float:
        """Return the chat's time in seconds."""
        return self.chat.clock.now().timestamp()

    def step(self, result: ExchangeResult = ExchangeResult.FINE) -> bool:
        """Connect, receive, or send a request, and return whether there was anything to do."""
        if self.connection_id in self.chat.push.closed:
            self._disconnected()
        if self.connection_id is None:
            return self._connect()
        if self._receive():
            return True
        self.client.wake(self.now)
        frame = self.client.next_frame(self.now)
        if frame:
            self._exchange(frame, result)
        if self.client.must_close:
            self.drop()
            return True
        return frame is not None

    def settle(self) -> None:
        """Step until there is nothing to do at this time."""
        while self.step():
            pass

    def drop(self, *, is_reported: bool = True) -> None:
        """Lose the connection. Unless *is_reported*, its `$disconnect` is lost or late."""
        if self.connection_id:
            (self.chat.hangs_up if is_reported else self.chat.vanishes)(self.connection_id)
            self._disconnected()

    def renew(self) -> None:
        """Get a new token, and let the client renew the connection with it."""
        end = int(self.now + self.lifetime)
        token = f"{self.user_id} until {end}"
        ends_at = datetime.fromtimestamp(end, UTC)
        identity = Identity(self.user_id, self.name, ends_at, token_id=token)
        self.chat.verifier.good[token] = identity
        self.client.renew(token)

    @property
    def user_id(self) -> str:
        """Return the user id. Two devices are one user."""
        return f"u-{self.name.split('-')[0]}"

    @property
    def token_expires_at(self) -> float:
        """Return when the server must treat the connection as expired."""
        assert self.connection_id
        kept = self._opened + CONNECTION_KEPT.total_seconds()
        return min(kept, self._expiries.get(self.connection_id, kept))

    @property
    def _expiries(self) -> dict[str, float]:
        assert isinstance(self.chat.push, UnreliablePush)
        return self.chat.push.expiries

    def _disconnected(self) -> None:
        self.connection_id = None
        self.client.disconnected(self.now)

    def _connect(self) -> bool:
        if not self.client.may_connect(self.now):
            return False
        self._connections += 1
        self.connection_id = f"{self.name}.{self._connections}"
        self.chat.replies[self.connection_id] = []
        assert self._handshake(self.connection_id) == 200
        self._opened = self.now
        self._heard = 0
        self.client.connected(self.now)
        return True

    def _handshake(self, connection_id: str) -> int:
        if self.chat.guests:
            key = f"key-of-{self.user_id.removeprefix('u-')}".ljust(16, "-")
            return self.chat.connects(connection_id, name=self.name, key=key)
        end = int(self.now + self.lifetime)
        self._expiries[connection_id] = end
        who = {"userId": self.user_id, "name": self.name, "expiresAt": str(end)}
        return self.chat.is_let_in(connection_id, **who)

    def _receive(self) -> bool:
        pushed = self.chat.push.heard.get(self.connection_id or "", [])
        fresh = pushed[self._heard :]
        self._heard = len(pushed)
        for frame in fresh:
            self.client.received(json.loads(frame), self.now)
        return bool(fresh)

    def _exchange(self, frame: Frame, result: ExchangeResult) -> None:
        assert self.connection_id
        if result is ExchangeResult.LOST:
            self.drop()
        elif result is ExchangeResult.FAILED_BEFORE:
            self.client.received(_INTERNAL | {"requestId": frame["requestId"]}, self.now)
        else:
            reply = self.chat.says(self.connection_id, frame)
            self._check_expiry(frame, reply)
            self._replies(reply, result)

    def _check_expiry(self, frame: Frame, reply: Frame) -> None:
        """Assert that requests fail as `unauthorized` exactly from the expiry on."""
        is_over = self.now >= self.token_expires_at
        assert (reply.get("code") == "unauthorized") == is_over, (
            self.token_expires_at,
            frame,
            reply,
        )
        if reply["type"] == "renewed":
            assert self.connection_id
            end = self.chat.verifier.good[frame["token"]].expires_at.timestamp()
            self._expiries[self.connection_id] = max(end, self._expiries[self.connection_id])

    def _replies(self, reply: Frame, result: ExchangeResult) -> None:
        if result is ExchangeResult.REPLY_LOST:
            self.drop()
        elif result is ExchangeResult.FAILED_AFTER:
            self.client.received(_INTERNAL | {"requestId": reply["requestId"]}, self.now)
        else:
            self.client.received(
                _GATEWAY if result is ExchangeResult.GATEWAY_ERROR else reply, self.now
            )
