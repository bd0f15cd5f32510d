"""Gets the content of a URL within one deadline."""

from functools import partial
from http.client import HTTPMessage
from time import monotonic
from typing import IO
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from chat.runtime.deadlines import within

SECONDS = 3.0
"""Time-out of DNS, TLS, redirects and content together; the authorizer has 10 seconds."""

MAX_CONTENT_BYTES = 256 * 1024
"""Longest content that is accepted, in bytes."""

READ_CHUNK_BYTES = 16 * 1024


class SafeRedirects(HTTPRedirectHandler):
    """Redirects that never lead from https to another scheme.

    Without TLS, another server could answer with its own keys.
    """

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the request of a redirect, or raise OSError for one away from https."""
        if req.type == "https" and not newurl.lower().startswith("https://"):
            raise OSError("the redirect leads away from https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = build_opener(SafeRedirects)


def fetch(url: str, *, seconds: float = SECONDS) -> bytes:
    """Return the content of *url*.

    Raises `OSError` if it is late, too long or no HTTP response. A thread bounds the time, because
    a socket's time-out is for each read alone and DNS has none.
    """
    deadline = monotonic() + seconds
    try:
        return within(seconds, partial(_read, url, deadline))
    except TimeoutError as error:
        raise TimeoutError(f"no response within {seconds:g} s") from error
    except Exception as error:
        raise OSError("the response cannot be used") from error


def _read(url: str, deadline: float) -> bytes:
    """Read in chunks, so that the deadline also holds for a slow server."""
    content = b""
    try:
        response = _OPENER.open(url, timeout=deadline - monotonic())
    except HTTPError as error:
        error.close()  # it holds the connection
        raise
    with response:
        while piece := response.read1(READ_CHUNK_BYTES):
            content += piece
            if len(content) > MAX_CONTENT_BYTES:
                raise OSError("too long")
            if monotonic() > deadline:
                raise TimeoutError("too slow")
    return content
