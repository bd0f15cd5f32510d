"""A thousand people at real WebSockets in one event loop, each of whom remembers what was said."""

import asyncio
import itertools
import json
import resource
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

Frame = dict[str, Any]

AT_ONCE = 16
"""People who connect and join at the same moment: more would only wait in the emulator's queue."""

PATIENCE = 30.0
"""Seconds until something that should be heard is not."""


class Listener:
    """One connection; `said` holds the message of every seq that it heard."""

    def __init__(self, socket: ClientConnection) -> None:
        self.said: dict[int, str] = {}
        self._socket = socket
        self._request_ids = map(str, itertools.count(1))
        self._replies: dict[str, asyncio.Future[Frame]] = {}
        self._news = asyncio.Event()

    async def ask(self, action: str, **fields: object) -> Frame:
        """Send a request and wait for its reply."""
        request_id = next(self._request_ids)
        self._replies[request_id] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"action": action, "requestId": request_id, **fields}))
        async with asyncio.timeout(PATIENCE):
            return await self._replies.pop(request_id)

    async def has_heard(self, texts: Iterable[str]) -> None:
        """Wait until each of *texts* was heard."""
        missing = set(texts)
        async with asyncio.timeout(PATIENCE):
            while missing := missing - set(self.said.values()):
                self._news.clear()
                await self._news.wait()

    async def listen(self) -> None:
        """Take what comes until the socket is closed."""
        async for text in self._socket:
            frame = json.loads(text)
            if "requestId" in frame:
                self._replies[frame["requestId"]].set_result(frame)
            elif frame["type"] == "message":
                self.said[frame["message"]["seq"]] = frame["message"]["text"]
                self._news.set()


@asynccontextmanager
async def listener(url: str) -> AsyncIterator[Listener]:
    """Connect, and hang up in the end."""
    async with connect(url, compression=None, ping_interval=None, proxy=None) as socket:
        one = Listener(socket)
        listening = asyncio.create_task(one.listen())
        try:
            yield one
        finally:
            await socket.close()
            await listening


@asynccontextmanager
async def crowd(url: str, room_id: str, size: int) -> AsyncIterator[list[Listener]]:
    """*size* people in a new room that the first of them has made."""
    many_files()
    async with AsyncExitStack() as sockets:
        first = await sockets.enter_async_context(listener(url))
        await first.ask("createRoom", roomId=room_id)
        slots = asyncio.Semaphore(AT_ONCE)

        async def enter() -> Listener:
            async with slots:
                one = await sockets.enter_async_context(listener(url))
                reply = await one.ask("joinRoom", roomId=room_id)
            assert reply["type"] == "roomJoined", reply
            return one

        yield [first, *await asyncio.gather(*(enter() for _ in range(size - 1)))]


def many_files() -> None:
    """Let this process have as many sockets as the machine allows: 1,024 is a usual soft limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
