"""A WebSocket client that accepts only the answer that it expects."""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.sync.client import ClientConnection, connect

from smoke.target import Target

Frame = dict[str, Any]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
CLOSE_SECONDS = 1.0
"""Longest wait for the server's close frame."""


class SmokeError(Exception):
    """A failure of the chat. Its text is one line: what was expected, and what arrived."""


class Connection:
    """One connection. A frame with the requestId of a request is its reply; others are events."""

    def __init__(self, socket: ClientConnection, *, timeout: float) -> None:
        """*timeout* is in seconds, for each answer."""
        self._socket = socket
        self._timeout = timeout
        self._request_ids = map(str, itertools.count(1))
        self._events: list[Frame] = []

    def request(self, action: str, expected: str, **fields: Any) -> Frame:
        """Send a request. Return its reply, whose type is *expected*. Raises SmokeError."""
        request_id = next(self._request_ids)
        self._send({"action": action, "requestId": request_id, **fields})
        reply = self._wait_for(
            lambda frame: frame.get("requestId") == request_id, f"the reply to {action}"
        )
        if reply.get("type") != expected:
            code, text = reply.get("code", reply.get("type")), reply.get("message", "")
            raise SmokeError(f"{action}: expected {expected}, got {code} {text}".rstrip())
        return reply

    def receive_event(self, type_: str, **fields: Any) -> Frame:
        """Return the next event of a type with these fields. Raises SmokeError.

        It may have arrived before, while the client waited for another frame.
        """
        wanted = {"type": type_, **fields}
        return self._wait_for(
            lambda frame: "requestId" not in frame and wanted.items() <= frame.items(),
            f"the event {type_}",
        )

    def _send(self, frame: Mapping[str, Any]) -> None:
        try:
            self._socket.send(json.dumps(frame))
        except ConnectionClosed as error:
            raise SmokeError(f"{frame['action']}: the connection is closed: {error}") from error

    def _wait_for(self, is_wanted: Callable[[Frame], bool], name: str) -> Frame:
        """Return the first wanted frame; keep the frames that arrive before it."""
        deadline = time.monotonic() + self._timeout
        for event in self._events:
            if is_wanted(event):
                self._events.remove(event)
                return event
        while True:
            frame = self._receive(deadline, name)
            if is_wanted(frame):
                return frame
            self._events.append(frame)

    def _receive(self, deadline: float, name: str) -> Frame:
        """Return the next frame. Raises SmokeError after the deadline, or if it is no frame."""
        try:
            text = self._socket.recv(timeout=max(0.0, deadline - time.monotonic()))
            frame = json.loads(text)
        except TimeoutError:
            raise SmokeError(f"{name} did not arrive within {self._timeout:g} s") from None
        except ConnectionClosed as error:
            raise SmokeError(
                f"{name} did not arrive: the connection was closed: {error}"
            ) from error
        except ValueError:
            raise SmokeError(f"{name}: expected JSON, got {text[:80]!r}") from None
        if not isinstance(frame, dict):
            raise SmokeError(f"{name}: expected an object, got {text[:80]!r}")
        if "type" not in frame:  # API Gateway's own error, in place of a reply
            raise SmokeError(f"{name}: expected a type, got {text[:200]!r}")
        return frame


@contextmanager
def open_connection(target: Target, number: int, **query: str) -> Iterator[Connection]:
    """Connect client *number*, and close the connection at the end of the block.

    It uses its token, or it is the guest whom *query* describes. Raises SmokeError.
    """
    token = target.token(number)
    separator = "&" if urlsplit(target.url).query else "?"
    try:
        socket = connect(
            target.url if token else f"{target.url}{separator}{urlencode(query)}",
            additional_headers={"Authorization": f"Bearer {token}"} if token else None,
            origin=target.origin,  # type: ignore[arg-type]  # its NewType of str
            open_timeout=target.timeout,
            close_timeout=CLOSE_SECONDS,
            max_size=None,
            proxy=None if urlsplit(target.url).hostname in LOOPBACK else True,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        raise SmokeError(f"the handshake was rejected with status {status}") from error
    except TimeoutError as error:
        raise SmokeError(f"no connection within {target.timeout:g} s") from error
    except (InvalidHandshake, InvalidURI, OSError, ValueError) as error:
        raise SmokeError(f"no connection: {_first_line(error)}") from error
    with socket:
        yield Connection(socket, timeout=target.timeout)


def _first_line(error: Exception) -> str:
    """Return the first line of an error's text, or its type if it has none."""
    return next(iter(str(error).splitlines()), type(error).__name__)
