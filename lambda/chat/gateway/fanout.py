"""Many posts over few connections: one job, its workers, its retries and its deadlines."""

import asyncio
import heapq
import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from secrets import SystemRandom

from chat.domain.delivery import Delivery
from chat.gateway.http_connection import BrokenChannelError, Channel, HungChannelError

FEWEST, MOST = 16, 96
"""Connections for a job; MOST also bounds the substitutes."""

POSTS_PER_CONNECTION = 8

TRIES = 6

FIRST_PAUSE = 0.05
"""Seconds at most before the second try; twice as many before each further one."""

TICK_SECONDS = 0.02

_random = SystemRandom()  # a snapshot would start every copy with the same sequence

Connect = Callable[[], Awaitable[Channel]]
Compose = Callable[[str], bytes]


class RefusedError(Exception):
    """The gateway answered 403: the function's rights, its credentials or the URL are wrong."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How many seconds what may take."""

    frame: float = 5.0
    """All posts of a frame; who is not reached by then catches up by seq."""
    post: float = 1.0
    """One try at one recipient, who is not tried again after that but on a fresh connection."""
    slow: float = 0.1
    """A post that takes longer gets its connection a substitute, so that others need not wait."""
    connect: float = 2.0
    idle: float = 30.0
    """A connection that rested longer may be dead without a word. By the wall clock, which goes on
    while the function is frozen or a snapshot."""


PATIENT = Timeouts()


@dataclass(order=True, slots=True)
class _Post:
    """One recipient's turn."""

    due: float
    connection_id: str = field(compare=False)
    tries: int = field(default=0, compare=False)


class Fanout:
    """Connections to one host, kept from job to job."""

    def __init__(
        self, connect: Connect, *, patience: Timeouts, wall: Callable[[], float] = time.time
    ) -> None:
        self.patience = patience
        self._connect = connect
        self._wall = wall
        self.idle: list[Channel] = []

    async def run(self, connection_ids: Iterable[str], compose: Compose) -> Delivery:
        """Post to each id what *compose* makes for it, for as long as there is patience."""
        return await _Job(self, connection_ids, compose).run()

    async def open(self) -> Channel:
        """An idle connection, or a new one. Raises `OSError` or `TimeoutError`."""
        while self.idle:
            channel = self.idle.pop()
            if channel.is_open and self._wall() - channel.rested < self.patience.idle:
                return channel
            channel.fail("idle for too long")
        return await self.open_new()

    def rest(self, channel: Channel) -> None:
        """Keep *channel* for another job."""
        channel.rested = self._wall()
        self.idle.append(channel)

    async def open_new(self) -> Channel:
        """A new connection."""
        async with asyncio.timeout(self.patience.connect):
            return await self._connect()


class _Job:
    """One frame's posts."""

    def __init__(self, fanout: Fanout, connection_ids: Iterable[str], compose: Compose) -> None:
        self._fanout = fanout
        self._patience = fanout.patience
        self._compose = compose
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + self._patience.frame
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
            self._fanout.rest(channel)

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
                    async with asyncio.timeout_at(self._deadline):
                        channel = await connect()
                reused = channel.posts > 0
                self._settle(post, await self._send(channel, request), channel)
                return channel
            except BrokenChannelError as error:
                if not reused or self._loop.time() >= self._deadline:
                    self._after(error, post)
                    return None
                channel = None
            except ssl.SSLCertVerificationError as error:
                self._error = error  # whoever answers there is not the gateway
                return None
            except OSError:  # no connection, or none in time
                break
        self._retry(post)
        return None

    async def _send(self, channel: Channel, request: bytes) -> int:
        self._busy[channel] = False
        try:
            return await channel.post(request)
        finally:
            del self._busy[channel]

    def _settle(self, post: _Post, status: int, channel: Channel) -> None:
        if 200 <= status < 300:
            self._delivered += 1
        elif status == 410:
            self._gone.append(post.connection_id)
        elif status == 403:
            self._error = RefusedError(
                f"403 {channel.error_type()}: check the function's execute-api:ManageConnections"
            )
        elif status == 429 or status >= 500:
            self._retry(post)
        else:
            self._failed.append(post.connection_id)

    def _after(self, error: BrokenChannelError, post: _Post) -> None:
        """Try again after a break; a recipient that hangs on a fresh connection is let go."""
        if isinstance(error, HungChannelError):
            self._failed.append(post.connection_id)
        else:
            self._retry(post)

    def _retry(self, post: _Post) -> None:
        if post.tries >= TRIES:
            self._failed.append(post.connection_id)
            return
        pause = _random.uniform(0, FIRST_PAUSE * 2 ** (post.tries - 1))
        post.due = self._loop.time() + pause
        heapq.heappush(self._again, post)

    def _watch(self, now: float) -> None:
        """End posts that hang; let others go on in their stead while there is work for them."""
        slow = []
        for channel in list(self._busy):
            took = now - (channel.began or now)
            if took > self._patience.post or now >= self._deadline:
                channel.hang()
            elif took > self._patience.slow:
                slow.append(channel)
        swift = len(self._busy) - len(slow)
        for channel in slow:
            if self._busy[channel] or len(self._fresh) <= swift or len(self._workers) >= 2 * MOST:
                continue
            self._busy[channel] = True
            self._hire()
            swift += 1
