"""Builds the page when its source has changed, and serves it beside the emulator.

D-060 in docs/decisions says why the standard library serves it.
"""

import fcntl
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from chat_stack.functions.bundling import CACHE
from chat_stack.identity.page_config import GUESTS, PageSignIn
from chat_stack.web import page
from local.deploy import NODE, end_of
from local.private_files import PUBLISHED
from local.processes import Stop, environment, run
from tools.common import UserError

VITE = page.WEB / "node_modules" / "vite" / "bin" / "vite.js"
CONFIG = f"/{page.CONFIG}"
TYPES = {  # fixed here, because the types that a machine has registered differ
    "": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


def build(
    *, folder: Path, say: Callable[[str], None], stop: Stop | None = None, web: Path = page.WEB
) -> Path:
    """Build the page if its source has changed. Return the folder of the built page.

    Vite's output goes to `page.log` in *folder*. One process builds at a time; others wait.
    Raises UserError if Vite fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    CACHE.mkdir(exist_ok=True)
    built = web / "dist"
    with (CACHE / "page.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not page.is_current(built, web):
            say("Building the page ...")
            _build(web, built, log=folder / "page.log", stop=stop or Stop())
    return built


def _build(web: Path, built: Path, *, log: Path, stop: Stop) -> None:
    log.unlink(missing_ok=True)
    source = page.fingerprint(
        web
    )  # taken before the build, so a change during the build causes another one
    command: list[str | Path] = [NODE / "node", VITE, "build", web, "--outDir", built]
    command.append("--emptyOutDir")
    env = vite_environment()
    if run(command, env=env, log=log, stop=stop, umask=PUBLISHED) != 0:
        raise UserError(f"The page could not be built. From {log}:\n\n{_reason(log)}")
    page.mark_current(source, built)


def _reason(log: Path) -> str:
    """Return Vite's message without the stack trace, or the end of *log*."""
    _, found, reason = log.read_text(errors="replace").partition("error during build:")
    lines = [line for line in reason.partition("\n    at ")[0].splitlines() if line.strip()]
    return "\n".join(f"  {line}" for line in lines[:12]) if found else end_of(log)


def edit(*, config_from: str, port: int) -> None:
    """Replace this process by Vite's server; its page reads config.json from *config_from*.

    It fails if *port* is taken, since the emulator accepts no other.
    """
    env = vite_environment(PAGE_URL=config_from)
    os.chdir(page.WEB)
    arguments = ["node", str(VITE), "--port", str(port), "--strictPort"]
    os.execve(NODE / "node", arguments, env)  # noqa: S606 - no shell is wanted


def vite_environment(**extra: str) -> dict[str, str]:
    """Return an environment with Node first on the PATH and without the user's AWS settings."""
    env = environment(**extra)
    return env | {"PATH": f"{NODE}:{env.get('PATH', '/usr/bin:/bin')}"}


class PageServer(ThreadingHTTPServer):
    """HTTP server of the built page, with the headers that CloudFront sends.

    The standard library's server is enough for a few files on one machine.
    It listens from the start and answers once `serving` is entered; earlier requests wait.
    """

    allow_reuse_port = False  # a taken port must raise an error
    request_queue_size = 64

    def __init__(self, port: int, built: Path) -> None:
        self.web_socket_url = ""
        self.sign_in = GUESTS
        super().__init__(("127.0.0.1", port), partial(_Handler, directory=str(built)))

    @property
    def url(self) -> str:
        """Address for browsers."""
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a browser that disconnects during a response."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @contextmanager
    def serving(self, web_socket_url: str, sign_in: PageSignIn = GUESTS) -> Iterator[None]:
        """Serve in a thread the page of the chat at *web_socket_url*."""
        self.web_socket_url, self.sign_in = web_socket_url, sign_in
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()


class _Handler(SimpleHTTPRequestHandler):
    server: PageServer
    server_version = "page"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    _found = True
    error_message_format = "%(code)d %(message)s\n"
    error_content_type = "text/plain; charset=utf-8"
    extensions_map = TYPES

    def send_head(self) -> BinaryIO | BytesIO | None:
        """Send config.json from memory and every other file from the folder."""
        path = urlsplit(self.path).path
        if "\0" in unquote(path):  # the standard library would raise an error
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        if path != CONFIG:
            return super().send_head()
        config = page.config(self.server.web_socket_url, self.server.sign_in)
        body = json.dumps(config).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def send_response_only(self, code: int, message: str | None = None) -> None:
        """Remember whether the status is an error."""
        self._found = code < HTTPStatus.BAD_REQUEST
        super().send_response_only(code, message)

    def list_directory(self, path: str | os.PathLike[str]) -> None:  # noqa: ARG002 - the library's
        """Answer 404 for a folder."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Add CloudFront's headers, except HSTS, which needs TLS (RFC 6797, section 7.2)."""
        chat = urlsplit(self.server.web_socket_url)
        origin = f"{chat.scheme}://{chat.netloc}"
        policy = page.content_security_policy(origin, self.server.sign_in)
        self.send_header("Content-Security-Policy", policy)
        for name, value in page.HEADERS.items():
            self.send_header(name, value)
        path = urlsplit(self.path).path[1:]
        keep = page.cache_control(path) if self._found else page.ASK_AGAIN
        self.send_header("Cache-Control", keep)
        super().end_headers()

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the library's
        """Log nothing: the terminal is for messages to the user."""
