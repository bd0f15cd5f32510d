"""$connect and hello: who a guest is."""

import pytest

from tests.harness import Chat

KEY = "0123456789abcdef"


def test_welcomes(chat: Chat) -> None:
    """hello tells who one is, when the connection ends, and the limits."""
    chat.connects("c1", name="Zoë 🍵", key=KEY)

    chat.replies["c1"] = []
    welcome = chat.says("c1", {"action": "hello", "requestId": "r1"})

    assert welcome == {
        "type": "welcome",
        "requestId": "r1",
        "userId": welcome["userId"],
        "name": "Zoë 🍵",
        "serverTime": "2026-01-01T00:00:00.000Z",
        "expiresAt": "2026-01-01T02:00:00.000Z",
        "limits": {
            "textLength": 4000,
            "nameLength": 64,
            "roomIdLength": 64,
            "historyPage": 100,
            "historyBytes": 100_000,
            "roomsPerConnection": 50,
            "presence": 200,
        },
    }


def test_same_key_is_the_same_user(chat: Chat) -> None:
    """A key makes a user, whatever the name; the userId does not give it away."""
    chat.connects("c1", name="alice", key=KEY)
    chat.connects("c2", name="Alice B.", key=KEY)
    chat.connects("c3", name="alice", key=KEY[::-1])

    assert chat.user_id("c1") == chat.user_id("c2") != chat.user_id("c3")
    assert chat.user_id("c1").startswith("guest-")
    assert KEY not in chat.user_id("c1")


def test_without_key_each_connection_is_a_user(chat: Chat) -> None:
    """Guests of one name are different people."""
    chat.connects("c1", name="alice")
    chat.connects("c2", name="alice")

    assert chat.user_id("c1") != chat.user_id("c2")


def test_makes_up_a_name(chat: Chat) -> None:
    """A guest without a name gets one, and keeps it with the key."""
    chat.connects("c1", key=KEY)
    chat.connects("c2", key=KEY, name="  ")

    names = {chat.rooms.connection(id_).member.name for id_ in ("c1", "c2")}
    assert len(names) == 1
    assert names.pop().startswith("guest-")


@pytest.mark.parametrize(
    "query",
    [
        {"name": "x" * 65},
        {"name": "two\nlines"},
        {"name": "nul\x00"},
        {"name": "alice", "key": "short"},
        {"name": "alice", "key": "x" * 129},
        {"name": "alice", "key": "not url safe / +"},
    ],
)
def test_refuses_bad_guests(chat: Chat, query: dict[str, str]) -> None:
    """A name or key against the rules is refused at the handshake, before any write."""
    assert chat.connects("c1", **query) == 400

    chat.replies["c1"] = []
    assert chat.says("c1", {"action": "hello"})["code"] == "unauthorized"


def test_forgotten_connections_are_told(chat: Chat) -> None:
    """A connection past its time hears `unauthorized`, and its socket stays open."""
    chat.says("alice", {"action": "hello"})
    chat.clock.advance(hours=2, minutes=11)

    reply = chat.says("alice", {"action": "hello"})

    assert reply["code"] == "unauthorized"
    assert chat.says("alice", {"action": "ping"})["type"] == "pong"


def test_pings(chat: Chat) -> None:
    """ping is answered with the server's time, from any connection."""
    chat.clock.advance(milliseconds=1234)

    assert chat.says("alice", {"action": "ping"}) == {
        "type": "pong",
        "serverTime": "2026-01-01T00:00:01.234Z",
    }
