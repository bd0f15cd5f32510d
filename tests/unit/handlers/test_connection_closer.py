"""Connections are closed at the token's expiry and after a ban; a user has a limited number."""

from datetime import timedelta

import pytest

from chat.domain.connection import TokenId
from chat.logic.closing import MAX_EXPIRED, close_expired, close_user
from tests.support.harness import Chat

TEA = {"roomId": "tea"}


def let_in(chat: Chat, connection_id: str, *, minutes: float) -> int:
    """Open a connection with a token; return the status."""
    name = connection_id.split(".")[0]
    end = str(int((chat.clock.now() + timedelta(minutes=minutes)).timestamp()))
    return chat.is_let_in(connection_id, userId=f"u-{name}", name=name, expiresAt=end)


@pytest.fixture
def chat() -> Chat:
    """Let Alice join with two devices for half an hour, and Bob for two hours."""
    chat = Chat(guests=False)
    for connection_id, minutes in (("alice.phone", 30), ("alice.desk", 30), ("bob", 120)):
        assert let_in(chat, connection_id, minutes=minutes) == 200
    chat.says("bob", {"action": "createRoom", **TEA})
    for connection_id in ("alice.phone", "alice.desk"):
        chat.says(connection_id, {"action": "joinRoom", **TEA})
    chat.push.heard.clear()
    return chat


def test_nothing_ends_early(chat: Chat) -> None:
    """Before the expiry the closer closes no connection."""
    assert close_expired(chat.services) == {"found": 0, "failed": 0, "forgotten": 0, "left": 0}
    assert not chat.push.closed


def test_closes_expired_connections(chat: Chat) -> None:
    """Expired connections are closed and leave the room; the others get one leave event."""
    chat.clock.advance(minutes=30)

    assert close_expired(chat.services) == {"found": 2, "failed": 0, "forgotten": 2, "left": 0}

    assert chat.push.closed == {"alice.phone", "alice.desk"}
    left = {"type": "memberLeft", **TEA, "userId": "u-alice", "memberCount": 1}
    assert left in chat.heard("bob")
    assert chat.stores.connections.remove("alice.phone") is None
    assert not chat.stores.user_connections.ids_of("u-alice")
    assert close_expired(chat.services)["found"] == 0


def test_a_renewed_connection_is_not_closed(chat: Chat) -> None:
    """A device that renewed its token in time keeps its connection."""
    phone = chat.stores.connections.get("alice.phone")
    chat.stores.connections.renew(phone, TokenId("t2", chat.clock.now() + timedelta(minutes=60)))
    chat.clock.advance(minutes=30)

    close_expired(chat.services)

    assert chat.push.closed == {"alice.desk"}
    assert not [e for e in chat.heard("bob") if e["type"] == "memberLeft"]


def test_a_lost_connection_is_removed(chat: Chat) -> None:
    """A connection without a `$disconnect` is removed, although it cannot be closed."""
    chat.vanishes("alice.phone")
    chat.clock.advance(minutes=30)

    assert close_expired(chat.services)["forgotten"] == 2


def test_a_failed_close_is_retried(chat: Chat) -> None:
    """The connection stays stored and receives nothing until it is closed."""
    chat.push.stuck = {"alice.phone"}
    chat.clock.advance(minutes=30)

    assert close_expired(chat.services) == {"found": 2, "failed": 1, "forgotten": 1, "left": 0}

    chat.push.stuck.clear()
    chat.clock.advance(minutes=1)
    assert close_expired(chat.services) == {"found": 1, "failed": 0, "forgotten": 1, "left": 0}
    assert "alice.phone" in chat.push.closed


def test_a_run_without_time_leaves_the_rest(chat: Chat) -> None:
    """A run that is short of time leaves the other connections to the next run."""
    chat.clock.advance(minutes=30)

    chat.deadline.checks = 0
    assert close_expired(chat.services)["forgotten"] == 0

    chat.deadline.checks = None
    assert close_expired(chat.services)["forgotten"] == 2


def test_a_run_is_bounded() -> None:
    """One run closes a bounded number of connections, and the next run closes more."""
    chat = Chat(guests=False)
    for number in range(MAX_EXPIRED + 1):
        let_in(chat, f"a{number}", minutes=1)
    chat.clock.advance(minutes=1)

    assert [close_expired(chat.services)["found"] for _ in range(3)] == [MAX_EXPIRED, 1, 0]


def test_a_ban_closes_all_connections_at_once(chat: Chat) -> None:
    """A banned user's connections are closed and new ones refused; other users stay."""
    chat.stores.bans.ban("u-alice")

    assert close_user("u-alice", chat.services) == {
        "found": 2,
        "failed": 0,
        "forgotten": 2,
        "left": 0,
    }

    assert chat.push.closed == {"alice.phone", "alice.desk"}
    chat.says("bob", {"action": "sendMessage", **TEA, "text": "gone?"})
    assert not chat.heard("alice.phone")
    assert [e["type"] for e in chat.heard("bob")] == ["memberLeft"]
    assert chat.says("alice.phone", {"action": "hello"})["code"] == "unauthorized"
    assert let_in(chat, "alice.other", minutes=60) == 403
    assert chat.stores.connections.remove("alice.other") is None


def test_a_ban_that_cannot_close(chat: Chat) -> None:
    """A connection that cannot be closed is inactive too, and the operator gets a message."""
    chat.push.stuck = {"alice.phone"}

    assert close_user("u-alice", chat.services) == {
        "found": 2,
        "failed": 1,
        "forgotten": 2,
        "left": 0,
    }

    chat.says("bob", {"action": "sendMessage", **TEA, "text": "gone?"})
    assert not chat.heard("alice.phone")
    assert chat.says("alice.phone", {"action": "hello"})["code"] == "unauthorized"


def test_a_ban_that_runs_out_of_time(chat: Chat) -> None:
    """A user may have 1,000 connections: a run stops in time, and the next one does the rest."""
    chat.deadline.checks = 2  # one for closing, one for removing

    first = close_user("u-alice", chat.services)
    chat.deadline.checks = None
    second = close_user("u-alice", chat.services)

    assert first == {"found": 2, "failed": 0, "forgotten": 1, "left": 1}
    assert second == {"found": 1, "failed": 0, "forgotten": 1, "left": 0}
    assert chat.push.closed == {"alice.phone", "alice.desk"}
    assert not chat.stores.user_connections.ids_of("u-alice")


def test_a_ban_of_an_absent_user(chat: Chat) -> None:
    """A ban of a user without connections closes nothing."""
    assert close_user("u-eve", chat.services) == {
        "found": 0,
        "failed": 0,
        "forgotten": 0,
        "left": 0,
    }


def test_a_user_has_so_many_connections() -> None:
    """One more handshake gets 429, for guests with one key too, and writes nothing."""
    chat = Chat(connections_per_user=2)

    assert [chat.connects(f"alice.{n}") for n in range(3)] == [200, 200, 429]

    assert chat.stores.connections.remove("alice.2") is None
    assert chat.connects("bob") == 200
    chat.hangs_up("alice.0")
    assert chat.connects("alice.3") == 200
