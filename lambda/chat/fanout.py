"""Many posts over few connections: one job, its workers, its retries and its deadlines."""

import asyncio
import heapq
import random
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from chat.channel import BrokenChannelError, Channel
from chat.ports import Delivery

POST_SECONDS = 2.0
"""For one try at one recipient."""

SLOW_SECONDS = 0.1
"""A post that takes longer gets its connection a substitute, so that others need not wait."""

TICK_SECONDS = 0.02

CONNECT_SECONDS = 2.0

FEWEST, MOST = 4, 96
"""Connections for a job; MOST also bounds the substitutes."""

POSTS_PER_CONNECTION = 8

TRIES = 4

Connect = Callable[[], Awaitable[Channel]]
Compose = Callable[[str], bytes]


class RefusedError(Exception):
    """The gateway answered 403: the function's rights or the URL are wrong."""


@dataclass(order=True, slots=True)
class _Post:
    """One recipient's turn."""

    due: float
    connection_id: str = field(compare=False)
    tries: int = field(default=0, compare=False)


class Fanout:
    """Connections to one host, kept from job to job."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self.idle: list[Channel] = []

    async def run(
        self, connection_ids: Iterable[str], compose: Compose, *, seconds: float
    ) -> Delivery:
        """Post to each id what *compose* makes for it; done within *seconds*."""
        return await _Job(self, connection_ids, compose, seconds=seconds).run()

    async def open(self) -> Channel:
        """An idle connection, or a new one. Raises `OSError` or `TimeoutError`."""
        while self.idle:
            channel = self.idle.pop()
            if channel.is_open:
                return channel
        return await self.open_new()

    async def open_new(self) -> Channel:
        """A new connection."""
        async with asyncio.timeout(CONNECT_SECONDS):
            return await self._connect()


class _Job:
    """One frame's posts."""

    def __init__(
        self, fanout: Fanout, connection_ids: Iterable[str], compose: Compose, *, seconds: float
    ) -> None:
        self._fanout = fanout
        self._compose = compose
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + seconds
        self._fresh = deque(_Post(0.0, id_) for id_ in dict.fromkeys(connection_ids))
        self._again: list[_Post] = []
        self._busy: dict[Channel, bool] = {}  # and whether it has a substitute already
        self._workers: set[asyncio.Task[None]] = set()
        self._delivered = 0
        self._gone: list[str] = []
        self._failed: list[str] = []
        self._error: Exception | None = None  # ends the job

    async def run(self) -> Delivery:
        """Work until every recipient is settled, or time is out."""
        width = min(MOST, max(FEWEST, len(self._fresh) // POSTS_PER_CONNECTION))
        for _ in range(min(width, len(self._fresh))):
            self._hire()
        while self._workers:
            done, self._workers = await asyncio.wait(self._workers, timeout=TICK_SECONDS)
            for worker in done:
                worker.result()  # raises what no worker should raise
            self._watch(self._loop.time())
        if self._error is not None:
            raise self._error
        left = (post.connection_id for post in (*self._fresh, *self._again))
        return Delivery(self._delivered, tuple(self._gone), (*self._failed, *left))

    def _hire(self) -> None:
        self._workers.add(self._loop.create_task(self._work()))

    async def _work(self) -> None:
        """Take one post after the other, over one connection for as long as it lasts."""
        channel: Channel | None = None
        while (post := await self._next()) is not None:
            channel = await self._try(post, channel)
        if channel is not None and channel.is_open:
            self._fanout.idle.append(channel)

    async def _next(self) -> _Post | None:
        if self._error is not None or self._loop.time() >= self._deadline:
            return None
        if self._fresh:
            return self._fresh.popleft()
        if not self._again:
            return None
        post = heapq.heappop(self._again)
        if (wait := min(post.due, self._deadline) - self._loop.time()) > 0:
            await asyncio.sleep(wait)
        return post

    async def _try(self, post: _Post, channel: Channel | None) -> Channel | None:
        """One try, and a second one where a reused connection turns out dead."""
        post.tries += 1
        request = self._compose(post.connection_id)
        for connect in (self._fanout.open, self._fanout.open_new):
            try:
                if channel is None or not channel.is_open:
                    channel = await connect()
                reused = channel.posts > 0
                self._settle(post, await self._send(channel, request))
            except BrokenChannelError:
                if not reused or self._loop.time() >= self._deadline:
                    break
                channel = None
            except ssl.SSLCertVerificationError as error:
                self._error = error  # whoever answers there is not the gateway
                break
            except (TimeoutError, OSError):
                break
            else:
                return channel
        self._retry(post)
        return None

    async def _send(self, channel: Channel, request: bytes) -> int:
        self._busy[channel] = False
        try:
            return await channel.post(request)
        finally:
            del self._busy[channel]

    def _settle(self, post: _Post, status: int) -> None:
        if 200 <= status < 300:
            self._delivered += 1
        elif status == 410:
            self._gone.append(post.connection_id)
        elif status == 403:
            self._error = RefusedError("403: check the function's execute-api:ManageConnections")
        elif status == 429 or status >= 500:
            self._retry(post)
        else:
            self._failed.append(post.connection_id)

    def _retry(self, post: _Post) -> None:
        if post.tries >= TRIES:
            self._failed.append(post.connection_id)
            return
        pause = random.uniform(0, 0.05 * 2**post.tries)  # noqa: S311 - jitter, no secret
        post.due = self._loop.time() + pause
        heapq.heappush(self._again, post)

    def _watch(self, now: float) -> None:
        """End posts that hang, and let others go on in their stead."""
        for channel, substituted in list(self._busy.items()):
            took = now - (channel.began or now)
            if took > POST_SECONDS or now >= self._deadline:
                channel.fail("no response in time")
            elif took > SLOW_SECONDS and not substituted and len(self._workers) < 2 * MOST:
                self._busy[channel] = True
                if self._fresh:
                    self._hire()
