"""sendMessage, getHistory, and joinRoom's catching up."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from chat.domain.delivery import Delivery
from chat.domain.finished_pushes import FinishedPushes
from tests.support.fakes.clock_and_push import FakePush
from tests.support.harness import LIMITS, Chat, Frame

TEA = {"roomId": "tea"}


@pytest.fixture
def tea(chat: Chat) -> Chat:
    """Let Alice and Bob join the tea room."""
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    return chat


def say(chat: Chat, text: str, who: str = "alice", **fields: Any) -> Frame:
    frame = {"action": "sendMessage", **TEA, "text": text, **fields}
    message: Frame = chat.says(who, frame)["message"]
    return message


def seqs(reply: Frame) -> list[int]:
    return [message["seq"] for message in reply["messages"]]


def test_sends(tea: Chat) -> None:
    """The sender gets the reply, the others the event, with the server's own sender."""
    reply = tea.says(
        "alice",
        {
            "action": "sendMessage",
            **TEA,
            "text": "hi 👋",
            "clientMessageId": "m1",
            "requestId": "9",
        },
    )

    assert reply == {
        "type": "messageSent",
        "requestId": "9",
        "message": {
            "roomId": "tea",
            "seq": 1,
            "sender": {"userId": tea.user_id("alice"), "name": "alice"},
            "text": "hi 👋",
            "sentAt": "2026-01-01T00:00:00.000Z",
            "clientMessageId": "m1",
        },
    }
    assert tea.heard("bob")[-1] == {"type": "message", "message": reply["message"]}
    assert [e["type"] for e in tea.heard("alice")] == ["memberJoined"]


def test_other_connections_of_the_sender_get_the_event(tea: Chat) -> None:
    """The sender's other device gets the message as an event."""
    tea.says("alice.phone", {"action": "joinRoom", **TEA})

    message = say(tea, "hi")

    assert tea.heard("alice.phone") == [{"type": "message", "message": message}]


def test_rooms_are_apart(tea: Chat) -> None:
    """Users in another room receive nothing."""
    tea.says("eve", {"action": "createRoom", "roomId": "milk"})

    say(tea, "hi")

    assert tea.heard("eve") == []


@pytest.mark.parametrize(
    "frame", [{"action": "sendMessage", "text": "hi"}, {"action": "getHistory"}]
)
def test_refuses_non_members(tea: Chat, frame: Frame) -> None:
    """Before joining, sending is `not_a_member`, and the room receives nothing."""
    heard = tea.heard("bob")

    reply = tea.says("eve", {**frame, **TEA})

    assert reply["code"] == "not_a_member"
    assert tea.heard("bob") == heard
    assert tea.says("eve", {**frame, "roomId": "nowhere"})["code"] == "room_not_found"


def test_repeats_are_one_message(tea: Chat) -> None:
    """A resent message is the same in the reply and the log; others receive it once."""
    first, again = say(tea, "hi", clientMessageId="m1"), say(tea, "hi", clientMessageId="m1")

    assert again == first
    assert seqs(tea.says("bob", {"action": "getHistory", **TEA})) == [first["seq"]]
    heard = [e["message"] for e in tea.heard("bob") if e["type"] == "message"]
    assert heard == [first]


