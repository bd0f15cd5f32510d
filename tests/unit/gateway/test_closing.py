"""GatewayPush closes connections: the same pusher with another method."""

import asyncio

import pytest

from chat.gateway.post_with_retries import GatewayForbiddenError
from tests.support.gateway.sending import Start, first_time, ids
from tests.support.gateway.server import Posted, status

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


def closed(_post: Posted, writer: asyncio.StreamWriter) -> None:
    """Answer as API Gateway does for a connection that it has closed."""
    writer.write(NO_CONTENT)


def test_deletes_each_once(start: Start) -> None:
    """Each connection gets one signed DELETE without a body, over kept connections."""
    here, push = start(closed)

    delivery = push.close(ids(40) * 2)

    assert (delivery.delivered, delivery.gone, delivery.failed) == (40, (), ())
    assert sorted(here.ids()) == sorted(ids(40))
    assert {post.head.split(" ")[0] for post in here.posts} == {"DELETE"}
    assert {post.body for post in here.posts} == {b""}
    assert all("authorization: AWS4-HMAC-SHA256" in post.head for post in here.posts)
    assert here.connections <= 16


def test_a_gone_connection_is_closed(start: Start) -> None:
    """410 is no failure, because the connection is already closed."""
    here, push = start(lambda _post, writer: writer.write(status(410)))

    delivery = push.close(ids(3))

    assert (delivery.delivered, sorted(delivery.gone), delivery.failed) == (0, ids(3), ())
    assert len(here.posts) == 3


def test_throttling_is_waited_for(start: Start) -> None:
    """429 and 500 are retried."""
    here, push = start(first_time(lambda id_: status(429 if id_ == "c0=" else 500)))

    assert push.close(ids(2)).delivered == 2
    assert len(here.posts) == 4


def test_without_the_permission_it_fails(start: Start) -> None:
    """403 is an error of the function, and ends the call."""
    _, push = start(lambda _post, writer: writer.write(status(403)))

    with pytest.raises(GatewayForbiddenError):
        push.close(ids(3))


def test_no_recipients_open_no_connection(start: Start) -> None:
    """Without ids no connection is opened."""
    here, push = start(closed)

    assert push.close([]).delivered == 0
    assert here.connections == 0
