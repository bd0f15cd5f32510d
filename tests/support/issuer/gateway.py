"""The chat on fakes behind a real WebSocket and the real authorizer."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from chat.auth.gateway_policy import Authorizer, UnauthorizedResponse, authorize
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Chat
from tests.support.server_thread import running_in_thread


@dataclass
class Gateway:
    """A WebSocket server that asks the *authorizer* about each handshake."""

    authorizer: Authorizer
    chat: Chat = field(
        default_factory=lambda: Chat(guests=False, clock=FakeClock(datetime.now(UTC)))
    )
    tokens: list[str] = field(default_factory=list)
    """Tokens of the handshakes, in order."""
    is_closed: bool = False
    url: str = ""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _let_in: dict[ServerConnection, dict[str, str]] = field(default_factory=dict)

    @contextmanager
    def serving(self) -> Iterator["Gateway"]:
        """Serve on a port of this machine."""
        with self._server() as server:
            self.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/chat"
            with running_in_thread(server.serve_forever, stop=server.shutdown):
                yield self

    def _server(self) -> Server:
        return serve(
            self._talk,
            "127.0.0.1",
            0,
            subprotocols=["chat.v1"],  # type: ignore[list-item]  # a NewType of str
            process_request=self._judge,
        )

    def _judge(self, connection: ServerConnection, request: Request) -> Response | None:
        """Return a response that refuses the handshake, or None to accept it."""
        if "Upgrade" not in request.headers:
            return connection.respond(HTTPStatus.FORBIDDEN, "")
        headers = _plain(request.headers)
        self.tokens.append(headers.get("sec-websocket-protocol", "").partition(", ")[2])
        try:
            if self.is_closed:
                raise UnauthorizedResponse
            policy = authorize({"methodArn": "arn", "headers": headers}, self.authorizer)
        except UnauthorizedResponse:
            return connection.respond(HTTPStatus.UNAUTHORIZED, "")
        self._let_in[connection] = policy["context"]
        return None

    def _talk(self, connection: ServerConnection) -> None:
        """Pass frames to the chat, and its replies back."""
        id_ = f"c{next(self._numbers)}"
        assert self.chat.is_let_in(id_, **self._let_in.pop(connection)) == HTTPStatus.OK
        try:
            for frame in connection:
                connection.send(json.dumps(self.chat.says(id_, str(frame))))
        except ConnectionClosed:
            pass
        self.chat.hangs_up(id_)


def _plain(headers: Headers) -> dict[str, Any]:
    return {name.lower(): value for name, value in headers.raw_items()}