class FailingPush(FakePush):
    """A gateway that fails, or that cannot reach some connections, until it is repaired."""

    def __init__(self, *, crashes: bool) -> None:
        super().__init__()
        self.crashes = crashes
        self.repaired = False

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Fail, or deliver to nobody."""
        if self.repaired:
            return super().send(connection_ids, frame)
        if self.crashes:
            raise OSError("the function ends here")
        return Delivery(delivered=0, gone=(), failed=tuple(connection_ids))


@pytest.mark.parametrize("crashes", [True, False], ids=["crash", "failed posts"])
def test_a_repetition_completes_an_interrupted_push(tea: Chat, *, crashes: bool) -> None:
    """A message whose push was interrupted, or failed, is pushed when its sender repeats it."""
    tea.push = push = FailingPush(crashes=crashes)
    first = tea.says(
        "alice", {"action": "sendMessage", **TEA, "text": "hi", "clientMessageId": "m1"}
    )
    assert first["type"] == ("error" if crashes else "messageSent")

    push.repaired = True
    for _ in range(3):
        again = say(tea, "hi", clientMessageId="m1")

    assert [e["message"] for e in tea.heard("bob") if e["type"] == "message"] == [again]


def test_another_environment_pushes_a_repetition_once(tea: Chat) -> None:
    """A new environment does not know what another one has pushed. It pushes once more."""
    first = say(tea, "hi", clientMessageId="m1")

    tea.finished_pushes = FinishedPushes()
    for _ in range(3):
        say(tea, "hi", clientMessageId="m1")

    assert [e["message"] for e in tea.heard("bob") if e["type"] == "message"] == [first, first]


def test_messages_without_an_id_are_always_pushed(tea: Chat) -> None:
    """Equal messages in a room whose id was used before are not taken for repetitions."""
    say(tea, "hi")
    say(tea, "hi")

    assert len([e for e in tea.heard("bob") if e["type"] == "message"]) == 2


def test_pages_history(tea: Chat) -> None:
    """History goes both ways from a seq, a page at a time, always in seq order."""
    for n in range(5):
        say(tea, str(n))

    def history(**where: int) -> tuple[list[int], bool]:
        reply = tea.says("bob", {"action": "getHistory", **TEA, "limit": 2, **where})
        return seqs(reply), reply["hasMore"]

    assert history() == ([4, 5], True)
    assert history(before=4) == ([2, 3], True)
    assert history(before=2) == ([1], False)
    assert history(after=1) == ([2, 3], True)
    assert history(after=3) == ([4, 5], False)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"before": 1, "after": 1}, "$.after: expected either before or after, got both"),
        ({"limit": 101}, "$.limit: expected int <= 100"),
        ({"limit": 0}, "$.limit: expected int >= 1"),
        ({"before": -1}, "$.before: expected int >= 0"),
        ({"after": 10**16}, "$.after: expected int <= 9999999999999999"),
        ({"after": "3"}, "$.after: expected int, got str"),
    ],
)
def test_refuses_bad_pages(tea: Chat, where: Frame, message: str) -> None:
    """A contradictory page is `bad_request` with the field."""
    reply = tea.says("bob", {"action": "getHistory", **TEA, **where})

    assert (reply["code"], reply["message"]) == ("bad_request", message)


def test_history_fits_a_frame(tea: Chat) -> None:
    """Pages with large messages end early, and no message is lost between them."""
    for _ in range(40):
        say(tea, "🫖" * 4000)

    found: list[int] = []
    after, more = 0, True
    while more:
        reply = tea.says("bob", {"action": "getHistory", **TEA, "after": after})
        assert len(json.dumps(reply, ensure_ascii=False).encode()) < 128_000
        found += seqs(reply)
        after, more = found[-1], reply["hasMore"]
    latest = tea.says("bob", {"action": "getHistory", **TEA})

    assert found == list(range(1, 41))
    assert latest["hasMore"]
    assert seqs(latest) == found[-len(seqs(latest)) :]


def test_joiners_get_the_latest_page() -> None:
    """The reply to a join has the latest page, and whether there are older messages."""
    chat = Chat(limits=replace(LIMITS, history_page=2))
    chat.says("alice", {"action": "createRoom", **TEA})
    for n in range(3):
        say(chat, str(n))

    joined = chat.says("bob", {"action": "joinRoom", **TEA})

    assert (seqs(joined), joined["hasMore"], joined["resumed"]) == ([2, 3], True, False)


def test_resumes(tea: Chat) -> None:
    """A client that rejoins with seq and epoch gets the missed messages, oldest first."""
    seen = say(tea, "seen")
    tea.hangs_up("bob")
    missed = [say(tea, str(n))["seq"] for n in range(3)]

    back = tea.says(
        "bob.again", {"action": "joinRoom", **TEA, "after": seen["seq"], "epoch": "epoch-tea"}
    )

    assert (seqs(back), back["hasMore"], back["resumed"]) == (missed, False, True)


def test_resumes_with_nothing_missed(tea: Chat) -> None:
    """A client that missed nothing resumes too."""
    seen = say(tea, "seen")

    back = tea.says(
        "bob.again", {"action": "joinRoom", **TEA, "after": seen["seq"], "epoch": "epoch-tea"}
    )

    assert (seqs(back), back["resumed"]) == ([], True)


@pytest.mark.parametrize(
    "claim",
    [
        {"after": 1, "epoch": "of-another-room"},
        {"after": 1},
        {"after": 99, "epoch": "epoch-tea"},
        {"epoch": "epoch-tea"},
    ],
)
def test_does_not_resume_on_a_wrong_claim(tea: Chat, claim: Frame) -> None:
    """Another epoch, none, or a seq that never was: the latest page, and `resumed: false`."""
    for n in range(3):
        say(tea, str(n))

    back = tea.says("bob.again", {"action": "joinRoom", **TEA, **claim})

    assert (seqs(back), back["resumed"]) == ([1, 2, 3], False)
