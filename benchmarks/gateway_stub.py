"""A fast local stand-in for `@connections`: TLS, a given latency, faults by recipient.

A recipient whose id begins with `busy` is answered 429 the first time; `hang`, never. One thread
and non-blocking sockets, without an event loop's overhead, so that it is nobody's bottleneck.
"""

import argparse
import json
import os
import select
import selectors
import socket
import ssl
import sys
import time
from collections import deque
from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n"
BUSY = (
    b"HTTP/1.1 429 Too Many Requests\r\nx-amzn-errortype: LimitExceededException\r\n"
    b"content-length: 2\r\n\r\n{}"
)


class Line:
    """One TLS connection and what has come of its next request."""

    def __init__(self, socket_: ssl.SSLSocket) -> None:
        self.socket = socket_
        self.pending = b""
        self.shaken = False

    def read(self) -> bool:
        """Take what has arrived; False at the end."""
        try:
            if not self.shaken:
                self.socket.do_handshake()
                self.shaken = True
            while data := self.socket.recv(65536):
                self.pending += data
                if not self.socket.pending():
                    return True
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return True
        except OSError:
            pass
        return False

    def requests(self) -> list[bytes]:
        """The request heads that are complete, bodies dropped."""
        heads = []
        while (end := self.pending.find(b"\r\n\r\n")) >= 0:
            head = self.pending[:end]
            total = end + 4 + _body_length(head)
            if len(self.pending) < total:
                break
            self.pending = self.pending[total:]
            heads.append(head)
        return heads


def _body_length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0] or 0)


class Stub:
    """The server, and what it has seen since it was last asked."""

    def __init__(self, listener: socket.socket, tls: ssl.SSLContext, latency: float) -> None:
        self._listener = listener
        self._tls = tls
        self._latency = latency
        self._lines: dict[int, Line] = {}
        self._due: deque[tuple[float, int, Line, bytes]] = deque()
        self._refused: set[bytes] = set()
        self._selector = selectors.DefaultSelector()
        self._first = self._last = 0.0
        self._served = 0

    def serve(self) -> None:
        """Answer until stdin ends."""
        self._selector.register(self._listener.fileno(), selectors.EVENT_READ)
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while True:
            self._wait()
            for key, _ in self._selector.select(0):
                number = key.fd
                if number == sys.stdin.fileno():
                    if not os.read(number, 1024):
                        return
                elif number == self._listener.fileno():
                    self._accept()
                else:
                    self._receive(number, self._lines[number])
            self._answer()

    def _wait(self) -> None:
        """Until something arrives or is due, to the microsecond, which selectors round up."""
        wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
        select.select([self._selector.fileno()], [], [], wait)

    def _accept(self) -> None:
        plain, _ = self._listener.accept()
        plain.setblocking(False)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secure = self._tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self._lines[secure.fileno()] = Line(secure)
        self._selector.register(secure.fileno(), selectors.EVENT_READ)

    def _receive(self, number: int, line: Line) -> None:
        alive = line.read()
        now = time.monotonic()
        for head in line.requests():
            if response := self._response(head, now):
                self._due.append((now + self._latency, number, line, response))
        if not alive:
            self._selector.unregister(number)
            del self._lines[number]
            line.socket.close()

    def _response(self, head: bytes, now: float) -> bytes:
        if head.startswith(b"GET"):
            return self._tell()
        self._first = self._first or now
        recipient = head.partition(b" HTTP/")[0].rpartition(b"/")[2]
        if recipient.startswith(b"hang"):
            return b""
        if recipient.startswith(b"busy") and recipient not in self._refused:
            self._refused.add(recipient)
            return BUSY
        return OK

    def _answer(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, number, line, response = self._due.popleft()
            if self._lines.get(number) is line:
                self._send(line, response)
            if response is OK:
                self._last, self._served = now, self._served + 1

    def _send(self, line: Line, response: bytes) -> None:
        try:
            line.socket.send(response)
        except OSError:
            line.pending = b""  # the peer is gone; the selector will tell

    def _tell(self) -> bytes:
        """How many were served, in which time; and begin anew."""
        seen = {"served": self._served, "seconds": self._last - self._first}
        self._forget()
        body = json.dumps(seen).encode()
        return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)

    def _forget(self) -> None:
        self._first = self._last = 0.0
        self._served = 0
        self._refused.clear()


def main() -> None:
    """Serve on a port of 127.0.0.1."""
    parser = argparse.ArgumentParser(prog="benchmarks.gateway_stub")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--certificate", type=Path, required=True)
    parser.add_argument("--latency", type=float, required=True, help="seconds")
    given = parser.parse_args()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(given.certificate)
    with socket.create_server(("127.0.0.1", given.port), backlog=1024) as listener:
        Stub(listener, tls, given.latency).serve()


if __name__ == "__main__":
    main()
