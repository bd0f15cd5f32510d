"""One client at a real WebSocket, with no patience for a wrong answer."""

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


class Unwell(Exception):
    """Says in one line what was expected of the chat, and what came."""


class Line:
    """A connection: a reply is told from an event by its requestId."""

    def __init__(self, socket: ClientConnection, *, patience: float) -> None:
        """*patience* is in seconds."""
        self._socket = socket
        self._patience = patience
        self._request_ids = map(str, itertools.count(1))
        self._events: list[Frame] = []

    def ask(self, action: str, expected: str, **fields: Any) -> Frame:
        """Send a request; its reply, which is of the type that is *expected*."""
        request_id = next(self._request_ids)
        self._send({"action": action, "requestId": request_id, **fields})
        reply = self._take(lambda frame: frame.get("requestId") == request_id, f"{action}'s reply")
        if reply.get("type") != expected:
            code, text = reply.get("code", reply.get("type")), reply.get("message", "")
            raise Unwell(f"{action}: expected {expected}, got {code} {text}".rstrip())
        return reply

    def hear(self, type_: str, **fields: Any) -> Frame:
        """The next event of a type and with *fields*, heard already or still to come."""
        wanted = {"type": type_, **fields}
        return self._take(
            lambda frame: "requestId" not in frame and wanted.items() <= frame.items(),
            f"the event {type_}",
        )

    def _send(self, frame: Mapping[str, Any]) -> None:
        try:
            self._socket.send(json.dumps(frame))
        except ConnectionClosed as error:
            raise Unwell(f"{frame['action']}: the connection is closed: {error}") from error

    def _take(self, wanted: Callable[[Frame], bool], name: str) -> Frame:
        deadline = time.monotonic() + self._patience
        for event in self._events:
            if wanted(event):
                self._events.remove(event)
                return event
        while True:
            frame = self._next(deadline, name)
            if wanted(frame):
                return frame
            self._events.append(frame)

    def _next(self, deadline: float, name: str) -> Frame:
        try:
            text = self._socket.recv(timeout=max(0.0, deadline - time.monotonic()))
            frame = json.loads(text)
        except TimeoutError:
            raise Unwell(f"{name} did not come within {self._patience:g} s") from None
        except ConnectionClosed as error:
            raise Unwell(f"{name} did not come: the connection was closed: {error}") from error
        except ValueError:
            raise Unwell(f"{name}: expected JSON, got {text[:80]!r}") from None
        if not isinstance(frame, dict):
            raise Unwell(f"{name}: expected an object, got {text[:80]!r}")
        if "type" not in frame:  # API Gateway's own words, which stand for a reply
            raise Unwell(f"{name}: expected a type, got {text[:200]!r}")
        return frame


@contextmanager
def line(target: Target, number: int, **query: str) -> Iterator[Line]:
    """Connect client *number*, by its token or as the guest of *query*; raises Unwell."""
    token = target.token(number)
    separator = "&" if urlsplit(target.url).query else "?"
    try:
        socket = connect(
            target.url if token else f"{target.url}{separator}{urlencode(query)}",
            additional_headers={"Authorization": f"Bearer {token}"} if token else None,
            origin=target.origin,  # type: ignore[arg-type]  # its NewType of str
            open_timeout=target.patience,
            close_timeout=1,
            max_size=None,
            proxy=None if urlsplit(target.url).hostname in LOOPBACK else True,
        )
    except InvalidStatus as error:
        raise Unwell(f"the handshake was refused with {error.response.status_code}") from error
    except TimeoutError as error:
        raise Unwell(f"no connection within {target.patience:g} s") from error
    except (InvalidHandshake, InvalidURI, OSError, ValueError) as error:
        raise Unwell(f"no connection: {_first_line(error)}") from error
    with socket:
        yield Line(socket, patience=target.patience)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
