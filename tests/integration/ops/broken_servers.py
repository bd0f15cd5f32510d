"""Chats that are not well: small WebSocket servers that do one thing wrong."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from threading import Thread
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

Answer = Callable[[Mapping[str, Any]], str | bytes | None]
"""What is sent for a request; nothing for None."""


class Hangs(Exception):
    """The server closes the connection in place of an answer."""


@contextmanager
def serving(answer: Answer, *, status: HTTPStatus | None = None) -> Iterator[str]:
    """A server on this machine that answers by *answer*; with *status* it refuses. Its URL."""

    def connected(socket: ServerConnection) -> None:
        try:
            for frame in socket:
                if (said := answer(json.loads(frame))) is not None:
                    socket.send(said)
        except (Hangs, ConnectionClosed):
            socket.close()

    def refused(socket: ServerConnection, request: Request) -> Response | None:  # noqa: ARG001 - its
        return socket.respond(status, "") if status else None

    with serve(connected, "127.0.0.1", 0, process_request=refused) as server:
        yield from running(server)


def running(server: Server) -> Iterator[str]:
    """Serve meanwhile; the server's URL."""
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()
        thread.join()


def reply(request: Mapping[str, Any], type_: str, **fields: Any) -> str:
    """A frame that answers *request*."""
    return json.dumps({"type": type_, "requestId": request["requestId"], **fields})
