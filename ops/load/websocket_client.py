"""A client of the load: a WebSocket, under gevent, which hears all the time."""

import itertools
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import gevent
from gevent.event import AsyncResult
from websocket import ABNF, WebSocket, WebSocketException, create_connection

from ops.load.plan import LOOPBACK

Frame = dict[str, Any]
PATIENCE = 30.0
"""Seconds for a handshake or a reply."""


class Unanswered(Exception):
    """A request had no reply, or an error for one."""


class Line:
    """A connection. Replies go to who asked, all else goes to *hear*."""

    def __init__(self, url: str, *, token: str | None, hear: Callable[[Frame], None]) -> None:
        """Connect; raises OSError and WebSocketException."""
        header = [f"Authorization: Bearer {token}"] if token else []
        self._socket: WebSocket = create_connection(
            url, timeout=PATIENCE, header=header, http_no_proxy=[*LOOPBACK]
        )
        self._socket.settimeout(None)
        self._hear = hear
        self._numbers = map(str, itertools.count(1))
        self._asked: dict[str, AsyncResult[Frame]] = {}
        self.is_open = True
        self._reader = gevent.spawn(self._read)

    def ask(self, action: str, **fields: Any) -> Frame:
        """The reply; raises Unanswered."""
        request_id = next(self._numbers)
        result = self._asked[request_id] = AsyncResult()
        self.send({"action": action, "requestId": request_id, **fields})
        try:
            reply: Frame = result.get(timeout=PATIENCE) or {}
        except gevent.Timeout:
            raise Unanswered(f"{action}: no reply within {PATIENCE:g} s") from None
        finally:
            del self._asked[request_id]
        if reply["type"] == "error":
            raise Unanswered(f"{action}: {reply['code']}: {reply['message']}")
        return reply

    def send(self, frame: Mapping[str, Any]) -> None:
        """Send it, and wait for nothing; raises Unanswered when the line is gone."""
        try:
            self._socket.send(json.dumps(frame))
        except (OSError, WebSocketException) as error:
            self.is_open = False
            raise Unanswered(f"{frame['action']}: the connection is gone: {error}") from error

    def close(self) -> None:
        """Say goodbye, and do not wait for an answer."""
        self._reader.kill()
        with suppress(OSError, WebSocketException):
            self._socket.send((1000).to_bytes(2, "big"), ABNF.OPCODE_CLOSE)
        self._socket.shutdown()  # type: ignore[no-untyped-call]  # so it is, and nothing else

    def _read(self) -> None:
        while self.is_open:
            try:
                frame = json.loads(self._socket.recv())
            except (OSError, ValueError, WebSocketException):
                self.is_open = False
                return
            asked = self._asked.get(frame.get("requestId", ""))
            if asked is not None:
                asked.set(frame)
            else:
                self._hear(frame)
