"""The reference client over a real WebSocket, with asyncio."""

import asyncio
import json
import time
import urllib.parse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from tests.reliability.model.client_record import Frame
from tests.reliability.model.reference_client import Client

LINE: Any = {"max_size": None, "proxy": None, "close_timeout": 1}

TIMEOUT = 60.0
"""The seconds after which an expected event is a failure."""


@asynccontextmanager
async def present(user: "WebSocketUser") -> AsyncIterator["WebSocketUser"]:
    """Keep a client connected, and reset its connection at the end."""
    task = asyncio.create_task(user.run())
    try:
        yield user
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@dataclass
class WebSocketUser:
    """A client that reconnects until it is cancelled."""

    url: str
    name: str
    key: str
    token: str | None = None
    """The token, which replaces name and key where users sign in."""
    client: Client = field(default_factory=Client)
    frames: list[Frame] = field(default_factory=list)
    """All frames of the server, in the order received."""
    _socket: ClientConnection | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    def say(self, room_id: str, text: str, *, id_: str | None = None) -> None:
        """Send a message until it is acknowledged."""
        self.client.say(room_id, text, time.monotonic(), id_=id_)
        self.poke()

    def renew(self, token: str) -> None:
        """Renew the connection with another token, which later connections use too."""
        self.token = token
        self.client.renew(token)
        self.poke()

    def poke(self) -> None:
        """Check again what the client has to do."""
        self._changed.set()

    def received(self, type_: str) -> list[Frame]:
        """Return the received frames of a type."""
        return [frame for frame in self.frames if frame.get("type") == type_]

    def cut(self) -> None:
        """Reset the TCP connection without a close frame."""
        if self._socket:
            self._socket.transport.abort()

    async def until(self, holds: Callable[[Client], bool]) -> None:
        """Wait until a condition of the client is true."""
        self.poke()
        async with asyncio.timeout(TIMEOUT), self._moved:
            await self._moved.wait_for(lambda: holds(self.client))

    async def idle(self) -> None:
        """Wait until all messages are acknowledged and shown."""
        await self.until(lambda client: client.is_connected and client.is_idle)

    async def synced(self) -> None:
        """Update the views in quiet rooms, and claim that they are complete."""
        await self.idle()
        self.client.sync()
        await self.idle()
        self.client.mark_synced()

    async def run(self) -> None:
        """Connect again and again."""
        query = urllib.parse.urlencode({"name": self.name, "key": self.key})
        address = self.url if self.token else f"{self.url}?{query}"
        while True:
            offered = [Subprotocol("chat.v1"), Subprotocol(self.token)] if self.token else None
            while not self.client.may_connect(time.monotonic()):
                await self._wait()
            with suppress(OSError, InvalidStatus, ConnectionClosed, TimeoutError):
                async with connect(address, subprotocols=offered, **LINE) as socket:
                    self._socket = socket
                    await self._live(socket)
            self._socket = None
            self.client.disconnected(time.monotonic())

    async def _live(self, socket: ClientConnection) -> None:
        self.client.connected(time.monotonic())
        reader = asyncio.create_task(self._read(socket))
        try:
            while not (reader.done() or self.client.must_close):
                if frame := self.client.next_frame(time.monotonic()):
                    await socket.send(json.dumps(frame))
                await self._wait()
        finally:
            reader.cancel()
            socket.transport.abort()  # the emulator takes half a second over a close frame
            with suppress(asyncio.CancelledError, ConnectionClosed):
                await reader

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for frame in socket:
                self.frames.append(json.loads(frame))
                self.client.received(self.frames[-1], time.monotonic())
                self.poke()
        finally:
            self.poke()

    async def _wait(self) -> None:
        """Wait for a change, or for the time at which the client has something to do."""
        async with self._moved:
            self._moved.notify_all()
        wakes = self.client.wakes
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), max(0.0, wakes - time.monotonic()))
        self._changed.clear()
        self.client.wake(time.monotonic())
