"""A review hook gets each message before it is stored, and its verdict counts."""

from typing import Any, Literal

import pytest
from msgspec.structs import replace

from chat.domain.rate_limit import Rate, Rates
from chat.review.review import HookReview
from tests.support.fakes.review import FakeHook
from tests.support.harness import LIMITS, Chat, Frame

TEA = {"roomId": "tea"}
FAILURES: dict[str, Any] = {
    "late": None,
    "no JSON": b"<html>",
    "nothing": b"",
    "null": b"null",
    "not an object": [True],
    "no verdict": {},
    "a word for a verdict": {"allow": "yes"},
    "a number for a text": {"allow": True, "text": 7},
    "an empty text": {"allow": True, "text": ""},
    "an unseen text": {"allow": True, "text": "\u200b"},
    "a long text": {"allow": True, "text": "x" * 4001},
    "control characters": {"allow": True, "text": "a\x00b"},
    "half a character": b'{"allow": true, "text": "\\ud800"}',
}


def tea(
    hook: FakeHook, *, failure: Literal["open", "closed"] = "closed", rates: Rates | None = None
) -> Chat:
    """Let Alice and Bob join the tea room of a chat with a review hook."""
    review = HookReview(hook, failure=failure, text_length=LIMITS.text_length)
    chat = Chat(review=review, rates=rates or Rates())
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    return chat


def say(chat: Chat, text: str = "hi", **fields: str) -> Frame:
    return chat.says("alice", {"action": "sendMessage", **TEA, "text": text, **fields})


def texts(chat: Chat) -> list[str]:
    """Return the texts of the log."""
    history = chat.says("bob", {"action": "getHistory", **TEA})["messages"]
    return [message["text"] for message in history]


def heard(chat: Chat) -> list[str]:
    """Return the texts that Bob received."""
    return [event["message"]["text"] for event in chat.heard("bob") if event["type"] == "message"]


def test_the_hook_sees_who_says_what_where() -> None:
    """The hook gets the sender, room and text, and an allowed message is stored unchanged."""
    hook = FakeHook()
    chat = tea(hook)

    sent = say(chat, "hi 👋", clientMessageId="m1")
    say(chat, "again")

    sender = {"userId": chat.user_id("alice"), "name": "alice"}
    assert hook.asked == [
        {"roomId": "tea", "sender": sender, "text": "hi 👋", "clientMessageId": "m1"},
        {"roomId": "tea", "sender": sender, "text": "again"},
    ]
    assert sent["message"]["text"] == "hi 👋"
    assert texts(chat) == heard(chat) == ["hi 👋", "again"]


def test_the_hook_may_rewrite() -> None:
    """The sender's reply, the log and the others have the new text only."""
    chat = tea(FakeHook({"allow": True, "text": "h**l"}))

    sent = say(chat, "hell")

    assert sent["message"]["text"] == "h**l"
    assert texts(chat) == heard(chat) == ["h**l"]


def test_the_hook_may_refuse() -> None:
    """The sender gets the reason; the message is neither stored nor sent."""
    chat = tea(FakeHook({"allow": False, "reason": "no advertising"}))

    refused = say(chat, "buy!", requestId="7")

    assert refused == {
        "type": "error",
        "requestId": "7",
        "code": "forbidden",
        "message": "the review rejected the message: no advertising",
        "action": "sendMessage",
        "reason": "no advertising",
    }
    assert texts(chat) == heard(chat) == []
    room = chat.says("bob", {"action": "joinRoom", **TEA})["room"]
    assert room["lastSeq"] == 0


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("a\nb\u2028c\x00d\u202ee", "a b c d e"),
        ("x" * 10_000, "x" * 200),
        ("", "no reason given"),
        (" \u200b\n", "no reason given"),
    ],
)
def test_reasons_are_one_short_line(reason: str, shown: str) -> None:
    """The reason of the hook is shown as one short line without control characters."""
    chat = tea(FakeHook({"allow": False, "reason": reason}))

    assert say(chat)["message"] == f"the review rejected the message: {shown}"


@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES.keys())
def test_closed_stores_nothing_unreviewed(answer: Any) -> None:
    """Without a valid verdict the message is not stored, and may be sent again."""
    hook = FakeHook(answer)
    chat = tea(hook)

    refused = say(chat, clientMessageId="m1")
    assert (refused["code"], refused["retryAfterMs"]) == ("not_reviewed", 3_000)
    assert texts(chat) == heard(chat) == []

    hook.answer = {"allow": True}
    assert say(chat, clientMessageId="m1")["type"] == "messageSent"


@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES.keys())
def test_open_stores_what_was_said(answer: Any) -> None:
    """Without a valid verdict the message is stored unchanged."""
    chat = tea(FakeHook(answer), failure="open")

    assert say(chat, "as it came")["type"] == "messageSent"
    assert texts(chat) == heard(chat) == ["as it came"]


def test_what_is_stored_is_not_reviewed_again() -> None:
    """A repeated clientMessageId gets the stored message without another review."""
    hook = FakeHook({"allow": True, "text": "first"})
    chat = tea(hook)
    first = say(chat, "said", clientMessageId="m1")

    hook.answer = {"allow": False, "reason": "changed my mind"}
    again = say(chat, "said", clientMessageId="m1")

    assert again == first
    assert len(hook.asked) == 1
    assert heard(chat) == ["first"]
    assert texts(chat) == ["first"]


def test_what_was_refused_is_reviewed_again() -> None:
    """A rejection is not stored: the same id is reviewed again."""
    hook = FakeHook({"allow": False})
    chat = tea(hook)
    say(chat, clientMessageId="m1")

    hook.answer = {"allow": True}

    assert say(chat, clientMessageId="m1")["type"] == "messageSent"


@pytest.mark.parametrize("failure", ["open", "closed"])
@pytest.mark.parametrize(
    ("action", "fields", "code"),
    [
        ("banMember", {}, "not_a_member"),
        ("kickMember", {}, "not_a_member"),
        ("muteMember", {"seconds": 60}, "forbidden"),
        ("deleteRoom", None, "room_not_found"),
    ],
)
def test_users_removed_during_a_review_cannot_send(
    action: str, fields: Frame | None, code: str, failure: Literal["open", "closed"]
) -> None:
    """A message is rejected if its sender is removed or muted during the review."""
    hook = FakeHook({"allow": True} if failure == "closed" else None)
    chat = tea(hook, failure=failure)
    chat.says("carol", {"action": "joinRoom", **TEA})
    about = {} if fields is None else {"userId": chat.user_id("alice"), **fields}
    chat.says("alice", {"action": "setRole", **TEA, "userId": chat.user_id("bob"), "role": "owner"})
    chat.says(
        "alice", {"action": "setRole", **TEA, "userId": chat.user_id("alice"), "role": "member"}
    )
    hook.meanwhile = lambda: chat.says("bob", {"action": action, **TEA, **about})

    refused = say(chat, clientMessageId="m1")

    assert (refused["code"], len(hook.asked)) == (code, 1)
    assert [event for event in chat.heard("carol") if event["type"] == "message"] == []
    assert chat.stores.messages.after("tea", 0, limit=9).messages == ()


def test_a_flood_does_not_reach_the_hook() -> None:
    """Only messages that would be stored are reviewed, so none above a limit."""
    hook = FakeHook()
    chat = tea(hook, rates=Rates(user={"messages": Rate(1, 1, 2)}))
    chat.limits = replace(LIMITS, text_length=10)

    say(chat, "much too long")
    chat.says("eve", {"action": "sendMessage", **TEA, "text": "let me in"})
    for _ in range(5):
        say(chat)

    assert len(hook.asked) == 2
