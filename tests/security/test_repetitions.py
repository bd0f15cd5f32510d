"""A repeated clientMessageId costs the repeater, and neither the room nor its readers."""

import pytest

from chat.dynamodb.messages import DynamoMessages
from tests.security.attacked_chat import AttackedChat, MakeChat
from tests.security.attacked_rooms import TEA

REPEATED = {"text": "again", "clientMessageId": "m1"}


@pytest.fixture
def chat(make_chat: MakeChat) -> AttackedChat:
    """Provide a chat where Alice and Eve are in the tea room."""
    chat = make_chat()
    chat.does("alice", "createRoom", **TEA)
    chat.does("eve", "joinRoom", **TEA)
    return chat


def last_seq(chat: AttackedChat) -> int:
    room = chat.does("alice", "joinRoom", **TEA)["room"]
    return int(room["lastSeq"])


def test_repetitions_take_no_seq(chat: AttackedChat) -> None:
    """Three hundred repetitions leave the last seq as it is."""
    chat.does("eve", "sendMessage", **TEA, **REPEATED)

    for _ in range(300):
        chat.does("eve", "sendMessage", **TEA, **REPEATED)

    assert last_seq(chat) == 1


def test_repetitions_are_no_way_to_flood(chat: AttackedChat) -> None:
    """A room receives a message once, however often and slowly its sender repeats it."""
    heard = len(chat.heard("alice"))

    for _ in range(50):
        chat.clock.advance(seconds=1)
        chat.does("eve", "sendMessage", **TEA, **REPEATED)

    assert len(chat.heard("alice")) == heard + 1


def test_repeated_deletions_are_no_way_to_flood(chat: AttackedChat) -> None:
    """A room receives a deletion once, however often and slowly its sender repeats it."""
    seq = chat.does("eve", "sendMessage", **TEA, text="x")["message"]["seq"]
    heard = len(chat.heard("alice"))

    for _ in range(50):
        chat.clock.advance(seconds=1)
        chat.does("eve", "deleteMessage", **TEA, seq=seq)

    assert len(chat.heard("alice")) == heard + 1


@pytest.mark.parametrize("busy", [False, True])
def test_repetitions_make_no_work_for_readers(chat: AttackedChat, *, busy: bool) -> None:
    """A join after repetitions writes as much as a join without them, in a busy room too."""
    for n in range(5):
        if busy and isinstance(chat.stores.messages, DynamoMessages):
            chat.stores.messages.writer.mark_busy("tea")
        chat.does("eve", "sendMessage", **TEA, text="fresh", clientMessageId=f"fresh-{n}")
        for _ in range(40):
            chat.does("eve", "sendMessage", **TEA, text="fresh", clientMessageId=f"fresh-{n}")

    chat.calls.clear()
    chat.does("bob", "joinRoom", **TEA)

    assert chat.calls["TransactWriteItems"] == 2, "the handshake and the join"
    assert last_seq(chat) == 5 + busy
