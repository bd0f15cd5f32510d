"""WebSocket servers that each do one thing wrong."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from tests.support.server_thread import running_in_thread

Answer = Callable[[Mapping[str, Any]], str | bytes | None]
"""The frame that answers a request, or None for no answer."""


class Hangs(Exception):
    """The server closes the connection instead of answering."""


@contextmanager
def serving(answer: Answer, *, status: HTTPStatus | None = None) -> Iterator[str]:
    """Serve replies of *answer*, or refuse handshakes with *status*; yield the server's URL."""

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
    """Run the server in a thread; yield its URL."""
    with running_in_thread(server.serve_forever, stop=server.shutdown):
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"


def reply(request: Mapping[str, Any], type_: str, **fields: Any) -> str:
    """Return a frame that answers *request*."""
    return json.dumps({"type": type_, "requestId": request["requestId"], **fields})
