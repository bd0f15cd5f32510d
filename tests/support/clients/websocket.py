"""A synchronous WebSocket client of the chat, on which the clients of the layers build."""

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

TIMEOUT_SECONDS = 20.0
"""Longest wait for a frame; then a test fails."""


@contextmanager
def connected(url: str, **query: str) -> Iterator["WebSocketClient"]:
    """Connect to *url* with the parameters of *query*; close the connection in the end."""
    address = f"{url}?{urllib.parse.urlencode(query)}" if query else url
    with connect(address, max_size=None, proxy=None) as opened:
        yield WebSocketClient(opened)


class WebSocketClient:
    """One connection. A frame with the requestId of a request is its reply; others are events.

    Subclasses change how a frame arrives (`_receive`) or what counts as a reply (`ask`).
    """

    def __init__(self, opened: ClientConnection, *, timeout: float = TIMEOUT_SECONDS) -> None:
        """*timeout* is in seconds, for each frame."""
        self.socket = opened
        self._timeout = timeout
        self._request_ids = map(str, itertools.count(1))
        self.events: list[Frame] = []

    def ask(self, action: str, **fields: Any) -> Frame:
        """Send a request; return its reply. Events that arrive before it go to `events`."""
        request_id = next(self._request_ids)
        self.send(json.dumps({"action": action, "requestId": request_id, **fields}))
        return self.reply_to(request_id)

    def reply_to(self, request_id: str) -> Frame:
        """Return the reply to a request that was sent with `send`."""
        while True:
            frame = self._receive()
            if frame.get("requestId") == request_id:
                return frame
            self.events.append(frame)

    def send(self, frame: str | bytes) -> None:
        """Send a frame as it is."""
        self.socket.send(frame)

    def exchange(self, frame: str | bytes) -> Frame:
        """Send a frame as it is; return the next frame, which may have no requestId."""
        self.send(frame)
        return self._receive()

    def next_event(self, type_: str) -> Frame:
        """Return the first event of a type and remove it from `events`; wait for it if need be."""
        while True:
            for event in self.events:
                if event["type"] == type_:
                    self.events.remove(event)
                    return event
            self.events.append(self._receive())

    def say(self, room_id: str, text: str, **fields: Any) -> Frame:
        """Send a message; return it as the server stored it."""
        message: Frame = self.ask("sendMessage", roomId=room_id, text=text, **fields)["message"]
        return message

    def member_names(self, room_id: str) -> list[str]:
        """Return the names of the members of a room."""
        return [m["name"] for m in self.ask("listMembers", roomId=room_id)["members"]]

    def user_id(self) -> str:
        """Return the id under which the server knows this user."""
        return str(self.ask("hello")["userId"])

    def close(self) -> None:
        """Close the connection with a close frame."""
        self.socket.close()

    def reset(self) -> None:
        """Reset the TCP connection; send no close frame, as a killed process does."""
        self.socket.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.socket.shutdown(socket.SHUT_RD)
        self.socket.socket.close()

    def _receive(self) -> Frame:
        frame: Frame = json.loads(self.socket.recv(timeout=self._timeout))
        return frame
