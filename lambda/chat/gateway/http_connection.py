"""Keep-alive HTTP/1.1 connection that posts requests and returns the status of each response.

It reads and writes its TLS socket itself. With asyncio's TLS, a post costs 25 % more CPU, and a
connection 256 KB of buffers.
"""

import asyncio
import re
import socket
from ssl import SSLWantReadError, SSLWantWriteError

from httptools import HttpParserError, HttpResponseParser

READ_BYTES = 16_384
"""Bytes of one read: the largest TLS record, so that no part of it stays unread in the buffer."""

_NOT_READY = (BlockingIOError, InterruptedError, SSLWantReadError, SSLWantWriteError)


class BrokenConnectionError(ConnectionError):
    """The connection ended, or sent no valid HTTP, before a response was complete."""


class ResponseTimeoutError(BrokenConnectionError):
    """No response arrived in time."""


class HttpConnection:
    """Connection that sends one post at a time and ignores response bodies."""

    def __init__(self, connected: socket.socket) -> None:
        self.posts = 0
        """Responses so far. After the first one, the peer may close the idle connection."""
        self.began: float | None = None
        """Start of the current post, in the loop's time."""
        self.idle_since: float = 0.0
        """Start of the idle time, by the wall clock."""
        self.is_open = True
        self._loop = asyncio.get_running_loop()
        self._socket = connected
        self._unsent = b""
        self._received = b""
        self._response: asyncio.Future[int] | None = None
        self._status: int | None = None
        self._parser = HttpResponseParser(self)
        self._loop.add_reader(connected, self._read)

    async def post(self, request: bytes) -> int:
        """Send *request* and return the status. Raises `BrokenConnectionError`."""
        if not self.is_open:
            raise BrokenConnectionError("the connection is closed")
        response: asyncio.Future[int] = self._loop.create_future()
        self._response, self._status, self.began = response, None, self._loop.time()
        self._send(request)
        try:
            return await response
        finally:
            self.began = None

    def error_type(self) -> str:
        """Return AWS's name of the last response's error, or "" if it has none."""
        found = re.search(rb"\r\nx-amzn-errortype: *(\w{1,99})", self._received, re.IGNORECASE)
        return found[1].decode() if found else ""

    def time_out(self) -> None:
        """Fail the current post with a time-out and close the connection."""
        self._end(ResponseTimeoutError("no response in time"))

    def fail(self, reason: str) -> None:
        """Fail the current post and close the connection."""
        self._end(BrokenConnectionError(reason))

    def on_headers_complete(self) -> None:
        """Store the status. A body may follow."""
        self._status = self._parser.get_status_code()
        if self._response is None or self._response.done():
            self._close()  # a second response to one post

    def on_message_complete(self) -> None:
        """Complete the current post with the status."""
        self.posts += 1
        if not self._parser.should_keep_alive():
            self._close()
        self._complete(self._parser.get_status_code())

    def _send(self, request: bytes) -> None:
        try:
            while request:
                request = request[self._socket.send(request) :]
        except _NOT_READY:
            self._loop.add_writer(self._socket, self._send_rest)
        except OSError as error:
            self.fail(f"connection lost: {type(error).__name__}")
        self._unsent = request

    def _send_rest(self) -> None:
        self._loop.remove_writer(self._socket)
        self._send(self._unsent)

    def _read(self) -> None:
        """Read a part of a response, or the end of the connection."""
        try:
            data = self._socket.recv(READ_BYTES)
        except _NOT_READY:
            return
        except OSError as error:
            self._lost(type(error).__name__)
            return
        if data:
            self._received = data
            self._feed(data)
        else:
            self._lost("closed by the gateway")

    def _feed(self, data: bytes) -> None:
        """Parse *data*. Without a current post, close the connection."""
        if self._response is None or self._response.done():
            self.fail("a response without a request")
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self.fail(f"no HTTP response: {type(error).__name__}")

    def _lost(self, reason: str) -> None:
        """Close after the peer has closed. A status that has arrived counts."""
        if self._status is not None:
            self._complete(self._status)
        self.fail(f"connection lost: {reason}")

    def _complete(self, status: int) -> None:
        if self._response is not None and not self._response.done():
            self._response.set_result(status)

    def _end(self, error: BrokenConnectionError) -> None:
        self._close()
        if self._response is not None and not self._response.done():
            self._response.set_exception(error)

    def _close(self) -> None:
        if self.is_open:
            self.is_open = False
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._socket.close()
