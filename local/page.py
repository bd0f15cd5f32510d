"""The page: built when its source has changed, served beside the emulator."""

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
from urllib.parse import urlsplit

from chat_stack.functions.bundling import CACHE
from chat_stack.identity.page_config import GUESTS, PageSignIn
from chat_stack.web import page
from local.deploy import NODE, end_of
from local.processes import Stop, environment, run
from tools.common import UserError

VITE = page.WEB / "node_modules" / "vite" / "bin" / "vite.js"
CONFIG = f"/{page.CONFIG}"
TYPES = {  # not what this machine may have registered
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
    """The folder of the page, built anew where its source has changed; Vite's words into *folder*.

    One builds at a time: others wait, and then find it built.
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
    source = page.fingerprint(web)  # before: what changes meanwhile is for the next time
    command: list[str | Path] = [NODE / "node", VITE, "build", web, "--outDir", built]
    if run([*command, "--emptyOutDir"], env=vite_environment(), log=log, stop=stop) != 0:
        raise UserError(f"The page could not be built. From {log}:\n\n{_reason(log)}")
    page.mark_current(source, built)


def _reason(log: Path) -> str:
    """What Vite says before its stack trace; else the end of its words."""
    _, found, reason = log.read_text(errors="replace").partition("error during build:")
    lines = [line for line in reason.partition("\n    at ")[0].splitlines() if line.strip()]
    return "\n".join(f"  {line}" for line in lines[:12]) if found else end_of(log)


def edit(*, config_from: str) -> None:
    """Become Vite's development server, whose page is told by *config_from* where its chat is."""
    env = vite_environment(PAGE_URL=config_from)
    os.chdir(page.WEB)
    os.execve(NODE / "node", ["node", str(VITE)], env)  # noqa: S606 - no shell is wanted


def vite_environment(**extra: str) -> dict[str, str]:
    """Node first on the PATH, and nothing of the user's AWS settings."""
    env = environment(**extra)
    return env | {"PATH": f"{NODE}:{env.get('PATH', '/usr/bin:/bin')}"}


class PageServer(ThreadingHTTPServer):
    """The built page on a port of this machine, with the headers that it has on AWS.

    The standard library's server is enough for a few files on one's own machine, and one dependency
    less. It listens from the start and answers from `serving` on: who comes earlier, waits.
    """

    allow_reuse_port = False  # a taken port is to be noticed
    request_queue_size = 64

    def __init__(self, port: int, built: Path) -> None:
        self.web_socket_url = ""
        self.sign_in = GUESTS
        super().__init__(("127.0.0.1", port), partial(_Handler, directory=str(built)))

    @property
    def url(self) -> str:
        """Where browsers go."""
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that has gone away in the middle of an answer is nothing to tell of."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @contextmanager
    def serving(self, web_socket_url: str, sign_in: PageSignIn = GUESTS) -> Iterator[None]:
        """Answer, in a thread, as the page of the chat at *web_socket_url*."""
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
        """config.json from memory, everything else from the folder."""
        if urlsplit(self.path).path != CONFIG:
            return super().send_head()
        config = page.config(self.server.web_socket_url, self.server.sign_in)
        body = json.dumps(config).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def send_response_only(self, code: int, message: str | None = None) -> None:
        """Remember what is answered."""
        self._found = code < HTTPStatus.BAD_REQUEST
        super().send_response_only(code, message)

    def list_directory(self, path: str | os.PathLike[str]) -> None:  # noqa: ARG002 - the library's
        """A folder is nothing to look at."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Add what CloudFront adds; not HSTS, which has no meaning without TLS (RFC 6797, 7.2)."""
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
        """Say nothing: the terminal is for what a person has to know."""
