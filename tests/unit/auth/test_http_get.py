"""Fetching returns the body, or raises an error by the deadline, whatever the server does."""

import time
from http.client import HTTPMessage
from io import BytesIO
from urllib.request import Request

import pytest

from chat.auth.http_get import MAX_CONTENT_BYTES, SafeRedirects, fetch
from tests.support.issuer.server import HEAD, Answer, answering

DEADLINE = 0.4
NO_USE = r"^the response cannot be used$"


def test_what_is_served() -> None:
    """The body is read in one piece or many, with a length or without."""
    answers: tuple[Answer, ...] = (
        [HEAD + b"Content-Length: 4\r\n\r\nkeys"],
        [HEAD + b"\r\nke", 0.05, b"ys"],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nke\r\n", 0.05, b"2\r\nys\r\n0\r\n\r\n"],
    )

    for answer in answers:
        with answering(answer) as server:
            assert fetch(server.url) == b"keys"


def test_the_longest_body() -> None:
    """A body of one byte more is an error, and not cut."""
    with answering([HEAD + b"\r\n" + b"x" * MAX_CONTENT_BYTES]) as server:
        assert len(fetch(server.url)) == MAX_CONTENT_BYTES
    with (
        answering([HEAD + b"\r\n" + b"x" * (MAX_CONTENT_BYTES + 1)]) as server,
        pytest.raises(OSError, match=NO_USE),
    ):
        fetch(server.url)


ANSWER_SECONDS = 30.0
"""How long the answers below take: far longer than the deadline, on a machine of any speed."""
DRIP: list[bytes | float] = [b"x", 0.1] * round(ANSWER_SECONDS / 0.1)
LATE: dict[str, Answer] = {
    "content": [HEAD + b"Content-Length: 1000\r\n\r\n", *DRIP],
    "a chunk": [HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n", *DRIP],
    "headers": [HEAD + b"X: ", *DRIP],
    "a status": [b"HTTP/1.1 200 ", *DRIP],
    "nothing": [ANSWER_SECONDS],
}


@pytest.mark.parametrize("answer", LATE.values(), ids=LATE.keys())
def test_a_server_that_drips(answer: Answer) -> None:
    """The deadline is for the whole response, even if each byte arrives in time."""
    with answering(answer) as server:
        began = time.monotonic()

        with pytest.raises(OSError, match=r"no response within|cannot be used"):
            fetch(server.url, seconds=DEADLINE)

        assert time.monotonic() - began < ANSWER_SECONDS / 2


def test_a_server_that_pours() -> None:
    """An endless response ends with an error at the longest body."""
    pours = [HEAD + b"\r\n", *([b"x" * 65_536] * 1_000)]

    with answering(pours) as server, pytest.raises(OSError, match=NO_USE):
        fetch(server.url)


def test_no_server() -> None:
    """A refused connection is an error like any other."""
    with pytest.raises(OSError, match=NO_USE):
        fetch("http://127.0.0.1:1/keys")


@pytest.mark.parametrize(
    ("url", "target", "is_followed"),
    [
        ("https://issuer.example/keys", "https://keys.example/keys", True),
        ("https://issuer.example/keys", "http://keys.example/keys", False),
        ("https://issuer.example/keys", "ftp://keys.example/keys", False),
        ("http://127.0.0.1/keys", "http://127.0.0.1/other", True),
    ],
)
def test_no_redirect_leads_away_from_https(url: str, target: str, *, is_followed: bool) -> None:
    """The keys of an issuer come over TLS, also after a redirect."""
    asked, head = Request(url), HTTPMessage()  # noqa: S310 - nothing is opened
    redirects = SafeRedirects()

    if is_followed:
        found = redirects.redirect_request(asked, BytesIO(), 302, "Found", head, target)
        assert found is not None
        assert found.full_url == target
    else:
        with pytest.raises(OSError, match="away from https"):
            redirects.redirect_request(asked, BytesIO(), 302, "Found", head, target)
