"""Gets what a URL serves, with one deadline for all that it takes."""

from functools import partial
from time import monotonic
from urllib.request import urlopen

from chat.runtime.deadlines import within

SECONDS = 3.0
"""For the name, handshakes, redirects, headers and content together; the authorizer has 10."""

LONGEST = 256 * 1024
"""Bytes of content."""

PIECE = 16 * 1024


def fetch(url: str, *, seconds: float = SECONDS) -> bytes:
    """What *url* serves; raises `OSError` where that is late, too long, or no HTTP.

    A socket has a time-out for each read alone, and looking up a name has none.
    """
    deadline = monotonic() + seconds
    try:
        return within(seconds, partial(_read, url, deadline))
    except TimeoutError as error:
        raise TimeoutError(f"not there after {seconds:g} s") from error
    except Exception as error:
        raise OSError("what came is not to be used") from error


def _read(url: str, deadline: float) -> bytes:
    """In pieces, so that a server that drips is left alone at the deadline too."""
    content = b""
    with urlopen(url, timeout=deadline - monotonic()) as response:  # noqa: S310 - a setting's URL
        while piece := response.read1(PIECE):
            content += piece
            if len(content) > LONGEST:
                raise OSError("too long")
            if monotonic() > deadline:
                raise TimeoutError("too slow")
    return content
