"""Implements the Push port with @connections: one frame to many connections.

boto3 spends about 650 us of CPU on one post. Here a post costs two hashes and one write to a
keep-alive connection. The asyncio loop runs only during a push.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from chat.domain.delivery import Delivery
from chat.gateway.connection_pool import ConnectionPool
from chat.gateway.connector import Connector
from chat.gateway.post_with_retries import Compose, PostJob
from chat.gateway.sigv4 import Credentials, FrameSigner, request_path
from chat.gateway.timeouts import DEFAULT_TIMEOUTS, Timeouts


class GatewayPush:
    """Client of one stage's @connections API; its callback URL is `https://host/stage`."""

    def __init__(
        self,
        callback_url: str,
        *,
        region: str,
        credentials: Callable[[], Credentials],
        tls_context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
    ) -> None:
        """Call *credentials* once a frame, and *tls_context* once, before the first frame."""
        url = urlsplit(callback_url)
        secure = url.scheme == "https"
        self._netloc = url.netloc
        self._stage_path = url.path
        self._region = region
        self._credentials = credentials
        self._loop = asyncio.new_event_loop()
        self._pool = ConnectionPool(
            Connector(
                url.hostname or "",
                url.port or (443 if secure else 80),
                tls_context if secure else None,
            ),
            timeouts=timeouts,
        )

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Post *frame* to each connection. Return which were delivered, gone or failed.

        Raises `GatewayForbiddenError` for status 403, and `ssl.SSLCertVerificationError`.
        """
        return self._run(connection_ids, self._composer("POST", frame))

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """Close connections of clients. Raises the errors of `send`."""
        return self._run(connection_ids, self._composer("DELETE", b""))

    def shut_down(self) -> None:
        """Close every connection to the gateway."""
        for connection in self._pool.idle:
            connection.fail("closed")
        self._loop.close()

    def _run(self, connection_ids: Iterable[str], compose: Compose) -> Delivery:
        async def post_all() -> Delivery:
            return await PostJob(self._pool, connection_ids, compose).run()

        return self._loop.run_until_complete(post_all())

    def _composer(self, method: str, frame: bytes) -> Compose:
        """Return a function that makes the whole request for one connection id."""
        signer = FrameSigner(
            self._credentials(),
            region=self._region,
            host=self._netloc,
            body=frame,
            moment=datetime.now(UTC),
            method=method,
        )
        tail = f"{signer.headers}content-length: {len(frame)}\r\nauthorization: "

        def compose(connection_id: str) -> bytes:
            path = request_path(self._stage_path, connection_id)
            head = f"{method} {path} HTTP/1.1\r\n{tail}{signer.authorization(path)}\r\n\r\n"
            return head.encode() + frame

        return compose
