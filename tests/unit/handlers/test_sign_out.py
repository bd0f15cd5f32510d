"""Signing out revokes the tokens: they open, renew and receive nothing any more."""

from datetime import timedelta

import pytest

from chat.domain.identity import Identity
from chat.handlers.renew import MAX_TOKENS
from tests.support.harness import Chat

TEA = {"roomId": "tea"}


@pytest.fixture
def chat() -> Chat:
    """Let Alice, with two tabs of one sign-in and a phone of another, and Bob join the tea room."""
    chat = Chat(guests=False)
    for connection_id, token in (
        ("alice", "t1"),
        ("alice.tab", "t1"),
        ("alice.phone", "t2"),
        ("bob", "t3"),
    ):
        assert opens(chat, connection_id, token) == 200
    chat.says("alice", {"action": "createRoom", **TEA})
    for other in ("alice.tab", "alice.phone", "bob"):
        chat.says(other, {"action": "joinRoom", **TEA})
    return chat


def opens(chat: Chat, connection_id: str, token: str) -> int:
    """Open a connection with a token for an hour; return the status."""
    name = connection_id.split(".")[0]
    end = chat.clock.now() + timedelta(hours=1)
    who = {"userId": f"u-{name}", "name": name.title()}
    return chat.is_let_in(connection_id, **who, expiresAt=str(int(end.timestamp())), tokenId=token)


def renews(chat: Chat, connection_id: str, token: str) -> str | None:
    """Renew with a token for two hours; return the code of the error, or None."""
    user_id = f"u-{connection_id.split('.')[0]}"
    end = chat.clock.now() + timedelta(hours=2)
    chat.verifier.good[token] = Identity(user_id, "Alice", end, token_id=token)
    code: str | None = chat.says(connection_id, {"action": "renew", "token": token}).get("code")
    return code


def test_ends_what_the_token_has_opened(chat: Chat) -> None:
    """The other tab is closed, this connection ends, and the phone stays connected."""
    reply = chat.says("alice", {"action": "signOut", "requestId": "7"})

    assert reply == {"type": "signedOut", "requestId": "7"}
    assert chat.push.closed == {"alice.tab"}
    for over in ("alice", "alice.tab"):
        assert chat.says(over, {"action": "hello"})["code"] == "unauthorized"
    assert chat.says("alice.phone", {"action": "hello"})["type"] == "welcome"


def test_nobody_is_left_in_a_room_who_is_not(chat: Chat) -> None:
    """A user leaves the rooms in which no other connection is left, and stays in the others."""
    chat.says("alice", {"action": "signOut"})
    stays = chat.says("bob", {"action": "listMembers", **TEA})["memberCount"]
    chat.says("alice.phone", {"action": "signOut"})

    assert stays == 2
    assert [e["type"] for e in chat.heard("bob")][-1] == "memberLeft"
    assert chat.says("bob", {"action": "listMembers", **TEA})["memberCount"] == 1


def test_the_token_opens_nothing_more(chat: Chat) -> None:
    """A copy of the token is refused, and other tokens are not."""
    chat.says("alice", {"action": "signOut"})

    assert opens(chat, "alice.thief", "t1") == 401
    assert opens(chat, "alice.again", "t4") == 200
    assert opens(chat, "bob.tab", "t3") == 200


def test_what_there_is_no_time_for_is_closed_by_a_repeated_request(chat: Chat) -> None:
    """A user may have 1,000 connections: the client is asked to repeat, and the rest is done."""
    chat.deadline.checks = 1  # enough to close, not to remove

    first = chat.says("alice", {"action": "signOut"})
    chat.deadline.checks = None
    second = chat.says("alice", {"action": "signOut"})

    assert (first["code"], first["retryAfterMs"]) == ("rate_limited", 100)
    assert second["type"] == "signedOut"
    assert chat.says("alice", {"action": "hello"})["code"] == "unauthorized"
    assert chat.says("alice.tab", {"action": "hello"})["code"] == "unauthorized"


def test_the_token_renews_nothing_more(chat: Chat) -> None:
    """A copy of the token cannot renew a connection of another token."""
    chat.says("alice", {"action": "signOut"})

    assert renews(chat, "alice.phone", "t1") == "unauthorized"
    assert chat.says("alice.phone", {"action": "hello"})["type"] == "welcome"


def test_what_was_renewed_with_a_token_ends_with_it(chat: Chat) -> None:
    """All tokens of a connection are revoked: the first one and those that renewed it."""
    assert renews(chat, "alice", "t5") is None
    assert renews(chat, "alice.phone", "t5") is None

    chat.says("alice.tab", {"action": "signOut"})
    closed = set(chat.push.closed)
    opened = [opens(chat, "alice.thief", token) for token in ("t1", "t5", "t2")]

    assert closed == {"alice", "alice.phone"}
    assert opened == [401, 401, 401]


def test_guests_have_nothing_to_sign_out_of() -> None:
    """A guest gets an error and stays connected."""
    chat = Chat()

    assert chat.says("alice", {"action": "signOut"})["code"] == "forbidden"
    assert chat.says("alice", {"action": "hello"})["type"] == "welcome"


def test_twice_is_once(chat: Chat) -> None:
    """The first request ends the connection of the second."""
    chat.says("alice", {"action": "signOut"})

    assert chat.says("alice", {"action": "signOut"})["code"] == "unauthorized"
    assert chat.says("alice.phone", {"action": "hello"})["type"] == "welcome"


def test_a_connection_of_before_tokens_were_remembered(chat: Chat) -> None:
    """The error asks it to connect again, and the connection stays open."""
    end = str(int((chat.clock.now() + timedelta(hours=1)).timestamp()))
    chat.is_let_in("carol", userId="u-carol", name="Carol", expiresAt=end)

    assert chat.says("carol", {"action": "signOut"})["code"] == "unauthorized"
    assert chat.says("carol", {"action": "hello"})["type"] == "welcome"


def test_a_connection_has_so_many_tokens(chat: Chat) -> None:
    """A further renewal is refused, and the connection stays open."""
    codes = [renews(chat, "bob", f"more-{n}") for n in range(MAX_TOKENS)]

    assert codes == [None] * (MAX_TOKENS - 1) + ["forbidden"]
    assert chat.says("bob", {"action": "hello"})["type"] == "welcome"
