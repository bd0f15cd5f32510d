"""The chat from which permissions are removed one by one, and its clients."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from local.deploy import STACK, Endpoints, forget_connections
from local.emulator_process import Emulator
from tests.integration.least_privilege.deployed import client
from tests.integration.least_privilege.watch import Broken, Watch
from tests.support.clients.websocket import Frame, WebSocketClient

LIMITS = {
    "INLINE_LIMIT": "1",
    "PRESENCE": "50",
    "CONNECTION_JOINS_PER_MINUTE": "5",
    "USER_STRIKE_RATE": "1",
    "USER_STRIKE_BURST": "3",
    "USER_COOLDOWN_SECONDS": "1",
}
"""Settings under which every permission is used soon.

A push to two recipients goes through the queue, and a few requests for rooms disconnect a flooder.
"""


@dataclass(frozen=True, slots=True)
class Chat:
    """The deployed stack, the *tokens* of its users, and its functions by their handlers."""

    aws: Emulator
    endpoints: Endpoints
    tokens: Mapping[str, str]
    functions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = client("lambda", self.aws.url).list_functions()["Functions"]
        self.functions.update({it["Handler"]: it["FunctionName"] for it in found})

    def now(self, denial: str | None = None) -> Watch:
        """Return a watch over the log from here on."""
        return Watch(self.aws.log, self.aws.log.stat().st_size, denial)

    @contextmanager
    def connect(self, name: str, watch: Watch) -> Iterator["Watched"]:
        """Connect a signed-in user; raises `Broken` if the handshake is refused."""
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        url = self.endpoints.web_socket_url
        with ExitStack() as open_:
            try:
                socket = open_.enter_context(connect(url, additional_headers=headers, proxy=None))
            except InvalidStatus as refused:
                raise Broken(str(refused)) from refused
            yield Watched(socket, watch)

    def add_ghost(self, room_id: str) -> None:
        """Add a subscriber to a room whose connection has ended unnoticed."""
        who = {"userId": {"S": "ghost"}, "name": {"S": "ghost"}}
        connection = {"connectedAt": {"S": "2026-01-01T00:00:00.000Z"}, "rooms": {"SS": [room_id]}}
        place = {"joinedAt": {"S": "2026-01-01T00:00:00.000Z"}}
        for pk, sk, rest in (
            ("CONNECTION#Z2hvc3Q=", "CONNECTION", connection),
            (f"ROOM#{room_id}", "CONNECTION#Z2hvc3Q=", place),
        ):
            item = {"pk": {"S": pk}, "sk": {"S": sk}, **who, **rest}
            client("dynamodb", self.aws.url).put_item(
                TableName=self.endpoints.connections_table, Item=item
            )

    def invocations(self, handler: str) -> int:
        """Return how often a function has run, by its log."""
        functions = client("lambda", self.aws.url)
        name = self.functions[handler]
        group = functions.get_function(FunctionName=name)["Configuration"]["LoggingConfig"]
        pages = client("logs", self.aws.url).get_paginator("filter_log_events")
        events = pages.paginate(logGroupName=group["LogGroup"], filterPattern="REPORT")
        return sum("REPORT" in event["message"] for page in events for event in page["events"])

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Give the functions the settings of `LIMITS` while the context is open."""
        functions = client("lambda", self.aws.url)
        deployed = {
            name: functions.get_function_configuration(FunctionName=name)["Environment"]
            for name in self.functions.values()
        }
        for name, was in deployed.items():
            known = {key: value for key, value in LIMITS.items() if key in was["Variables"]}
            environment = {"Variables": was["Variables"] | known}
            functions.update_function_configuration(FunctionName=name, Environment=environment)
        try:
            yield
        finally:
            for name, was in deployed.items():
                functions.update_function_configuration(FunctionName=name, Environment=was)

    def forget(self) -> None:
        """Empty the table of connections."""
        forget_connections(self.aws, self.endpoints.connections_table)

    def drain(self) -> None:
        """Empty the queues."""
        queues = client("sqs", self.aws.url)
        for url in queues.list_queues(QueueNamePrefix=STACK)["QueueUrls"]:
            queues.purge_queue(QueueUrl=url)


class Visit:
    """Clients that connect one by one, and are closed together."""

    def __init__(self, chat: Chat, watch: Watch) -> None:
        self.chat = chat
        self.watch = watch
        self._people = ExitStack()

    def enter(self, name: str) -> "Watched":
        """Connect one more client."""
        return self._people.enter_context(self.chat.connect(name, self.watch))

    def end(self) -> None:
        """Close all connections; delete their items first, so that no leave event is sent."""
        self.chat.forget()
        self._people.close()
        self.chat.drain()


class Watched(WebSocketClient):
    """A client that waits no longer than the watch allows."""

    def __init__(self, socket: ClientConnection, watch: Watch) -> None:
        super().__init__(socket)
        self._watch = watch

    def ask(self, action: str, **fields: Any) -> Frame:
        """Return the reply; raises `Broken` for an error."""
        reply = super().ask(action, **fields)
        if reply["type"] == "error":
            raise Broken(f"{action}: {reply}")
        return reply

    def is_closed_by(self, frame: Frame, *, tries: int) -> bool:
        """Return whether the server closes the connection when a frame is sent *tries* times."""
        try:
            for _ in range(tries):
                self.send(json.dumps(frame))
                self._receive()
            return False
        except ConnectionClosed:
            return True

    def _receive(self) -> Frame:
        return self._watch.until(self._received, "a frame")

    def _received(self) -> Frame | None:
        try:
            frame: Frame = json.loads(self.socket.recv(timeout=0.05))
        except TimeoutError:
            return None
        return frame
