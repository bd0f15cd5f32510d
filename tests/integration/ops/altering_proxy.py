"""A proxy in front of the real chat that alters frames."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Request, Response
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import ServerConnection, serve

from tests.integration.ops.broken_servers import running

Frame = dict[str, Any]
Change = Callable[[Frame], Frame | None]
"""The frame to pass on instead of a frame, or None to drop it."""


def as_it_is(frame: Frame) -> Frame:
    """Return the frame unchanged."""
    return frame


@contextmanager
def altering(url: str, *, up: Change = as_it_is, down: Change = as_it_is) -> Iterator[str]:
    """Pass frames to the chat at *url* and back; yield the proxy's URL."""
    upstreams: dict[int, ClientConnection] = {}

    def asked(socket: ServerConnection, request: Request) -> Response | None:
        try:
            query = request.path.partition("?")[2]
            upstreams[id(socket)] = connect(f"{url}?{query}", proxy=None, max_size=None)
        except InvalidStatus as error:
            return socket.respond(error.response.status_code, "")
        return None

    def connected(socket: ServerConnection) -> None:
        with upstreams.pop(id(socket)) as upstream:
            back = Thread(target=_pass, args=(upstream, socket, down))
            back.start()
            _pass(socket, upstream, up)
            upstream.close()
            back.join()

    with serve(connected, "127.0.0.1", 0, process_request=asked, max_size=None) as server:
        yield from running(server)


def _pass(
    source: ServerConnection | ClientConnection,
    target: ServerConnection | ClientConnection,
    change: Change,
) -> None:
    try:
        for text in source:
            changed = change(json.loads(text)) if _is_object(text) else text
            if isinstance(changed, dict):
                target.send(json.dumps(changed))
            elif changed is not None:
                target.send(changed)
    except ConnectionClosed:
        target.close()


def _is_object(text: str | bytes) -> bool:
    try:
        return isinstance(text, str) and isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
