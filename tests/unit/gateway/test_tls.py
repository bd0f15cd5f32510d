"""GatewayPush over TLS: it sends only to servers with a trusted certificate."""

import ssl
from contextlib import AbstractContextManager

import pytest
import trustme

from tests.support.gateway.sending import BRIEF, FRAME, fine, ids, pushing_to
from tests.support.gateway.server import Answer, Gateway, gateway


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return the authority of the test's certificates."""
    return trustme.CA()


@pytest.fixture
def tls_context(authority: trustme.CA) -> ssl.SSLContext:
    """Return a client's context that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def secure_gateway(
    authority: trustme.CA, *, name: str, answer: Answer = fine
) -> AbstractContextManager[Gateway]:
    """Start a gateway at 127.0.0.1 with a certificate for *name*."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(tls)
    return gateway(answer, tls=tls)


def test_serves_everyone(authority: trustme.CA, tls_context: ssl.SSLContext) -> None:
    """Frames of any size arrive, and connections are kept."""
    frame = b"x" * 100_000

    with (
        secure_gateway(authority, name="127.0.0.1") as here,
        pushing_to(here.url, tls_context=lambda: tls_context) as push,
    ):
        deliveries = [push.send(ids(20), body) for body in (FRAME, frame)]

    assert [delivery.delivered for delivery in deliveries] == [20, 20]
    assert [post.body for post in here.posts] == [FRAME] * 20 + [frame] * 20
    assert here.connections == 16


def test_long_responses_are_read_to_their_end(
    authority: trustme.CA, tls_context: ssl.SSLContext
) -> None:
    """A response of many TLS records is one response, and its connection is reused."""
    long = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + b"x" * 100_000

    with (
        secure_gateway(
            authority, name="127.0.0.1", answer=lambda _post, writer: writer.write(long)
        ) as here,
        pushing_to(here.url, tls_context=lambda: tls_context) as push,
    ):
        deliveries = [push.send(ids(3), FRAME) for _ in range(3)]

    assert [delivery.delivered for delivery in deliveries] == [3, 3, 3]
    assert (len(here.posts), here.connections) == (9, 3)


def test_makes_no_context_before_the_first_post() -> None:
    """The trusted authorities are loaded with the first post, because loading them is slow."""

    def never() -> ssl.SSLContext:
        raise AssertionError("nothing was to be sent")

    with pushing_to("https://127.0.0.1:1/stage", tls_context=never) as push:
        assert push.send([], FRAME).delivered == 0


@pytest.mark.parametrize("name", ["127.0.0.1", "gateway.test"])
def test_refuses_untrusted_servers(
    authority: trustme.CA, tls_context: ssl.SSLContext, name: str
) -> None:
    """A server with a wrong certificate gets no post, and the caller gets an error."""
    stranger = ssl.create_default_context() if name == "127.0.0.1" else tls_context
    with (
        secure_gateway(authority, name=name) as here,
        pushing_to(here.url, tls_context=lambda: stranger) as push,
    ):
        with pytest.raises(ssl.SSLCertVerificationError):
            push.send(ids(5), FRAME)

        assert here.posts == []


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", None], ids=["no TLS", "cut", "no word"]
)
def test_failed_tls_handshakes_fail_the_post(
    tls_context: ssl.SSLContext, greeting: bytes | None
) -> None:
    """If the peer sends plain text, closes or is silent, the post fails without an error."""
    with gateway(fine) as here:
        here.greeting = greeting
        with pushing_to(
            here.url.replace("http:", "https:"), tls_context=lambda: tls_context, timeouts=BRIEF
        ) as push:
            delivery = push.send(ids(3), FRAME)

    assert sorted(delivery.failed) == ids(3)
    assert here.posts == []
    assert here.connections >= 3
