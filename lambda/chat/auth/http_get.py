"""Gets the content of a URL within one deadline."""

from functools import partial
from time import monotonic
from urllib.error import HTTPError
from urllib.request import urlopen

from chat.runtime.deadlines import within

SECONDS = 3.0
"""Time-out of DNS, TLS, redirects and content together; the authorizer has 10 seconds."""

MAX_CONTENT_BYTES = 256 * 1024
"""Longest content that is accepted, in bytes."""

READ_CHUNK_BYTES = 16 * 1024


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
        response = urlopen(url, timeout=deadline - monotonic())  # noqa: S310 - a setting's URL
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
