"""Attacks on a review: by who writes, to get past it, and by a hook that has gone bad."""

from typing import Any

import pytest

from chat.review.review import REASON_LENGTH, HookReview
from tests.security.attacked_chat import Fortress, MakeFortress
from tests.security.attacked_rooms import TEA
from tests.support.fakes.review import FakeHook
from tests.support.harness import LIMITS, Frame

ADVERT = {"action": "sendMessage", **TEA, "text": "buy this"}


class Censor(FakeHook):
    """Refuses what says `buy`."""

    def __call__(self, question: bytes) -> bytes:
        """Its verdict."""
        allow = b"buy" not in question
        self.answer = {"allow": allow, "reason": "no advertising"}
        return super().__call__(question)


def guarded(make_fortress: MakeFortress, hook: FakeHook) -> Fortress:
    """Alice and Bob are in the tea room, which is reviewed."""
    chat = make_fortress()
    chat.review = HookReview(hook, failure="closed", text_length=LIMITS.text_length)
    chat.does("alice", "createRoom", **TEA)
    chat.does("bob", "joinRoom", **TEA)
    return chat


WAYS: dict[str, list[tuple[str, Frame]]] = {
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


@pytest.mark.parametrize("attempts", WAYS.values(), ids=WAYS.keys())
def test_getting_past_it(make_fortress: MakeFortress, attempts: list[tuple[str, Frame]]) -> None:
    """However often and from wherever: each attempt is read, refused, and leaves nothing."""
    hook = Censor()
    chat = guarded(make_fortress, hook)
    chat.does("alice.phone", "joinRoom", **TEA)
    chat.does("alice", "sendMessage", **TEA, text="hello", clientMessageId="taken")
    hook.asked.clear()

    for who, frame in attempts:
        chat.refuses(who, frame, "forbidden")

    assert [asked["text"] for asked in hook.asked] == ["buy this"] * len(attempts)


def test_an_id_that_was_taken_brings_nothing_new(make_fortress: MakeFortress) -> None:
    """Other words under the id of a message are that message, word for word as it was."""
    chat = guarded(make_fortress, Censor())
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
def test_a_hook_gone_bad(make_fortress: MakeFortress, answer: Any) -> None:
    """What is no verdict stores nothing, and says nothing of itself to who wrote."""
    chat = guarded(make_fortress, FakeHook(answer=answer))

    reply = chat.refuses("alice", {**ADVERT, "text": "hello"}, "not_reviewed")

    assert reply["retryAfterMs"] > 0
    assert len(reply["message"]) < REASON_LENGTH


def test_a_hook_changes_nothing_but_the_text(make_fortress: MakeFortress) -> None:
    """Fields beside the verdict are of no consequence: sender, room and seq stay as they are."""
    bad = {"allow": True, "text": "new", "sender": {"userId": "u-bob"}, "roomId": "den", "seq": 7}
    chat = guarded(make_fortress, FakeHook(answer=bad))

    message = chat.does("alice", "sendMessage", **TEA, text="hello")["message"]

    assert (message["text"], message["sender"]["userId"]) == ("new", "u-alice")
    assert (message["roomId"], message["seq"]) == ("tea", 1)


def test_reasons_are_harmless(make_fortress: MakeFortress) -> None:
    """A reason is a line of plain characters, however long and whatever the hook wrote."""
    reason = 'no\r\n{"level":"INFO"}\x1b[2J\u202e\u2066' + "o" * 10_000
    chat = guarded(make_fortress, FakeHook(answer={"allow": False, "reason": reason}))

    shown = chat.refuses("alice", ADVERT, "forbidden")["reason"]

    assert len(shown) <= REASON_LENGTH
    assert shown.isprintable()
