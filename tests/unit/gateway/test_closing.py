"""GatewayPush ending connections: the same engine, another method."""

import asyncio

import pytest

from chat.gateway.fanout import GatewayForbiddenError
from tests.support.gateway.sending import Start, first_time, ids
from tests.support.gateway.server import Posted, status

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


def closed(_post: Posted, writer: asyncio.StreamWriter) -> None:
    """What API Gateway says of a connection that it has ended."""
    writer.write(NO_CONTENT)


def test_deletes_each_once(start: Start) -> None:
    """Signed, without a body, over connections that are kept."""
    here, push = start(closed)

    delivery = push.close(ids(40) * 2)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (40, (), ())
    assert sorted(here.ids()) == sorted(ids(40))
    assert {post.head.split(" ")[0] for post in here.posts} == {"DELETE"}
    assert {post.body for post in here.posts} == {b""}
    assert all("authorization: AWS4-HMAC-SHA256" in post.head for post in here.posts)
    assert here.connections <= 16


def test_who_is_gone_is_done(start: Start) -> None:
    """410 is no failure: there is nothing left to end."""
    here, push = start(lambda _post, writer: writer.write(status(410)))

    delivery = push.close(ids(3))

    assert (delivery.delivered, sorted(delivery.gone), delivery.failed) == (0, ids(3), ())
    assert len(here.posts) == 3


def test_throttling_is_waited_for(start: Start) -> None:
    """429 and 500 are tried again."""
    here, push = start(first_time(lambda id_: status(429 if id_ == "c0=" else 500)))

    assert push.close(ids(2)).delivered == 2
    assert len(here.posts) == 4


def test_without_the_right_it_fails(start: Start) -> None:
    """403 is the function's fault, and ends the job."""
    _, push = start(lambda _post, writer: writer.write(status(403)))

    with pytest.raises(GatewayForbiddenError):
        push.close(ids(3))


def test_nobody_is_no_work(start: Start) -> None:
    """Nothing to end opens no connection."""
    here, push = start(closed)

    assert push.close([]).delivered == 0
    assert here.connections == 0
