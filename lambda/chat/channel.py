"""One keep-alive HTTP/1.1 connection that posts, and tells the status of each response."""

import asyncio
from typing import cast

from httptools import HttpParserError, HttpResponseParser


class BrokenChannelError(ConnectionError):
    """The connection ended, hung or spoke no HTTP before a response was complete."""


class Channel(asyncio.Protocol):
    """One post at a time; a response's body is read and dropped."""

    def __init__(self) -> None:
        self.posts = 0
        """Responses so far; a channel that has had one may have died of idleness since."""
        self.began: float | None = None
        """When the post under way began, in the loop's time."""
        self.is_open = False
        self._transport: asyncio.Transport | None = None
        self._response: asyncio.Future[int] | None = None
        self._status: int | None = None
        self._parser = HttpResponseParser(self)

    async def post(self, request: bytes) -> int:
        """Send *request*; the status of the response. Raises `BrokenChannelError`."""
        if self._transport is None or not self.is_open:
            raise BrokenChannelError("the connection is closed")
        loop = asyncio.get_running_loop()
        self._response, self._status, self.began = loop.create_future(), None, loop.time()
        self._transport.write(request)
        try:
            return await self._response
        finally:
            self.began = None

    def fail(self, reason: str) -> None:
        """Give up what is under way and close."""
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()
        if self._response is not None and not self._response.done():
            self._response.set_exception(BrokenChannelError(reason))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands, TLS included."""
        self._transport = cast("asyncio.Transport", transport)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        """Some of a response; without a post under way it ends the connection."""
        if self._response is None or self._response.done():
            self.fail("a response that nobody asked for")
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self.fail(f"no HTTP response: {type(error).__name__}")

    def connection_lost(self, exc: Exception | None) -> None:
        """The peer is gone; a status that had come by then stands."""
        if self._response is not None and not self._response.done() and self._status is not None:
            self._response.set_result(self._status)
        self.fail(f"connection lost: {type(exc).__name__}")

    def on_headers_complete(self) -> None:
        """The status is known; a body may follow."""
        self._status = self._parser.get_status_code()

    def on_message_complete(self) -> None:
        """The response is complete."""
        self.posts += 1
        if not self._parser.should_keep_alive():
            self.is_open = False
            if self._transport is not None:
                self._transport.close()
        if self._response is not None and not self._response.done():
            self._response.set_result(self._parser.get_status_code())
