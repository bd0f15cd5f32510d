"""GatewayPush against a real server: who gets what, and what each status means."""

import asyncio

import pytest

from chat.gateway.fanout import GatewayForbiddenError, Timeouts
from chat.gateway.sigv4 import Credentials
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


def test_nobody_is_no_work(start: Start) -> None:
    """An empty audience opens no connection."""
    here, push = start(fine)

    assert push.send([], FRAME).delivered == 0
    assert here.connections == 0


def test_the_pool_is_bounded(start: Start) -> None:
    """However many recipients, there are at most 96 connections."""
    here, push = start(fine)

    delivery = push.send(ids(2000), FRAME)

    assert delivery.delivered == 2000
    assert here.connections == 96


def test_large_frames_arrive_whole(start: Start) -> None:
    """A frame that is more than a socket takes at once is sent to its end."""
    here, push = start(fine)
    frame = bytes(range(256)) * 20_000

    delivery = push.send(ids(5), frame)

    assert delivery.delivered == 5
    assert {post.body for post in here.posts} == {frame}


def test_keeps_connections(start: Start) -> None:
    """The next frame goes over the connections of the last, whatever loops ran in between."""
    here, push = start(fine)
    push.send(ids(20), FRAME)
    opened = here.connections
    asyncio.run(asyncio.sleep(0))

    push.send(ids(20), FRAME)

    assert here.connections == opened


def test_old_connections_are_not_trusted(start: Start) -> None:
    """A connection that rested too long is closed, not used: its peer may be gone unheard."""
    here, push = start(fine, timeouts=Timeouts(idle=0.0))
    push.send(ids(5), FRAME)

    push.send(ids(5), FRAME)

    assert sorted(post.over for post in here.posts) == list(range(10))


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
    here, push = start(first_time(lambda _: status(code)))

    delivery = push.send(ids(10), FRAME)

    assert (delivery.delivered, delivery.failed) == (10, ())
    assert len(here.posts) == 20


@pytest.mark.parametrize(("code", "posts"), [(429, 6), (503, 6), (413, 1), (400, 1)])
def test_gives_up(start: Start, code: int, posts: int) -> None:
    """What does not pass is failed, after six tries or at once."""
    here, push = start(lambda _post, writer: writer.write(status(code)))

    delivery = push.send(["c="], FRAME)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (0, (), ("c=",))
    assert len(here.posts) == posts


def test_some_busy_cost_one_more_post_each(start: Start) -> None:
    """5 % that are throttled once are delivered by their second post; nobody else gets two."""
    busy = set(ids(1000)[::20])
    here, push = start(first_time(lambda id_: status(429) if id_ in busy else None))

    delivery = push.send(ids(1000), FRAME)

    assert (delivery.delivered, delivery.failed) == (1000, ())
    assert sorted(here.ids()) == sorted([*ids(1000), *busy])


def test_raises_on_403(start: Start) -> None:
    """403 is a mistake of the deployment, not of a recipient; the next frame is tried afresh."""
    here, push = start(lambda _post, writer: writer.write(status(403)))

    with pytest.raises(GatewayForbiddenError):
        push.send(ids(10), FRAME)

    here.answer = fine
    assert push.send(ids(10), FRAME).delivered == 10


def test_an_expired_token_is_asked_for_again(start: Start) -> None:
    """It is named in the error; the next frame is signed with the credentials of that time."""
    expired = status(403).replace(b"X\r\n", b"X\r\nx-amzn-ErrorType: ExpiredTokenException\r\n", 1)

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        writer.write(expired if "x-amz-security-token: old\r\n" in post.head else OK)

    tokens = iter(["old", "new"])
    _, push = start(answer, credentials=lambda: Credentials("AKID", "secret", next(tokens)))

    with pytest.raises(GatewayForbiddenError, match="ExpiredTokenException"):
        push.send(ids(5), FRAME)

    assert push.send(ids(5), FRAME).delivered == 5
