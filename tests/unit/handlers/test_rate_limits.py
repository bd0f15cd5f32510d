"""Rate limits: the error says how long to wait, and the room receives nothing."""

import pytest

from chat.domain.rate_limit import Rate, Rates
from tests.support.harness import Chat, Frame

TEA = {"roomId": "tea"}
MESSAGES = Rates(connection={"messages": Rate(1, 1, 3)}, user={"messages": Rate(1, 1, 4)})


def tea(rates: Rates) -> Chat:
    """Let Alice and Bob join the tea room."""
    chat = Chat(rates=rates)
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    return chat


def say(chat: Chat, who: str, text: str = "hi", **fields: str) -> Frame:
    return chat.says(who, {"action": "sendMessage", **TEA, "text": text, **fields})


def texts(chat: Chat) -> list[str]:
    """Return the texts of the log."""
    history = chat.says("bob", {"action": "getHistory", **TEA})["messages"]
    return [message["text"] for message in history]


def test_messages_above_the_burst_are_errors() -> None:
    """Messages above the burst are `rate_limited`, not stored, and not sent."""
    chat = tea(MESSAGES)

    replies = [say(chat, "alice", str(n), requestId=f"r{n}") for n in range(6)]

    assert [reply["type"] for reply in replies] == ["messageSent"] * 3 + ["error"] * 3
    assert replies[3] == {
        "type": "error",
        "requestId": "r3",
        "code": "rate_limited",
        "message": "rate limit exceeded; retry in 1000 ms",
        "action": "sendMessage",
        "retryAfterMs": 1000,
    }
    assert texts(chat) == ["0", "1", "2"]
    heard = [e["message"]["text"] for e in chat.heard("bob") if e["type"] == "message"]
    assert heard == ["0", "1", "2"]


def test_waiting_is_enough() -> None:
    """After exactly `retryAfterMs` the same message is accepted."""
    chat = tea(MESSAGES)
    for _ in range(3):
        say(chat, "alice")
    wait = say(chat, "alice", "again")["retryAfterMs"]

    chat.clock.advance(milliseconds=wait - 1)
    early = say(chat, "alice", "again")
    chat.clock.advance(milliseconds=1)

    assert early["retryAfterMs"] == 1
    assert say(chat, "alice", "again")["type"] == "messageSent"


def test_connections_of_a_user_share_a_limit() -> None:
    """Each connection has a limit, and the user has one for all connections."""
    chat = tea(MESSAGES)
    chat.says("alice.phone", {"action": "joinRoom", **TEA})

    replies = [say(chat, who) for who in ["alice"] * 3 + ["alice.phone"] * 3]

    assert [reply["type"] for reply in replies] == ["messageSent"] * 4 + ["error"] * 2
    assert say(chat, "bob")["type"] == "messageSent"


def test_a_stored_message_is_acknowledged() -> None:
    """A repeated message gets its reply at any speed, and the room receives nothing."""
    chat = tea(MESSAGES)
    first = say(chat, "alice", "first", clientMessageId="m1")
    for _ in range(3):
        say(chat, "alice")
    heard = chat.heard("bob")

    again = [say(chat, "alice", "first", clientMessageId="m1") for _ in range(3)]
    new = say(chat, "alice", "new", clientMessageId="m2")

    assert again == [first] * 3
    assert new["code"] == "rate_limited"
    assert chat.heard("bob") == heard


def test_a_stored_message_is_for_members() -> None:
    """A user who left gets `not_a_member`, at any speed."""
    chat = tea(MESSAGES)
    say(chat, "alice", clientMessageId="m1")
    for _ in range(3):
        say(chat, "alice")

    chat.says("alice", {"action": "leaveRoom", **TEA})

    assert say(chat, "alice", clientMessageId="m1")["code"] == "not_a_member"


def test_rejected_requests_do_not_count() -> None:
    """Rejected and malformed requests do not make the wait longer."""
    chat = tea(MESSAGES)
    for _ in range(50):
        say(chat, "alice")

    assert say(chat, "alice")["retryAfterMs"] == 1000


@pytest.mark.parametrize(
    "rates",
    [
        Rates(connection={"joins": Rate(60, 60, 2)}),
        Rates(user={"joins": Rate(60, 60, 2)}),
    ],
)
def test_joins_and_creations_are_counted_together(rates: Rates) -> None:
    """The third request is an error without effect, and is accepted later."""
    chat = tea(rates)
    chat.says("carol", {"action": "createRoom", "roomId": "milk"})

    joined = chat.says("carol", {"action": "joinRoom", **TEA})
    refused = chat.says("carol", {"action": "createRoom", "roomId": "salt"})

    assert joined["type"] == "roomJoined"
    assert (refused["code"], refused["retryAfterMs"]) == ("rate_limited", 1000)
    assert chat.says("bob", {"action": "joinRoom", "roomId": "salt"})["code"] == "room_not_found"
    chat.clock.advance(seconds=1)
    assert chat.says("carol", {"action": "createRoom", "roomId": "salt"})["type"] == "roomCreated"


@pytest.mark.parametrize("frame", ["", "{", '{"action": "ping"}', '{"action": "dance"}'])
def test_frames_of_any_kind_are_bounded(frame: str) -> None:
    """Each connection has a limit of frames, good or bad; other connections are not affected."""
    chat = Chat(rates=Rates(frames=Rate(1, 1, 3)))

    codes = [chat.says("alice", frame).get("code") for _ in range(5)]

    assert codes[2] != "rate_limited"
    assert codes[3:] == ["rate_limited"] * 2
    assert chat.says("bob", frame).get("code") == codes[0]
