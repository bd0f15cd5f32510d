"""One keep-alive HTTP/1.1 connection that posts, and tells the status of each response.

It reads and writes its TLS socket itself: with asyncio's own TLS a post costs a quarter more CPU,
and a connection 256 KB of buffers.
"""

import asyncio
import re
import socket
from ssl import SSLWantReadError, SSLWantWriteError

from httptools import HttpParserError, HttpResponseParser

PIECE = 16_384
"""Bytes to read at a time: the largest TLS record, so that none is left half-read, out of sight."""

_LATER = (BlockingIOError, InterruptedError, SSLWantReadError, SSLWantWriteError)


class BrokenChannelError(ConnectionError):
    """The connection ended or spoke no HTTP before a response was complete."""


class HungChannelError(BrokenChannelError):
    """No response came in time."""


class Channel:
    """One post at a time over a connected socket; a response's body is read and dropped."""

    def __init__(self, connected: socket.socket) -> None:
        self.posts = 0
        """Responses so far; a channel that has had one may have died of idleness since."""
        self.began: float | None = None
        """When the post under way began, in the loop's time."""
        self.rested: float = 0.0
        """Since when it has had nothing to do, by the wall clock."""
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
        """Send *request*; the status of the response. Raises `BrokenChannelError`."""
        if not self.is_open:
            raise BrokenChannelError("the connection is closed")
        response: asyncio.Future[int] = self._loop.create_future()
        self._response, self._status, self.began = response, None, self._loop.time()
        self._send(request)
        try:
            return await response
        finally:
            self.began = None

    def error_type(self) -> str:
        """What AWS calls the error of the last response; "" where it came without a name."""
        found = re.search(rb"\r\nx-amzn-errortype: *(\w{1,99})", self._received, re.IGNORECASE)
        return found[1].decode() if found else ""

    def hang(self) -> None:
        """Give up what is under way for want of a response, and close."""
        self._end(HungChannelError("no response in time"))

    def fail(self, reason: str) -> None:
        """Give up what is under way and close."""
        self._end(BrokenChannelError(reason))

    def on_headers_complete(self) -> None:
        """The status is known; a body may follow."""
        self._status = self._parser.get_status_code()
        if self._response is None or self._response.done():
            self._close()  # a second response to one post

    def on_message_complete(self) -> None:
        """The response is complete."""
        self.posts += 1
        if not self._parser.should_keep_alive():
            self._close()
        self._tell(self._parser.get_status_code())

    def _send(self, request: bytes) -> None:
        try:
            while request:
                request = request[self._socket.send(request) :]
        except _LATER:
            self._loop.add_writer(self._socket, self._send_rest)
        except OSError as error:
            self.fail(f"connection lost: {type(error).__name__}")
        self._unsent = request

    def _send_rest(self) -> None:
        self._loop.remove_writer(self._socket)
        self._send(self._unsent)

    def _read(self) -> None:
        """Some of a response, or the end of the connection."""
        try:
            data = self._socket.recv(PIECE)
        except _LATER:
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
        """Parse *data*; without a post under way it ends the connection."""
        if self._response is None or self._response.done():
            self.fail("a response that nobody asked for")
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self.fail(f"no HTTP response: {type(error).__name__}")

    def _lost(self, reason: str) -> None:
        """The peer is gone; a status that had come by then stands."""
        if self._status is not None:
            self._tell(self._status)
        self.fail(f"connection lost: {reason}")

    def _tell(self, status: int) -> None:
        if self._response is not None and not self._response.done():
            self._response.set_result(status)

    def _end(self, error: BrokenChannelError) -> None:
        self._close()
        if self._response is not None and not self._response.done():
            self._response.set_exception(error)

    def _close(self) -> None:
        if self.is_open:
            self.is_open = False
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._socket.close()
