"""Each fault of `tests/reliability/faults` matches a DynamoDB call that the functions make.

If a call changes and its pattern does not, the fault is never injected.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chat.domain.identity import Identity
from chat.dynamodb.messages import DynamoMessages
from chat.protocol import Member, SendMessage
from tests.contract.counted_chat import TEA, CountedChat
from tests.reliability.faults import cases
from tests.reliability.faults.injection import Call
from tests.support.fakes.clock_and_push import FakeClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

PATTERNS = sorted(
    {(rule.operation, rule.containing) for case in cases.CASES for rule in case.rules()}
)
MESSAGE = {"action": "sendMessage", **TEA, "text": "hi", "clientMessageId": "m1"}


class RecordedChat(CountedChat):
    """A chat of users with tokens that keeps its calls to DynamoDB."""

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(client, clock)
        self.guests = False
        self.recorded: list[Call] = []
        client.meta.events.register("before-call.dynamodb", self._record)

    def _record(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        self.recorded.append(Call(model.name, params["url_path"], params["body"]))

    def sign_in(self, name: str) -> None:
        """Connect a user. A second token can renew the connection."""
        end = self.clock.now() + timedelta(minutes=30)
        expires_at = str(int(end.timestamp()))
        assert self.is_let_in(name, userId=f"u-{name}", name=name, expiresAt=expires_at) == 200
        later = end + timedelta(minutes=30)
        self.verifier.good[name] = Identity(f"u-{name}", name, later, token_id=f"{name}'s second")

    def asks(self, name: str, action: str, **fields: Any) -> None:
        """Send a request, and assert that it succeeds."""
        reply = self.says(name, {"action": action, **fields})
        assert reply["type"] != "error", reply


@pytest.fixture(scope="module")
def calls(emulator_dynamodb: "DynamoDBClient") -> list[Call]:
    """Return the calls of a room's life, with a repeated message and a gap."""
    chat = RecordedChat(emulator_dynamodb, FakeClock())
    chat.sign_in("alice")
    chat.sign_in("bob")
    chat.asks("alice", "createRoom", **TEA)
    chat.asks("bob", "joinRoom", **TEA)
    for _ in range(2):
        chat.asks("bob", **MESSAGE)
    _make_busy(chat)
    chat.asks("bob", **MESSAGE)
    _leave_gap(chat)
    chat.asks("alice", "sendMessage", **TEA, text="ho")
    chat.asks("alice", "getHistory", **TEA, after=0)
    chat.asks("bob", "renew", token="bob")
    chat.asks("alice", "leaveRoom", **TEA)
    chat.hangs_up("bob")
    return chat.recorded


def _make_busy(chat: RecordedChat) -> None:
    """Let the next messages take their seq first, as if others wrote at the same time."""
    assert isinstance(chat.stores.messages, DynamoMessages)
    chat.stores.messages.writer.mark_busy("tea")


def _leave_gap(chat: RecordedChat) -> None:
    """Take a seq without storing its message, like a function that is killed in between."""
    assert isinstance(chat.stores.messages, DynamoMessages)
    chat.stores.messages.writer.number(
        SendMessage(room_id="tea", text="lost"), sender=Member(user_id="u-alice", name="Alice")
    )


@pytest.mark.parametrize(("operation", "text"), PATTERNS)
def test_each_fault_applies_to_a_call(calls: list[Call], operation: str, text: str) -> None:
    """The operation and the text of a fault are those of at least one call.

    A post to a connection is no call to DynamoDB. Its fault has no text, so it matches each post.
    """
    if operation == cases.POST[0]:
        assert text == ""
        return
    assert any(it.operation == operation and text in it.text for it in calls)
