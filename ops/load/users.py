"""The load itself: everybody arrives, messages go out when they are due, the log is compared."""

import secrets
import time
from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import gevent
from gevent.event import Event
from websocket import WebSocketException

from ops.load.message_ledger import Ledger
from ops.load.plan import ACK, HANDSHAKE, JOIN, RECEIPT, Plan
from ops.load.websocket_client import PATIENCE, Frame, Line, Unanswered

SETTLED_AFTER = 15.0
"""Seconds that replies and receipts have after the last message."""


class Stopwatch(Protocol):
    """Where what was timed goes."""

    def __call__(self, name: str, seconds: float, error: Exception | None = None) -> None:
        """Record how long the operation *name* took, and its error if it failed."""


class Crowd:
    """Clients in rooms, by number: of 3 rooms, client 7 is in room 1, clients 0 to 2 open them."""

    def __init__(self, plan: Plan, timed: Stopwatch) -> None:
        self._plan = plan
        self._timed = timed
        self._run = secrets.token_hex(6)
        self._lines: dict[int, Line] = {}
        self._opened = [Event() for _ in range(plan.rooms)]
        self.everybody = Event()
        """All clients are in their rooms, or have failed to come."""
        self.absent: list[str] = []
        """Why clients did not come."""
        self.ledger = Ledger({})
        self.unread = 0
        """Rooms whose log nobody could read."""
        self.late = 0.0
        """Seconds that the latest message went out after it was due: the load's own fault."""

    def arrive(self, number: int) -> None:
        """Connect a client and bring it into its room."""
        try:
            line = self._connected(number)
        except (OSError, WebSocketException) as error:
            self._came(str(error) or type(error).__name__)
            return
        try:
            self._enter(line, number, number % self._plan.rooms)
        except Unanswered as error:
            line.close()
            self._came(str(error))
            return
        self._lines[number] = line
        self._came()

    def run(self) -> None:
        """Talk, wait for what is on its way, and compare the logs with what was acknowledged."""
        if self._lines:
            self._talk()
            self._settle()
            self._compare()

    def leave(self) -> None:
        """Delete the rooms, and go."""
        for room in range(self._plan.rooms):
            if owner := self._lines.get(room):
                self._delete(owner, room)
        for line in self._lines.values():
            line.close()

    @property
    def disconnected(self) -> int:
        """Clients that came, and whose connection has ended by itself."""
        return sum(not line.is_open for line in self._lines.values())

    def _came(self, failure: str | None = None) -> None:
        if failure:
            self.absent.append(failure)
        if len(self._lines) + len(self.absent) >= self._plan.clients:
            self.everybody.set()

    def _talk(self) -> None:
        """Send every message when it is due, whatever becomes of those before it: an open model."""
        people = dict.fromkeys(range(self._plan.rooms), 0)
        for number in self._lines:
            people[number % self._plan.rooms] += 1
        self.ledger = Ledger(people)
        speakers, begun = sorted(self._lines), time.monotonic()
        for n in range(self._plan.messages):
            due = begun + n / self._plan.rate
            if (early := due - time.monotonic()) > 0:
                gevent.sleep(early)
            self.late = max(self.late, time.monotonic() - due)
            self._say(speakers[n % len(speakers)], f"{self._run}-{n}", due)

    def _settle(self) -> None:
        """Wait for what is on its way, but not for ever."""
        deadline = time.monotonic() + SETTLED_AFTER
        while not self.ledger.settled and time.monotonic() < deadline:
            gevent.sleep(0.05)

    def _compare(self) -> None:
        """Read the log of each room, and compare it with what was acknowledged."""
        for room in range(self._plan.rooms):
            readers = [n for n in self._lines if n % self._plan.rooms == room]
            try:
                line = next(self._lines[n] for n in readers if self._lines[n].is_open)
                self.ledger.read(room, list(self._log(line, room)))
            except (StopIteration, Unanswered):
                self.unread += 1

    def _connected(self, number: int) -> Line:
        tokens, url = self._plan.tokens, self._plan.url
        token = tokens[number % len(tokens)] if tokens else None
        if not token:
            query = urlencode({"name": f"load {number}", "key": secrets.token_hex(16)})
            url = f"{url}{'&' if urlsplit(url).query else '?'}{query}"
        begun = time.monotonic()
        try:
            line = Line(url, token=token, hear=lambda frame: self._hear(number, frame))
        except (OSError, WebSocketException) as error:
            self._timed(HANDSHAKE, time.monotonic() - begun, error)
            raise
        self._timed(HANDSHAKE, time.monotonic() - begun)
        return line

    def _enter(self, line: Line, number: int, room: int) -> None:
        opens = number < self._plan.rooms
        if not opens and not self._opened[room].wait(PATIENCE):
            raise Unanswered(f"room {room} was not opened")
        begun = time.monotonic()
        line.ask("createRoom" if opens else "joinRoom", roomId=self._room_id(room))
        self._timed(JOIN, time.monotonic() - begun)
        self._opened[room].set()

    def _say(self, number: int, id_: str, due: float) -> None:
        room = number % self._plan.rooms
        frame = {
            "action": "sendMessage",
            "requestId": id_,
            "clientMessageId": id_,
            "roomId": self._room_id(room),
            "text": id_.ljust(self._plan.text, "."),
        }
        self.ledger.send(id_, room=room, due=due)
        try:
            self._lines[number].send(frame)
        except Unanswered as error:
            self.ledger.refuse(id_, "disconnected")
            self._timed(ACK, time.monotonic() - due, error)

    def _hear(self, number: int, frame: Frame) -> None:
        if frame.get("type") == "message":
            due = self.ledger.hear(_id(frame["message"]), number)
            if due is not None:
                self._timed(RECEIPT, time.monotonic() - due)
        elif frame.get("type") == "messageSent":
            due = self.ledger.acknowledge(frame["requestId"])
            if due is not None:
                self._timed(ACK, time.monotonic() - due)
        elif id_ := frame.get("requestId"):
            self.ledger.refuse(id_, frame.get("code", "no reply"))
            self._timed(ACK, 0, Unanswered(frame.get("code", "no reply")))

    def _log(self, line: Line, room: int) -> Iterator[tuple[int, str]]:
        seq, has_more = 0, True
        while has_more:
            page = line.ask("getHistory", roomId=self._room_id(room), after=seq)
            yield from ((m["seq"], _id(m)) for m in page["messages"])
            has_more = page["hasMore"]
            seq = page["messages"][-1]["seq"] if page["messages"] else seq

    def _delete(self, owner: Line, room: int) -> None:
        try:
            while not owner.ask("deleteRoom", roomId=self._room_id(room))["complete"]:
                pass
        except Unanswered as error:
            self.absent.append(f"the room was not deleted: {error}")

    def _room_id(self, room: int) -> str:
        return f"load-{self._run}-{room}"


def _id(message: dict[str, Any]) -> str:
    return str(message["text"]).rstrip(".")
