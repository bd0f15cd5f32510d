"""Responses that are unusual, cut or absent, and connections that are dead."""

import asyncio
import socket

import pytest

from chat.gateway.timeouts import Timeouts
from tests.support.gateway.sending import (
    BRIEF,
    FRAME,
    Start,
    change_post_timeout,
    fine,
    ids,
    push_to,
)
from tests.support.gateway.server import OK, Posted


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabcde",
        b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\n" + b"x" * 50_000,
    ],
    ids=["close", "chunked", "body", "http 1.0", "large body"],
)
def test_reads_every_kind_of_response(start: Start, response: bytes) -> None:
    """Every valid HTTP response is read, and no part of a body is read as the next response."""
    here, push = start(lambda _post, writer: writer.write(response))

    deliveries = [push.send(ids(10), FRAME) for _ in range(2)]

    assert [delivery.delivered for delivery in deliveries] == [10, 10]
    assert len(here.posts) == 20


@pytest.mark.parametrize("piece", [b"HTTP/1.1 200 OK\r\ncont", b"nonsense\r\n\r\n", b""])
def test_survives_broken_responses(start: Start, piece: bytes) -> None:
    """After a truncated, malformed or absent response, another connection gets the post."""
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


def test_a_status_counts_if_the_body_is_cut(start: Start) -> None:
    """A 200 with a cut body is a delivered post, which is not repeated."""

    def answer(_post: Posted, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab")
        writer.close()

    here, push = start(answer)

    assert push.send(ids(3), FRAME).delivered == 3
    assert len(here.posts) == 3


def test_an_extra_response_is_ignored(start: Start) -> None:
    """An extra response does not count for the next recipient."""
    here, push = start(lambda _post, writer: writer.write(OK + b"HTTP/1.1 410 Gone\r\n\r\n"))

    deliveries = [push.send(["c="], FRAME) for _ in range(3)]

    assert [(d.delivered, d.gone) for d in deliveries] == [(1, ())] * 3
    assert [post.over for post in here.posts] == [0, 1, 2]


def test_dead_connections_cost_one_retry(start: Start) -> None:
    """A kept connection that was closed meanwhile is replaced, and no try is counted."""
    here, push = start(fine)
    push.send(ids(4), FRAME)
    here.reset_connections()

    delivery = push.send(ids(4), FRAME)

    assert delivery.delivered == 4
    assert sorted(here.ids()) == sorted(ids(4) * 2)


def test_half_open_connections_are_replaced(start: Start) -> None:
    """If a peer never answers, the post goes over a new connection."""
    vanished: set[int] = set()

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        if post.over not in vanished:
            writer.write(OK)

    here, push = start(answer, timeouts=Timeouts(frame=60.0, post=1.0, slow=10.0, connect=10.0))
    push.send(ids(4), FRAME)
    vanished.update(range(here.connections))

    delivery = push.send(ids(4), FRAME)

    assert (delivery.delivered, delivery.failed) == (4, ())
    assert {post.over for post in here.posts[-4:]} == {4, 5, 6, 7}


def test_hanging_recipients_do_not_delay_others(start: Start) -> None:
    """Posts that never get an answer (1 %) fail in the end; all others are delivered before."""
    hanging = set(ids(1000)[50::100])
    served: list[int] = []
    timeouts = Timeouts(frame=60.0, post=60.0, slow=0.05, connect=10.0)

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        if post.connection_id not in hanging:
            writer.write(OK)
        elif here.ids().count(post.connection_id) == 2:
            served.append(len(set(here.ids()) - hanging))
        if len(set(here.ids()) - hanging) == 990:
            change_post_timeout(timeouts, 0.3)

    here, push = start(answer, timeouts=timeouts)

    delivery = push.send(ids(1000), FRAME)

    assert delivery.delivered == 990
    assert set(delivery.failed) == hanging
    assert served[0] == 990  # when the first hanging post was retried


def test_many_hanging_recipients_do_not_delay_others(start: Start) -> None:
    """If the first posts block every connection, more connections are opened."""
    hanging = set(ids(40))
    timeouts = Timeouts(frame=60.0, post=60.0, slow=0.05, connect=10.0)

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        if post.connection_id not in hanging:
            writer.write(OK)
        if len(set(here.ids()) - hanging) == 100:
            change_post_timeout(timeouts, 0.3)

    here, push = start(answer, timeouts=timeouts)

    delivery = push.send(ids(140), FRAME)

    assert delivery.delivered == 100
    assert set(delivery.failed) == hanging


def test_a_peer_that_reads_nothing_fails() -> None:
    """If the peer reads nothing, the post fails at its time-out."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        push = push_to(f"http://127.0.0.1:{deaf.getsockname()[1]}/stage", timeouts=BRIEF)

        delivery = push.send(ids(2), b"x" * 16_000_000)

        push.shut_down()
    assert sorted(delivery.failed) == ids(2)


def test_refused_connections_fail() -> None:
    """If no server listens, every recipient fails, and no error is raised."""
    with socket.socket() as bound:  # closed, so no server listens
        bound.bind(("127.0.0.1", 0))
        push = push_to(f"http://127.0.0.1:{bound.getsockname()[1]}/stage")

        delivery = push.send(ids(3), FRAME)

        push.shut_down()
    assert sorted(delivery.failed) == ids(3)
