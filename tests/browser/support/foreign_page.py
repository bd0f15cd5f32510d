"""A page of another origin, whose script attacks the emulator of this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.server_thread import running_in_thread

SCRIPT = Path(__file__).with_suffix(".js").read_text()


@contextmanager
def foreign_page(emulator: str, chat: str) -> Iterator[str]:
    """Serve the page on a port of its own; yield its address."""
    names = f"const emulator = {json.dumps(emulator)}, chat = {json.dumps(chat)};"
    html = f'<!doctype html><body><script type="module">{names}{SCRIPT}</script>'.encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer every path with the page."""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(html)))
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Log nothing."""

    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server,
        running_in_thread(server.serve_forever, stop=server.shutdown),
    ):
        yield f"http://127.0.0.1:{server.server_address[1]}/"
