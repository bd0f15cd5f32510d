"""@connections behind the Push port: one frame to many connections.

boto3 spends some 650 us of CPU on a post. Here a post costs two hashes and a write to a keep-alive
connection of an asyncio loop, which runs only while there is something to send.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from chat.domain.delivery import Delivery
from chat.gateway.connector import Connector
from chat.gateway.fanout import PATIENT, Compose, Fanout, Timeouts
from chat.gateway.sigv4 import Credentials, FrameSigner, request_path


class GatewayPush:
    """Posts to the connections of one stage, whose callback URL is `https://host/stage`."""

    def __init__(
        self,
        callback_url: str,
        *,
        region: str,
        credentials: Callable[[], Credentials],
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        patience: Timeouts = PATIENT,
    ) -> None:
        """*credentials* is asked once a frame, *trust* once, with the first frame."""
        url = urlsplit(callback_url)
        secure = url.scheme == "https"
        self._netloc = url.netloc
        self._stage_path = url.path
        self._region = region
        self._credentials = credentials
        self._loop = asyncio.new_event_loop()
        self._fanout = Fanout(
            Connector(
                url.hostname or "",
                url.port or (443 if secure else 80),
                trust if secure else None,
            ),
            patience=patience,
        )

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Post *frame* to each; raises `RefusedError` on 403 and on a certificate not trusted."""
        return self._run(connection_ids, self._composer("POST", frame))

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """End connections of clients; raises `RefusedError` as `send` does."""
        return self._run(connection_ids, self._composer("DELETE", b""))

    def shut_down(self) -> None:
        """Close every connection to the gateway."""
        for channel in self._fanout.idle:
            channel.fail("closed")
        self._loop.close()

    def _run(self, connection_ids: Iterable[str], compose: Compose) -> Delivery:
        return self._loop.run_until_complete(self._fanout.run(connection_ids, compose))

    def _composer(self, method: str, frame: bytes) -> Compose:
        """What makes the whole request for one connection id."""
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
