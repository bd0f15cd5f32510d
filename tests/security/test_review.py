"""Attacks on a review: by senders who try to avoid it, and by a hook that has been taken over."""

from typing import Any

import pytest

from chat.review.review import REASON_LENGTH, HookReview
from tests.security.attacked_chat import AttackedChat, MakeChat
from tests.security.attacked_rooms import TEA
from tests.support.fakes.review import FakeHook
from tests.support.harness import LIMITS, Frame

ADVERT = {"action": "sendMessage", **TEA, "text": "buy this"}


class Censor(FakeHook):
    """Rejects texts that contain `buy`."""

    def __call__(self, question: bytes) -> bytes:
        """Return the verdict."""
        allow = b"buy" not in question
        self.answer = {"allow": allow, "reason": "no advertising"}
        return super().__call__(question)


def guarded(make_chat: MakeChat, hook: FakeHook) -> AttackedChat:
    """Return a chat with a review, where Alice and Bob are in the tea room."""
    chat = make_chat()
    chat.review = HookReview(hook, failure="closed", text_length=LIMITS.text_length)
    chat.does("alice", "createRoom", **TEA)
    chat.does("bob", "joinRoom", **TEA)
    return chat


ATTEMPTS: dict[str, list[tuple[str, Frame]]] = {
    "again": [("alice", ADVERT), ("alice", ADVERT)],
    "again under the same id": [("alice", {**ADVERT, "clientMessageId": "m1"})] * 2,
    "again under another id": [
        ("alice", {**ADVERT, "clientMessageId": "m1"}),
        ("alice", {**ADVERT, "clientMessageId": "m2"}),
    ],
    "from another device": [("alice", ADVERT), ("alice.phone", ADVERT)],
    "under the id of a message that was taken": [
        ("bob", {**ADVERT, "clientMessageId": "taken"}),
    ],
}


@pytest.mark.parametrize("attempts", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_repetitions_do_not_avoid_the_review(
    make_chat: MakeChat, attempts: list[tuple[str, Frame]]
) -> None:
    """Each attempt is reviewed and rejected, and changes nothing."""
    hook = Censor()
    chat = guarded(make_chat, hook)
    chat.does("alice.phone", "joinRoom", **TEA)
    chat.does("alice", "sendMessage", **TEA, text="hello", clientMessageId="taken")
    hook.asked.clear()

    for who, frame in attempts:
        chat.rejects(who, frame, "forbidden")

    assert [asked["text"] for asked in hook.asked] == ["buy this"] * len(attempts)


def test_a_used_message_id_returns_the_stored_message(make_chat: MakeChat) -> None:
    """Another text under the same id returns the stored message without a change."""
    chat = guarded(make_chat, Censor())
    said = chat.does("alice", "sendMessage", **TEA, text="hello", clientMessageId="m1")

    before = chat.items()

    again = chat.says("alice", {**ADVERT, "clientMessageId": "m1"})

    assert again["message"] == said["message"]
    assert chat.items() == before
    assert "buy" not in str(chat.heard("bob"))


BAD: dict[str, Any] = {
    "nonsense": b"\xff\xfe",
    "much too much": {"allow": True, "text": "x" * 6_000_000},
    "deep": b"[" * 100_000,
    "another sender": b'{"sender": {"userId": "u-bob"}, "roomId": "den"}',
    "a text that turns the others around": {"allow": True, "text": "\u202e\x07"},
    "half a character": b'{"allow": true, "text": "\\ud800"}',
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD.keys())
def test_an_invalid_verdict_stores_nothing(make_chat: MakeChat, answer: Any) -> None:
    """The sender's error contains nothing of the invalid verdict."""
    chat = guarded(make_chat, FakeHook(answer=answer))

    reply = chat.rejects("alice", {**ADVERT, "text": "hello"}, "not_reviewed")

    assert reply["retryAfterMs"] > 0
    assert len(reply["message"]) < REASON_LENGTH


def test_a_hook_changes_the_text_only(make_chat: MakeChat) -> None:
    """Other fields of the verdict are ignored: sender, room and seq stay the same."""
    bad = {"allow": True, "text": "new", "sender": {"userId": "u-bob"}, "roomId": "den", "seq": 7}
    chat = guarded(make_chat, FakeHook(answer=bad))

    message = chat.does("alice", "sendMessage", **TEA, text="hello")["message"]

    assert (message["text"], message["sender"]["userId"]) == ("new", "u-alice")
    assert (message["roomId"], message["seq"]) == ("tea", 1)


def test_reasons_are_short_printable_lines(make_chat: MakeChat) -> None:
    """The reason is truncated, and control characters are removed."""
    reason = 'no\r\n{"level":"INFO"}\x1b[2J\u202e\u2066' + "o" * 10_000
    chat = guarded(make_chat, FakeHook(answer={"allow": False, "reason": reason}))

    shown = chat.rejects("alice", ADVERT, "forbidden")["reason"]

    assert len(shown) <= REASON_LENGTH
    assert shown.isprintable()
