"""An HTTP server that answers as Lambda's Invoke API does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

DRIP_SECONDS = 0.2


class Service:
    """Answers of Lambda's HTTP API, and the requests so far."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b'{"allow": true}'
        self.pause = 0.0
        self.hang_ups = 0
        """Number of requests that it answers by closing the connection."""
        self.drips: Literal["", "head", "body"] = ""
        """Part of the response from which on it is sent byte by byte."""
        self.is_over = threading.Event()
        self.asked: list[tuple[str, bytes]] = []


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """Serve *service* on a port of this machine; yield its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append((self.path, body))
            service.is_over.wait(service.pause)
            if service.hang_ups:
                service.hang_ups -= 1
                return
            head = {**service.headers, "Content-Length": str(len(service.body))}
            lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            text = f"HTTP/1.0 {service.status} OK\r\n{lines}\r\n".encode()
            with suppress(OSError):  # the caller may have closed the connection
                self._write(text, drips=service.drips == "head")
                self._write(service.body, drips=service.drips == "body")

        def _write(self, text: bytes, *, drips: bool) -> None:
            for piece in [bytes([byte]) for byte in text] if drips else [text]:
                self.wfile.write(piece)
                service.is_over.wait(DRIP_SECONDS if drips else 0)

        def log_message(self, *_: Any) -> None:
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            service.is_over.set()
            server.shutdown()
            thread.join()
