"""Pool of HTTP connections to the gateway, kept from one frame to the next."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from chat.gateway.http_connection import HttpConnection
from chat.gateway.timeouts import Timeouts

Connect = Callable[[], Awaitable[HttpConnection]]
"""Returns a new connection. Raises `OSError`."""


class ConnectionPool:
    """HTTP connections to one host, which later frames reuse."""

    def __init__(
        self, connect: Connect, *, timeouts: Timeouts, wall: Callable[[], float] = time.time
    ) -> None:
        self.timeouts = timeouts
        self._connect = connect
        self._wall = wall
        self.idle: list[HttpConnection] = []

    async def open(self) -> HttpConnection:
        """Return an idle connection or a new one. Raises `OSError` or `TimeoutError`."""
        while self.idle:
            connection = self.idle.pop()
            if connection.is_open and self._wall() - connection.idle_since < self.timeouts.idle:
                return connection
            connection.fail("idle for too long")
        return await self.open_new()

    def release(self, connection: HttpConnection) -> None:
        """Keep *connection* for another frame."""
        connection.idle_since = self._wall()
        self.idle.append(connection)

    async def open_new(self) -> HttpConnection:
        """Return a new connection. Raises `OSError` or `TimeoutError`."""
        async with asyncio.timeout(self.timeouts.connect):
            return await self._connect()
