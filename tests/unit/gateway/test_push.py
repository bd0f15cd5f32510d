"""GatewayPush against a real server: the recipients, and the meaning of each status."""

import asyncio

import pytest

from chat.gateway.post_with_retries import GatewayForbiddenError
from chat.gateway.sigv4 import Credentials
from chat.gateway.timeouts import Timeouts
from tests.support.gateway.sending import FRAME, Start, fine, first_time, ids
from tests.support.gateway.server import OK, Posted, status


def test_posts_to_everyone_once(start: Start) -> None:
    """Each recipient gets the frame, signed, over few connections."""
    here, push = start(fine)

    delivery = push.send(ids(100), FRAME)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (100, (), ())
    assert sorted(here.ids()) == sorted(ids(100))
    assert {post.body for post in here.posts} == {FRAME}
    assert all("x-amz-security-token: token\r\n" in post.head for post in here.posts)
    assert here.connections == 16


def test_repeated_recipients_get_it_once(start: Start) -> None:
    """A connection that is named twice is posted to once."""
    here, push = start(fine)

    delivery = push.send(ids(3) * 2, FRAME)

    assert delivery.delivered == 3
    assert sorted(here.ids()) == ids(3)


def test_no_recipients_open_no_connection(start: Start) -> None:
    """Without recipients no connection is opened."""
    here, push = start(fine)

    assert push.send([], FRAME).delivered == 0
    assert here.connections == 0


def test_the_pool_is_bounded(start: Start) -> None:
    """With any number of recipients there are at most 96 connections."""
    here, push = start(fine)

    delivery = push.send(ids(2000), FRAME)

    assert delivery.delivered == 2000
    assert here.connections == 96


def test_large_frames_arrive_whole(start: Start) -> None:
    """A frame that exceeds the socket's buffer is sent completely."""
    here, push = start(fine)
    frame = bytes(range(256)) * 20_000

    delivery = push.send(ids(5), frame)

    assert delivery.delivered == 5
    assert {post.body for post in here.posts} == {frame}


def test_keeps_connections(start: Start) -> None:
    """The next frame goes over the same connections, whatever event loops ran in between."""
    here, push = start(fine)
    push.send(ids(20), FRAME)
    opened = here.connections
    asyncio.run(asyncio.sleep(0))

    push.send(ids(20), FRAME)

    assert here.connections == opened


def test_old_connections_are_not_trusted(start: Start) -> None:
    """A connection that was idle too long is replaced, because its peer may have closed it."""
    here, push = start(fine, timeouts=Timeouts(idle=0.0))
    push.send(ids(5), FRAME)

    push.send(ids(5), FRAME)

    assert sorted(post.over for post in here.posts) == list(range(10))


def test_reports_gone_connections(start: Start) -> None:
    """410 is reported as gone, and not retried."""

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        writer.write(status(410) if post.connection_id == "c3=" else OK)

    here, push = start(answer)

    delivery = push.send(ids(10), FRAME)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (9, ("c3=",), ())
    assert len(here.posts) == 10


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_retries_temporary_errors(start: Start, code: int) -> None:
    """429 and 5xx are retried until they succeed."""
    here, push = start(first_time(lambda _: status(code)))

    delivery = push.send(ids(10), FRAME)

    assert (delivery.delivered, delivery.failed) == (10, ())
    assert len(here.posts) == 20


@pytest.mark.parametrize(("code", "posts"), [(429, 6), (503, 6), (413, 1), (400, 1)])
def test_gives_up(start: Start, code: int, posts: int) -> None:
    """A post fails after six tries, or at once for a permanent error."""
    here, push = start(lambda _post, writer: writer.write(status(code)))

    delivery = push.send(["c="], FRAME)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (0, (), ("c=",))
    assert len(here.posts) == posts


def test_some_busy_cost_one_more_post_each(start: Start) -> None:
    """Recipients that are throttled once (5 %) get a second post; others get one."""
    busy = set(ids(1000)[::20])
    here, push = start(first_time(lambda id_: status(429) if id_ in busy else None))

    delivery = push.send(ids(1000), FRAME)

    assert (delivery.delivered, delivery.failed) == (1000, ())
    assert sorted(here.ids()) == sorted([*ids(1000), *busy])


def test_raises_on_403(start: Start) -> None:
    """403 raises an error, because the deployment is wrong; the next frame is sent again."""
    here, push = start(lambda _post, writer: writer.write(status(403)))

    with pytest.raises(GatewayForbiddenError):
        push.send(ids(10), FRAME)

    here.answer = fine
    assert push.send(ids(10), FRAME).delivered == 10


def test_an_expired_session_token_is_replaced(start: Start) -> None:
    """The error names the expired token; the next frame is signed with fresh credentials."""
    expired = status(403).replace(b"X\r\n", b"X\r\nx-amzn-ErrorType: ExpiredTokenException\r\n", 1)

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        writer.write(expired if "x-amz-security-token: old\r\n" in post.head else OK)

    tokens = iter(["old", "new"])
    _, push = start(answer, credentials=lambda: Credentials("AKID", "secret", next(tokens)))

    with pytest.raises(GatewayForbiddenError, match="ExpiredTokenException"):
        push.send(ids(5), FRAME)

    assert push.send(ids(5), FRAME).delivered == 5
