"""Posts one frame to many recipients over few connections, with retries and deadlines."""

import asyncio
import heapq
import ssl
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from secrets import SystemRandom

from chat.domain.delivery import Delivery
from chat.gateway.connection_pool import ConnectionPool
from chat.gateway.http_connection import BrokenConnectionError, HttpConnection, ResponseTimeoutError

MIN_CONNECTIONS, MAX_CONNECTIONS = 16, 96
"""Connections of a job. Twice the maximum also limits the replacements of slow connections."""

POSTS_PER_CONNECTION = 8

MAX_TRIES = 6

FIRST_RETRY_SECONDS = 0.05
"""Longest pause before the second try; it doubles before each further try."""

TICK_SECONDS = 0.02

_random = SystemRandom()  # a snapshot would start every copy with the same sequence

Compose = Callable[[str], bytes]
"""Returns the whole request for a connection id."""


class GatewayForbiddenError(Exception):
    """The gateway answered 403: the permissions, the credentials or the URL are wrong."""


@dataclass(order=True, slots=True)
class _Post:
    """Post to one recipient."""

    due: float
    connection_id: str = field(compare=False)
    tries: int = field(default=0, compare=False)


class PostJob:
    """Posts of one frame to many recipients."""

    def __init__(
        self, pool: ConnectionPool, connection_ids: Iterable[str], compose: Compose
    ) -> None:
        """Prepare one post for each id. *compose* makes its request, within the time-outs."""
        self._pool = pool
        self._timeouts = pool.timeouts
        self._compose = compose
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + self._timeouts.frame
        self._fresh = deque(_Post(0.0, id_) for id_ in dict.fromkeys(connection_ids))
        self._again: list[_Post] = []
        self._busy: dict[HttpConnection, bool] = {}  # and whether another one replaces it
        self._workers: set[asyncio.Task[None]] = set()
        self._delivered = 0
        self._gone: list[str] = []
        self._failed: list[str] = []
        self._error: Exception | None = None  # it ends all posts of the frame

    async def run(self) -> Delivery:
        """Post until every recipient is delivered, gone or failed, or time is over."""
        width = min(MAX_CONNECTIONS, max(MIN_CONNECTIONS, len(self._fresh) // POSTS_PER_CONNECTION))
        for _ in range(min(width, len(self._fresh))):
            self._start_worker()
        while self._workers:
            done, self._workers = await asyncio.wait(self._workers, timeout=TICK_SECONDS)
            for worker in done:
                worker.result()  # raises an unexpected error of a worker
            self._check_slow_posts(self._loop.time())
        if self._error is not None:
            raise self._error
        left = (post.connection_id for post in (*self._fresh, *self._again))
        return Delivery(self._delivered, tuple(self._gone), (*self._failed, *left))

    def _start_worker(self) -> None:
        self._workers.add(self._loop.create_task(self._work()))

    async def _work(self) -> None:
        """Send posts one after the other, over one connection while it is open."""
        connection: HttpConnection | None = None
        while (post := await self._next()) is not None:
            connection = await self._try(post, connection)
        if connection is not None and connection.is_open:
            self._pool.release(connection)

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

    async def _try(self, post: _Post, connection: HttpConnection | None) -> HttpConnection | None:
        """Try one post, and once more if a reused connection was closed.

        Returns the connection if it can be reused.
        """
        post.tries += 1
        request = self._compose(post.connection_id)
        for connect in (self._pool.open, self._pool.open_new):
            try:
                if connection is None or not connection.is_open:
                    async with asyncio.timeout_at(self._deadline):
                        connection = await connect()
                reused = connection.posts > 0
                self._settle(post, await self._send(connection, request), connection)
                return connection
            except BrokenConnectionError as error:
                if not reused or self._loop.time() >= self._deadline:
                    self._retry_or_fail(error, post)
                    return None
                connection = None
            except ssl.SSLCertVerificationError as error:
                self._error = error  # the server is not the gateway
                return None
            except OSError:  # no connection in time
                break
        self._retry(post)
        return None

    async def _send(self, connection: HttpConnection, request: bytes) -> int:
        self._busy[connection] = False
        try:
            return await connection.post(request)
        finally:
            del self._busy[connection]

    def _settle(self, post: _Post, status: int, connection: HttpConnection) -> None:
        if 200 <= status < 300:
            self._delivered += 1
        elif status == 410:
            self._gone.append(post.connection_id)
        elif status == 403:
            self._error = GatewayForbiddenError(
                f"403 {connection.error_type()}: check the function's execute-api:ManageConnections"
            )
        elif status == 429 or status >= 500:
            self._retry(post)
        else:
            self._failed.append(post.connection_id)

    def _retry_or_fail(self, error: BrokenConnectionError, post: _Post) -> None:
        """Retry after a broken connection, but fail after a time-out on a fresh one."""
        if isinstance(error, ResponseTimeoutError):
            self._failed.append(post.connection_id)
        else:
            self._retry(post)

    def _retry(self, post: _Post) -> None:
        if post.tries >= MAX_TRIES:
            self._failed.append(post.connection_id)
            return
        pause = _random.uniform(0, FIRST_RETRY_SECONDS * 2 ** (post.tries - 1))
        post.due = self._loop.time() + pause
        heapq.heappush(self._again, post)

    def _check_slow_posts(self, now: float) -> None:
        """End posts that timed out, and start a worker for each slow one if posts wait."""
        slow = []
        for connection in list(self._busy):
            took = now - (connection.began or now)
            if took > self._timeouts.post or now >= self._deadline:
                connection.time_out()
            elif took > self._timeouts.slow:
                slow.append(connection)
        fast = len(self._busy) - len(slow)
        for connection in slow:
            if (
                self._busy[connection]
                or len(self._fresh) <= fast
                or len(self._workers) >= 2 * MAX_CONNECTIONS
            ):
                continue
            self._busy[connection] = True
            self._start_worker()
            fast += 1
