"""The load test: clients connect and join, messages are sent when due, and logs are compared."""

import secrets
import sys
import time
from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import gevent
from gevent.event import Event
from websocket import WebSocketException

from ops.load.message_ledger import MessageLedger
from ops.load.plan import ACK, HANDSHAKE, JOIN, RECEIPT, Plan
from ops.load.websocket_client import REPLY_SECONDS, Frame, LoadClient, RequestFailed

RECEIPT_SECONDS = 15.0
"""Longest wait for replies and receipts after the last message."""


class RecordTime(Protocol):
    """Function that receives each time that the load test measures."""

    def __call__(self, name: str, seconds: float, error: Exception | None = None) -> None:
        """Record how long the operation *name* took, and its error if it failed."""


class LoadTest:
    """Numbered clients in numbered rooms. Of 3 rooms, client 7 is in room 1.

    Clients 0 to 2 create the rooms, and the others join them.
    """

    def __init__(self, plan: Plan, record_time: RecordTime) -> None:
        self._plan = plan
        self._record_time = record_time
        self._run_id = secrets.token_hex(6)
        self._clients: dict[int, LoadClient] = {}
        self._created = [Event() for _ in range(plan.rooms)]
        self.all_joined = Event()
        """Set when each client is in its room or has failed to join."""
        self.join_failures: list[str] = []
        """Reasons why clients could not join."""
        self.ledger = MessageLedger({})
        self.unread_rooms = 0
        """Number of rooms whose log could not be read."""
        self.max_delay = 0.0
        """Seconds that the latest message was sent after it was due, by this machine's fault."""

    def connect_client(self, number: int) -> None:
        """Connect a client and let it join its room; record the reason if it fails."""
        try:
            client = self._connect(number)
        except (OSError, WebSocketException) as error:
            self._check_joined(str(error) or type(error).__name__)
            return
        try:
            self._join(client, number, number % self._plan.rooms)
        except RequestFailed as error:
            client.close()
            self._check_joined(str(error))
            return
        self._clients[number] = client
        self._check_joined()

    def run(self) -> None:
        """Send the messages, wait for replies and receipts, and compare the logs of the rooms."""
        if self._clients:
            self._send_messages()
            self._wait_for_receipts()
            self._compare_logs()

    def close(self) -> None:
        """Delete the rooms and close the connections."""
        for room in range(self._plan.rooms):
            if owner := self._clients.get(room):
                self._delete_room(owner, room)
        for client in self._clients.values():
            client.close()

    @property
    def lost_connections(self) -> int:
        """Number of clients that joined and whose connection was closed by the chat."""
        return sum(not client.is_open for client in self._clients.values())

    def _check_joined(self, failure: str | None = None) -> None:
        """Record the failure, if any. Set `all_joined` when this was the last client."""
        if failure:
            self.join_failures.append(failure)
        if len(self._clients) + len(self.join_failures) >= self._plan.clients:
            self.all_joined.set()

    def _send_messages(self) -> None:
        """Send each message when it is due, also if earlier messages have no reply yet.

        This is an open workload model: a slow chat is not sent fewer messages.
        """
        clients_by_room = dict.fromkeys(range(self._plan.rooms), 0)
        for number in self._clients:
            clients_by_room[number % self._plan.rooms] += 1
        self.ledger = MessageLedger(clients_by_room)
        senders, began = sorted(self._clients), time.monotonic()
        for n in range(self._plan.messages):
            due = began + n / self._plan.rate
            if (early := due - time.monotonic()) > 0:
                gevent.sleep(early)
            self.max_delay = max(self.max_delay, time.monotonic() - due)
            self._send_message(senders[n % len(senders)], f"{self._run_id}-{n}", due)

    def _wait_for_receipts(self) -> None:
        """Wait until no reply and no receipt is missing, at most `RECEIPT_SECONDS`."""
        deadline = time.monotonic() + RECEIPT_SECONDS
        while not self.ledger.is_complete and time.monotonic() < deadline:
            gevent.sleep(0.05)

    def _compare_logs(self) -> None:
        """Read the log of each room, and compare it with the acknowledged messages."""
        for room in range(self._plan.rooms):
            members = [n for n in self._clients if n % self._plan.rooms == room]
            try:
                reader = next(self._clients[n] for n in members if self._clients[n].is_open)
                self.ledger.compare_log(room, list(self._read_log(reader, room)))
            except (StopIteration, RequestFailed):
                self.unread_rooms += 1

    def _connect(self, number: int) -> LoadClient:
        """Connect a client with its token, or as a guest. Raises OSError, WebSocketException."""
        tokens, url = self._plan.tokens, self._plan.url
        token = tokens[number % len(tokens)] if tokens else None
        if not token:
            query = urlencode({"name": f"load {number}", "key": secrets.token_hex(16)})
            url = f"{url}{'&' if urlsplit(url).query else '?'}{query}"
        began = time.monotonic()
        try:
            client = LoadClient(
                url, token=token, on_frame=lambda frame: self._on_frame(number, frame)
            )
        except (OSError, WebSocketException) as error:
            self._record_time(HANDSHAKE, time.monotonic() - began, error)
            raise
        self._record_time(HANDSHAKE, time.monotonic() - began)
        return client

    def _join(self, client: LoadClient, number: int, room: int) -> None:
        """Create the room, or join it after it was created. Raises RequestFailed."""
        creates = number < self._plan.rooms
        if not creates and not self._created[room].wait(REPLY_SECONDS):
            raise RequestFailed(f"room {room} was not created")
        began = time.monotonic()
        client.request("createRoom" if creates else "joinRoom", roomId=self._room_id(room))
        self._record_time(JOIN, time.monotonic() - began)
        self._created[room].set()

    def _send_message(self, number: int, message_id: str, due: float) -> None:
        room = number % self._plan.rooms
        frame = {
            "action": "sendMessage",
            "requestId": message_id,
            "clientMessageId": message_id,
            "roomId": self._room_id(room),
            "text": message_id.ljust(self._plan.text, "."),
        }
        self.ledger.record_sent(message_id, room=room, due=due)
        try:
            self._clients[number].send(frame)
        except RequestFailed as error:
            self.ledger.record_rejection(message_id, "disconnected")
            self._record_time(ACK, time.monotonic() - due, error)

    def _on_frame(self, number: int, frame: Frame) -> None:
        """Record a receipt, an acknowledgement or a rejection that client *number* received."""
        if frame.get("type") == "message":
            due = self.ledger.record_receipt(_message_id(frame["message"]), number)
            if due is not None:
                self._record_time(RECEIPT, time.monotonic() - due)
        elif frame.get("type") == "messageSent":
            due = self.ledger.record_acknowledgement(frame["requestId"])
            if due is not None:
                self._record_time(ACK, time.monotonic() - due)
        elif message_id := frame.get("requestId"):
            code = frame.get("code", "no reply")
            self.ledger.record_rejection(message_id, code)
            self._record_time(ACK, 0, RequestFailed(code))

    def _read_log(self, reader: LoadClient, room: int) -> Iterator[tuple[int, str]]:
        """Yield the seq and the id of each message in a room's log. Raises RequestFailed."""
        seq, has_more = 0, True
        while has_more:
            page = reader.request("getHistory", roomId=self._room_id(room), after=seq)
            yield from ((m["seq"], _message_id(m)) for m in page["messages"])
            has_more = page["hasMore"]
            seq = page["messages"][-1]["seq"] if page["messages"] else seq

    def _delete_room(self, owner: LoadClient, room: int) -> None:
        """Delete a room. If that fails, Locust's log has a line about it."""
        try:
            while not owner.request("deleteRoom", roomId=self._room_id(room))["complete"]:
                pass
        except RequestFailed as error:
            print(f"{self._room_id(room)} was not deleted: {error}", file=sys.stderr)

    def _room_id(self, room: int) -> str:
        return f"load-{self._run_id}-{room}"


def _message_id(message: dict[str, Any]) -> str:
    """Return the id that `_send_message` put at the beginning of the text."""
    return str(message["text"]).rstrip(".")
