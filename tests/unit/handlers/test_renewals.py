"""renew: a connection stays open with a fresh token of the same user only."""

import logging
from datetime import datetime, timedelta

import pytest

from chat.dispatch import dispatch
from chat.domain.clock import CONNECTION_LIFE, wire
from chat.domain.identity import Identity
from chat.observability.metrics import EmfMetrics
from tests.support.harness import Chat, event

TEA = {"roomId": "tea"}
SECRET = "header.SECRET-claims.signature"


@pytest.fixture
def chat() -> Chat:
    """Let Alice and Bob join the tea room, for half an hour and for two hours."""
    chat = Chat(guests=False)
    for name, minutes in (("alice", 30), ("bob", 120)):
        end = chat.clock.now() + timedelta(minutes=minutes)
        expires_at = str(int(end.timestamp()))
        chat.is_let_in(name, userId=f"u-{name}", name=name.title(), expiresAt=expires_at)
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    return chat


def fresh(chat: Chat, token: str, *, minutes: float, user_id: str = "u-alice") -> datetime:
    """Make *token* a good one."""
    end = chat.clock.now() + timedelta(minutes=minutes)
    chat.verifier.good[token] = Identity(user_id, "Alice", end, token_id=token)
    return end


def test_a_renewed_connection_stays(chat: Chat) -> None:
    """After the first token's expiry it sends and receives, until the second token's."""
    end = fresh(chat, "t2", minutes=60)

    reply = chat.says("alice", {"action": "renew", "token": "t2", "requestId": "7"})

    assert reply == {"type": "renewed", "requestId": "7", "expiresAt": wire(end)}
    assert chat.says("alice", {"action": "hello"})["expiresAt"] == wire(end)
    chat.clock.advance(minutes=31)
    chat.says("bob", {"action": "sendMessage", **TEA, "text": "hi"})
    assert chat.heard("alice")[-1]["message"]["text"] == "hi"
    said = chat.says("alice", {"action": "sendMessage", **TEA, "text": "ho"})
    assert said["type"] == "messageSent"
    chat.clock.advance(minutes=30)
    assert chat.says("alice", {"action": "hello"})["code"] == "unauthorized"


def test_the_longest_connection(chat: Chat) -> None:
    """With a token of a day a connection still ends after two hours."""
    fresh(chat, "t2", minutes=24 * 60)
    opened = chat.clock.now()

    reply = chat.says("alice", {"action": "renew", "token": "t2"})

    assert reply["expiresAt"] == wire(opened + CONNECTION_LIFE)


def test_a_token_that_ends_sooner(chat: Chat) -> None:
    """A token with an earlier expiry does not shorten the connection, as the reply shows."""
    fresh(chat, "t2", minutes=5)

    reply = chat.says("alice", {"action": "renew", "token": "t2"})

    assert reply["expiresAt"] == wire(chat.clock.now() + timedelta(minutes=30))


def ends_as_before(chat: Chat) -> bool:
    """Return whether Alice's connection still ends in half an hour."""
    end = wire(chat.clock.now() + timedelta(minutes=30))
    return bool(chat.says("alice", {"action": "hello"})["expiresAt"] == end)


def test_a_bad_token(chat: Chat) -> None:
    """A bad token is `unauthorized`, and the connection does not change."""
    reply = chat.says("alice", {"action": "renew", "token": "forged"})

    assert reply["code"] == "unauthorized"
    assert ends_as_before(chat)


def test_another_users_token(chat: Chat) -> None:
    """A good token of another user is `forbidden`, in both directions."""
    fresh(chat, "bobs", minutes=60, user_id="u-bob")

    reply = chat.says("alice", {"action": "renew", "token": "bobs"})

    assert reply["code"] == "forbidden"
    assert reply["message"].startswith("$.token: ")
    assert ends_as_before(chat)


def test_too_late(chat: Chat) -> None:
    """An expired connection is not renewed; its user opens another one."""
    chat.clock.advance(minutes=30)
    fresh(chat, "t2", minutes=60)

    assert chat.says("alice", {"action": "renew", "token": "t2"})["code"] == "unauthorized"
    assert chat.says("alice", {"action": "hello"})["code"] == "unauthorized"


def test_guests_have_nothing_to_renew() -> None:
    """A guest's connection ends by its age only, and the error says so."""
    chat = Chat()
    fresh(chat, "t2", minutes=60)

    reply = chat.says("alice", {"action": "renew", "token": "t2"})

    assert (reply["code"], "guest" in reply["message"]) == ("forbidden", True)


@pytest.mark.parametrize("token", [None, 7, "", "x" * 8_193, ["t2"]])
def test_no_token_at_all(chat: Chat, token: object) -> None:
    """A value that is no token is an error of the field."""
    reply = chat.says("alice", {"action": "renew", "token": token})

    assert reply["code"] == "bad_request"
    assert reply["message"].startswith("$.token: ")


@pytest.mark.parametrize(
    "frame",
    [
        '{"action": "renew", "token": "%s"}',
        '{"action": "renew", "token": "%s", "x": 1}',
        '{"action": "renew", "token": ["%s"]}',
        '{"action": "renew", "token": "%s"',
        '{"action": "renews", "token": "%s"}',
    ],
)
def test_the_token_is_in_no_reply_and_no_log(
    chat: Chat, frame: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the reply nor the log has the token, whether it is good or bad."""
    caplog.set_level(logging.DEBUG)

    lines: list[str] = []
    metrics = EmfMetrics(namespace="Test", function="chat", write=lines.append)

    def answer() -> str:
        with metrics.invocation("1") as record:
            said = event("MESSAGE", "alice", body=frame % SECRET)
            return str(dispatch(said, chat.services, record))

    answers = [answer()]
    fresh(chat, SECRET, minutes=60)
    answers.append(answer())

    logged = [*lines, *(str(vars(record)) for record in caplog.records)]
    assert len(lines) == 2
    assert not [text for text in answers + logged if "SECRET" in text]
