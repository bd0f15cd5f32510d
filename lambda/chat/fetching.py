"""Gets what a URL serves, with one deadline for all that it takes."""

from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from urllib.request import urlopen

SECONDS = 3.0
"""For the name, handshakes, redirects, headers and content together; the authorizer has 10."""

LONGEST = 256 * 1024
"""Bytes of content."""

PIECE = 16 * 1024

Answers = SimpleQueue[bytes | Exception]


def fetch(url: str, *, seconds: float = SECONDS) -> bytes:
    """What *url* serves; raises `OSError` where that is late, too long, or no HTTP.

    In a thread of its own, which is left behind when it is late: a socket has a time-out for each
    read alone, and looking up a name has none.
    """
    answers: Answers = SimpleQueue()
    deadline = monotonic() + seconds
    Thread(target=_answer, args=(url, deadline, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"not there after {seconds:g} s") from None
    if isinstance(answer, Exception):
        raise OSError("what came is not to be used") from answer
    return answer


def _answer(url: str, deadline: float, answers: Answers) -> None:
    """Whatever becomes of it, somebody waits for that."""
    try:
        answers.put(_read(url, deadline))
    except (OSError, HTTPException, ValueError) as error:
        answers.put(error)


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
