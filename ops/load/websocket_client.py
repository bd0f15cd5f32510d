"""A WebSocket client under gevent, which receives frames all the time."""

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
REPLY_SECONDS = 30.0
"""Longest wait for a handshake or a reply."""


class RequestFailed(Exception):
    """A request without a reply, or with an error as its reply."""


class LoadClient:
    """One connection. Replies to `request` are returned by it; other frames go to *on_frame*."""

    def __init__(self, url: str, *, token: str | None, on_frame: Callable[[Frame], None]) -> None:
        """Connect. Raises OSError, WebSocketException."""
        header = [f"Authorization: Bearer {token}"] if token else []
        self._socket: WebSocket = create_connection(
            url,
            timeout=REPLY_SECONDS,
            header=header,
            http_no_proxy=[*LOOPBACK],
            suppress_origin=True,  # only pages have an origin, and others are refused
        )
        self._socket.settimeout(None)
        self._on_frame = on_frame
        self._request_ids = map(str, itertools.count(1))
        self._pending: dict[str, AsyncResult[Frame]] = {}
        self.is_open = True
        self._reader = gevent.spawn(self._read)

    def request(self, action: str, **fields: Any) -> Frame:
        """Send a request and return its reply. Raises RequestFailed."""
        request_id = next(self._request_ids)
        result = self._pending[request_id] = AsyncResult()
        self.send({"action": action, "requestId": request_id, **fields})
        try:
            reply: Frame = result.get(timeout=REPLY_SECONDS) or {}
        except gevent.Timeout:
            raise RequestFailed(f"{action}: no reply within {REPLY_SECONDS:g} s") from None
        finally:
            del self._pending[request_id]
        if reply["type"] == "error":
            raise RequestFailed(f"{action}: {reply['code']}: {reply['message']}")
        return reply

    def send(self, frame: Mapping[str, Any]) -> None:
        """Send a frame and do not wait. Raises RequestFailed if the connection is closed."""
        try:
            self._socket.send(json.dumps(frame))
        except (OSError, WebSocketException) as error:
            self.is_open = False
            raise RequestFailed(f"{frame['action']}: the connection is closed: {error}") from error

    def close(self) -> None:
        """Send a close frame, and do not wait for the server's."""
        self._reader.kill()
        with suppress(OSError, WebSocketException):
            self._socket.send((1000).to_bytes(2, "big"), ABNF.OPCODE_CLOSE)
        self._socket.shutdown()  # type: ignore[no-untyped-call]  # closes the socket only

    def _read(self) -> None:
        """Pass each frame to its request, or to *on_frame*, until the connection is closed."""
        while self.is_open:
            try:
                frame = json.loads(self._socket.recv())
            except (OSError, ValueError, WebSocketException):
                self.is_open = False
                return
            pending = self._pending.get(frame.get("requestId", ""))
            if pending is not None:
                pending.set(frame)
            else:
                self._on_frame(frame)
