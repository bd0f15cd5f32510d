"""GatewayPush against a real server, well-behaved and otherwise."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing

import pytest
import trustme

from chat.fanout import RefusedError
from chat.push import GatewayPush
from chat.sigv4 import Credentials
from tests.push.gateway import OK, Answer, Gateway, Posted, gateway, status

Start = Callable[[Answer], tuple[Gateway, GatewayPush]]
FRAME = '{"type":"message","text":"🫖"}'.encode()


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a gateway with given answers, and a push to it."""
    with ExitStack() as stack:

        def begin(answer: Answer) -> tuple[Gateway, GatewayPush]:
            here = stack.enter_context(gateway(answer))
            push = push_to(here)
            stack.callback(push.close)
            return here, push

        yield begin


def fine(_post: Posted, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)


def ids(count: int) -> list[str]:
    return [f"c{n}=" for n in range(count)]


def test_posts_to_everyone_once(start: Start) -> None:
    """Each recipient gets the frame, signed, over few connections."""
    here, push = start(fine)

    delivery = push.send(ids(100), FRAME)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (100, (), ())
    assert sorted(here.ids()) == sorted(ids(100))
    assert {post.body for post in here.posts} == {FRAME}
    assert all("x-amz-security-token: token\r\n" in post.head for post in here.posts)
    assert here.connections <= 12


def test_nobody_is_no_work(start: Start) -> None:
    """An empty audience opens no connection."""
    here, push = start(fine)

    assert push.send([], FRAME).delivered == 0
    assert here.connections == 0


def test_keeps_connections(start: Start) -> None:
    """The next frame goes over the connections of the last."""
    here, push = start(fine)
    push.send(ids(20), FRAME)
    opened = here.connections

    push.send(ids(20), FRAME)

    assert here.connections == opened


def test_tells_the_gone(start: Start) -> None:
    """410 is gone, and is not tried again."""

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        writer.write(status(410) if post.connection_id == "c3=" else OK)

    here, push = start(answer)

    delivery = push.send(ids(10), FRAME)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (9, ("c3=",), ())
    assert len(here.posts) == 10


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_tries_again_what_may_pass(start: Start, code: int) -> None:
    """429 and 5xx are tried again, until they pass."""
    refused: set[str] = set()

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        first = post.connection_id not in refused
        refused.add(post.connection_id)
        writer.write(status(code) if first else OK)

    here, push = start(answer)

    delivery = push.send(ids(10), FRAME)

    assert (delivery.delivered, delivery.failed) == (10, ())
    assert len(here.posts) == 20


@pytest.mark.parametrize(("code", "posts"), [(429, 4), (503, 4), (413, 1), (400, 1)])
def test_gives_up(start: Start, code: int, posts: int) -> None:
    """What does not pass is failed, after four tries or at once."""
    here, push = start(lambda _post, writer: writer.write(status(code)))

    delivery = push.send(["c="], FRAME)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (0, (), ("c=",))
    assert len(here.posts) == posts


def test_raises_on_403(start: Start) -> None:
    """403 is a mistake of the deployment, not of a recipient; the next frame is tried afresh."""
    here, push = start(lambda _post, writer: writer.write(status(403)))

    with pytest.raises(RefusedError):
        push.send(ids(10), FRAME)

    here.answer = fine
    assert push.send(ids(10), FRAME).delivered == 10


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabcde",
        b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n",
    ],
    ids=["close", "chunked", "body", "http 1.0"],
)
def test_reads_every_kind_of_response(start: Start, response: bytes) -> None:
    """Whatever HTTP allows is read, and nothing of a body is taken for the next response."""
    here, push = start(lambda _post, writer: writer.write(response))

    deliveries = [push.send(ids(10), FRAME) for _ in range(2)]

    assert [delivery.delivered for delivery in deliveries] == [10, 10]
    assert len(here.posts) == 20


@pytest.mark.parametrize("piece", [b"HTTP/1.1 200 OK\r\ncont", b"nonsense\r\n\r\n", b""])
def test_survives_broken_responses(start: Start, piece: bytes) -> None:
    """Truncated, malformed and absent responses are tried again on another connection."""
    broken: set[str] = set()

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        if post.connection_id in broken:
            writer.write(OK)
        else:
            broken.add(post.connection_id)
            writer.write(piece)
            writer.close()

    _, push = start(answer)

    assert push.send(ids(10), FRAME).delivered == 10


def test_dead_connections_cost_one_retry(start: Start) -> None:
    """A kept connection that was closed meanwhile is replaced, without counting as a try."""
    here, push = start(fine)
    push.send(ids(4), FRAME)
    here.reset_connections()

    delivery = push.send(ids(4), FRAME)

    assert delivery.delivered == 4
    assert sorted(here.ids()) == sorted(ids(4) * 2)


def test_hanging_recipients_hold_nobody_up(start: Start) -> None:
    """Who never answers is failed in the end; everyone else is served."""

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        if not post.connection_id.endswith("7="):
            writer.write(OK)

    _, push = start(answer)

    delivery = push.send(ids(200), FRAME)

    assert delivery.delivered == 180
    assert len(delivery.failed) == 20


def test_refused_connections_fail(start: Start) -> None:
    """Where nobody listens, everyone is failed, and nothing is raised."""
    here, push = start(fine)
    push._port = 1

    delivery = push.send(ids(3), FRAME)

    assert sorted(delivery.failed) == ids(3)
    assert here.posts == []


def test_speaks_tls(authority: trustme.CA) -> None:
    """Over TLS everyone is served, by a gateway whose certificate is trusted."""
    trust = ssl.create_default_context()
    authority.configure_trust(trust)

    with secure_gateway(authority) as here, closing(push_to(here, trust)) as push:
        delivery = push.send(ids(20), FRAME)

    assert delivery.delivered == 20


def test_refuses_strange_certificates(authority: trustme.CA) -> None:
    """A gateway that the system does not trust gets nothing, and the caller is told."""
    with (
        secure_gateway(authority) as here,
        closing(push_to(here, ssl.create_default_context())) as push,
    ):
        with pytest.raises(ssl.SSLCertVerificationError):
            push.send(ids(5), FRAME)

        assert here.posts == []


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who issues the test's certificates."""
    return trustme.CA()


def secure_gateway(authority: trustme.CA) -> AbstractContextManager[Gateway]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    return gateway(fine, tls=tls)


def push_to(here: Gateway, trust: ssl.SSLContext | None = None) -> GatewayPush:
    return GatewayPush(
        here.url,
        region="us-east-1",
        credentials=lambda: Credentials("AKID", "secret", "token"),
        trust=trust,
        seconds=3.0,
    )
