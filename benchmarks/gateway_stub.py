"""A fast local replacement of `@connections`: TLS, a given latency, faults by recipient.

If the id of a recipient begins with `busy`, the first answer is 429. If it begins with `hang`,
there is no answer. The stub is faster than the push clients, because
it has one thread and non-blocking sockets without an event loop.
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


class TlsConnection:
    """One TLS connection, and the bytes that have arrived of its next request."""

    def __init__(self, socket_: ssl.SSLSocket) -> None:
        self.socket = socket_
        self.pending = b""
        self.is_handshaken = False

    def read(self) -> bool:
        """Receive what has arrived. Return False if the connection is closed."""
        try:
            if not self.is_handshaken:
                self.socket.do_handshake()
                self.is_handshaken = True
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
        """Return the heads of the complete requests, without their bodies."""
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
    """The server, and its counts since the last request for them."""

    def __init__(self, listener: socket.socket, tls: ssl.SSLContext, latency: float) -> None:
        self._listener = listener
        self._tls = tls
        self._latency = latency
        self._connections: dict[int, TlsConnection] = {}
        self._due: deque[tuple[float, int, TlsConnection, bytes]] = deque()
        self._answered_busy: set[bytes] = set()
        self._selector = selectors.DefaultSelector()
        self._first = self._last = 0.0
        self._served = 0

    def serve(self) -> None:
        """Answer until the standard input ends."""
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
                    self._receive(number, self._connections[number])
            self._answer()

    def _wait(self) -> None:
        """Wait until a request arrives or an answer is due, to the microsecond.

        Selectors round up to a millisecond.
        """
        wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
        select.select([self._selector.fileno()], [], [], wait)

    def _accept(self) -> None:
        plain, _ = self._listener.accept()
        plain.setblocking(False)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secure = self._tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self._connections[secure.fileno()] = TlsConnection(secure)
        self._selector.register(secure.fileno(), selectors.EVENT_READ)

    def _receive(self, number: int, connection: TlsConnection) -> None:
        alive = connection.read()
        now = time.monotonic()
        for head in connection.requests():
            if response := self._response(head, now):
                self._due.append((now + self._latency, number, connection, response))
        if not alive:
            self._selector.unregister(number)
            del self._connections[number]
            connection.socket.close()

    def _response(self, head: bytes, now: float) -> bytes:
        if head.startswith(b"GET"):
            return self._report()
        self._first = self._first or now
        recipient = head.partition(b" HTTP/")[0].rpartition(b"/")[2]
        if recipient.startswith(b"hang"):
            return b""
        if recipient.startswith(b"busy") and recipient not in self._answered_busy:
            self._answered_busy.add(recipient)
            return BUSY
        return OK

    def _answer(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, number, connection, response = self._due.popleft()
            if self._connections.get(number) is connection:
                self._send(connection, response)
            if response is OK:
                self._last, self._served = now, self._served + 1

    def _send(self, connection: TlsConnection, response: bytes) -> None:
        try:
            connection.socket.send(response)
        except OSError:
            connection.pending = b""  # the client has closed; the selector reports it next

    def _report(self) -> bytes:
        """Return the number of served posts and their seconds, and reset the counts."""
        counts = {"served": self._served, "seconds": self._last - self._first}
        self._reset()
        body = json.dumps(counts).encode()
        return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)

    def _reset(self) -> None:
        self._first = self._last = 0.0
        self._served = 0
        self._answered_busy.clear()


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
