"""A proxy between the function and AWS that applies rules to the calls."""

import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.reliability.faults.injection import Answer, Call, Failure, Rule, Target

DRIP_SECONDS = 0.2
HOP_BY_HOP = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})


class Proxy:
    """Listens on *port* and forwards to *upstream*. *kill* ends the function."""

    def __init__(self, port: int, upstream: str, *, kill: Callable[[], None]) -> None:
        self.upstream = urlsplit(upstream)
        self.kill = kill
        self._targets: tuple[Target, ...] = ()
        self._server = _Server(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        """Return the address that the function uses as AWS."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Serve, and leave neither thread nor socket behind."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.wake_threads()
            self._server.server_close()
            self._thread.join()

    def watch(self, target: Target) -> None:
        """Apply the rules of another target."""
        self._targets += (target,)

    def rule_for(self, call: Call) -> Rule | None:
        """Return the rule that applies to a call, or None."""
        found = (target.rule_for(call) for target in self._targets)
        return next((rule for rule in found if rule), None)

    def forward(self, method: str, call: Call, headers: dict[str, str]) -> Answer:
        """Return AWS's own response."""
        upstream = HTTPConnection("127.0.0.1", self.upstream.port or 80, timeout=30)
        try:
            upstream.request(method, call.path, call.body, headers)
            response = upstream.getresponse()
            kept = {k: v for k, v in response.getheaders() if k.lower() not in HOP_BY_HOP}
            return Answer(response.status, kept, response.read())
        finally:
            upstream.close()


class _Server(ThreadingHTTPServer):
    """A server that joins its threads and closes connections abruptly."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, proxy: Proxy, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.proxy = proxy
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, and handle it as the base class does."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close without the base class's shutdown, which would prevent a reset."""
        self._open.discard(request)
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore the error: callers that give up are the purpose of these tests."""

    def wake_threads(self) -> None:
        """Wake every thread that waits for its caller."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """A connection of the function."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes
    server: _Server

    def do_POST(self) -> None:
        """Forward the call, or apply a fault to it."""
        call = self._call()
        rule = self.server.proxy.rule_for(call)
        if rule is None:
            return self._send(self._forward(call))
        answer = self._forward(call) if rule.committed else Answer(200, {}, b"{}")
        if isinstance(rule.fault, Failure):
            return self._apply(rule.fault, answer)
        return self._send(rule.fault(call))

    do_GET = do_DELETE = do_POST  # noqa: N815 - the base's names

    def _call(self) -> Call:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "")
        operation = target.rpartition(".")[2] if target else "PostToConnection"
        return Call(operation, self.path, body)

    def _forward(self, call: Call) -> Answer:
        kept = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
        return self.server.proxy.forward(self.command, call, kept)

    def _send(self, answer: Answer) -> None:
        self._head(answer)
        self.wfile.write(answer.body)

    def _head(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()

    def _apply(self, failure: Failure, answer: Answer) -> None:
        self.close_connection = True
        match failure:
            case Failure.HANG:
                self._caller_has_closed(None)
            case Failure.DRIP:
                self._drip()
            case Failure.CUT:
                self._head(answer)
                self.wfile.write(answer.body[: len(answer.body) // 2])
            case Failure.KILL:
                self.server.proxy.kill()
            case Failure.RESET:
                pass
        reset = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: RST in place of FIN
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)

    def _drip(self) -> None:
        """Send spaces before the JSON: each byte renews the caller's read time-out."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not self._caller_has_closed(DRIP_SECONDS):
            self.wfile.write(b" ")

    def _caller_has_closed(self, seconds: float | None) -> bool:
        """Wait for the caller to close. Nothing else makes an idle request readable."""
        return bool(select.select([self.connection], [], [], seconds)[0])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Write nothing, because rules count what they do."""
