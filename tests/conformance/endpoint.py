"""The tested chat: its URL, and how its users connect."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.sync.client import ClientConnection, connect

from smoke.websocket_client import LOOPBACK
from tests.conformance.client import ValidatingClient

PEOPLE = ("alice", "bob")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A chat of guests, or of two users with a token each."""

    url: str
    tokens: tuple[str, ...] = ()
    origin: str | None = None
    timeout: float = 10.0
    """Longest wait for a frame, in seconds."""
    _salt: str = field(default_factory=lambda: uuid.uuid4().hex)

    @contextmanager
    def client(self, name: str) -> Iterator[ValidatingClient]:
        """Open one more connection of alice or bob, who are the same users each time."""
        if self.tokens:
            opened = self.connect(token=self.tokens[PEOPLE.index(name)])
        else:
            opened = self.connect(name=name, key=f"{name}-{self._salt}")
        with opened:
            yield ValidatingClient(opened, timeout=self.timeout)

    def connect(
        self, *, token: str | None = None, subprotocols: Any = None, **query: str
    ) -> ClientConnection:
        """Open a connection with a token, subprotocols or query parameters."""
        parts = urlsplit(self.url)
        separator = "&" if parts.query else "?"
        return connect(
            f"{self.url}{separator}{urlencode(query)}" if query else self.url,
            additional_headers={"Authorization": f"Bearer {token}"} if token else None,
            subprotocols=subprotocols,
            origin=self.origin,  # type: ignore[arg-type]  # its NewType of str
            open_timeout=self.timeout,
            close_timeout=1,
            max_size=None,
            proxy=None if parts.hostname in LOOPBACK else True,
        )
