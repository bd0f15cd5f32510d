"""The closer closes every expired connection, also if others cannot be closed."""

from datetime import timedelta
from itertools import count, islice

import pytest

from chat.domain.connection import Connection
from chat.dynamodb.items import expiry_part
from chat.logic import closing
from chat.protocol import Member
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Chat
from tests.support.stores import MakeStores

STUCK = 60
"""Connections that cannot be closed: more than one run takes out of a part of the index."""


def ids_of_a_part(amount: int) -> list[str]:
    """Return ids of connections that are in the same part of the index."""
    return list(islice((id_ for n in count() if expiry_part(id_ := f"c{n}=") == "0"), amount))


@pytest.fixture
def chat(make_stores: MakeStores, clock: FakeClock) -> Chat:
    """A chat on each implementation of the stores."""
    chat = Chat(guests=False, clock=clock)
    chat.stores = make_stores()
    return chat


def open_connections(chat: Chat, ids: list[str], *, minutes: float) -> None:
    """Open a connection for each id, each of another user, with a token that ends in *minutes*."""
    now = chat.clock.now()
    for id_ in ids:
        member = Member(user_id=f"u-{id_}", name=id_)
        end = now + timedelta(minutes=minutes)
        chat.stores.handshakes.open(Connection(id_, member, now, token_expires_at=end))


def failures_of_a_run(chat: Chat) -> int:
    """Let the closer run a minute later; return how many connections it could not close."""
    chat.clock.advance(minutes=1)
    return closing.close_expired(chat.services)["failed"]


def test_stuck_connections_delay_no_others(chat: Chat) -> None:
    """Sixty connections cannot be closed, and those that expired later are closed anyway."""
    ids = ids_of_a_part(STUCK + 20)
    stuck, others = ids[:STUCK], ids[STUCK:]
    open_connections(chat, stuck, minutes=1)
    open_connections(chat, others, minutes=1.5)
    chat.push.stuck = {*stuck}

    for _ in range(4):
        failures_of_a_run(chat)

    assert chat.push.closed == {*others}


def test_a_stuck_connection_is_tried_less_and_less(chat: Chat) -> None:
    """Each pause is as long as the connection has been expired, and at least half a minute."""
    open_connections(chat, ["a="], minutes=1)
    chat.push.stuck = {"a="}

    failures = [failures_of_a_run(chat) for _ in range(20)]

    assert [minute for minute, failed in enumerate(failures) if failed] == [0, 1, 2, 4, 8, 16]


def test_a_stuck_connection_is_closed_in_the_end(chat: Chat) -> None:
    """A connection that could not be closed is closed by a later run, and removed."""
    open_connections(chat, ["a="], minutes=1)
    chat.push.stuck = {"a="}
    for _ in range(4):
        failures_of_a_run(chat)
    chat.push.stuck.clear()

    for _ in range(4):
        failures_of_a_run(chat)

    assert chat.push.closed == {"a="}
    assert chat.stores.connections.remove("a=") is None


def test_a_removed_connection_is_not_written_again(chat: Chat) -> None:
    """A connection that is removed between the attempt and the delay leaves no item."""
    open_connections(chat, ["a="], minutes=1)
    chat.clock.advance(minutes=1)
    chat.stores.connections.remove("a=")

    chat.stores.connections.postpone_closing("a=")

    assert list(chat.stores.connections.expired(limit=9)) == []
    assert chat.stores.connections.remove("a=") is None
