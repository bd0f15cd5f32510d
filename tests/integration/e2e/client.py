"""A person at a real WebSocket: asks, and collects what it hears meanwhile."""

import itertools
import json
import socket
import struct
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

Frame = dict[str, Any]

PATIENCE = 20.0
"""Seconds to wait for a frame before a test fails."""


@contextmanager
def person(url: str, **query: str) -> Iterator["Person"]:
    """Connect to *url*, and hang up in the end."""
    address = f"{url}?{urllib.parse.urlencode(query)}" if query else url
    with connect(address, max_size=None, proxy=None) as socket_:
        yield Person(socket_)


class Person:
    """One connection; a reply is told from an event by its requestId."""

    def __init__(self, socket_: ClientConnection) -> None:
        self._socket = socket_
        self._request_ids = map(str, itertools.count(1))
        self.events: list[Frame] = []

    def ask(self, action: str, **fields: Any) -> Frame:
        """Send a request and wait for its reply."""
        request_id = next(self._request_ids)
        self.send(json.dumps({"action": action, "requestId": request_id, **fields}))
        return self.reply(request_id)

    def reply(self, request_id: str) -> Frame:
        """Wait for the reply to a request that was sent."""
        while True:
            frame = self._next()
            if frame.get("requestId") == request_id:
                return frame
            self.events.append(frame)

    def tell(self, frame: str | bytes) -> Frame:
        """Send any frame at all and wait for the reply, which can echo no requestId."""
        self.send(frame)
        return self._next()

    def send(self, frame: str | bytes) -> None:
        """Send a frame as it is."""
        self._socket.send(frame)

    def hear(self, type_: str) -> Frame:
        """The next event of a type, heard already or still to come; others stay in `events`."""
        while True:
            for event in self.events:
                if event["type"] == type_:
                    self.events.remove(event)
                    return event
            self.events.append(self._next())

    def say(self, room_id: str, text: str, **fields: Any) -> Frame:
        """Send a message; the message as the server stored it."""
        reply = self.ask("sendMessage", roomId=room_id, text=text, **fields)
        message: Frame = reply["message"]
        return message

    def members(self, room_id: str) -> list[str]:
        """The names in a room."""
        return [m["name"] for m in self.ask("listMembers", roomId=room_id)["members"]]

    def close(self) -> None:
        """Say goodbye."""
        self._socket.close()

    def vanish(self) -> None:
        """Be killed: the TCP connection is reset, no close frame is sent."""
        self._socket.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.socket.shutdown(socket.SHUT_RD)
        self._socket.socket.close()

    def _next(self) -> Frame:
        frame: Frame = json.loads(self._socket.recv(timeout=PATIENCE))
        return frame
