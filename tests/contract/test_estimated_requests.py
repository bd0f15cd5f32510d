"""The requests that the cost estimates use are the requests that the code makes."""

from typing import TYPE_CHECKING

import pytest

from ops.cost.requests import REQUESTS, Requests
from tests.contract.counted_chat import TEA
from tests.contract.measured_chat import MeasuredChat, difference
from tests.support.fakes.clock_and_push import FakeClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def chat(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> MeasuredChat:
    """A chat with Alice in the tea room, and with the rate limits of prod."""
    chat = MeasuredChat(emulator_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    return chat


def test_the_table_matches_the_code(chat: MeasuredChat) -> None:
    """One request of each action has the requests by kind, and the items, of the table."""
    send = {"action": "sendMessage", **TEA, "text": "hi", "clientMessageId": "m1"}
    chat.says("alice", send)

    measured = {
        "connect": chat.opened("bob"),
        "hello": chat.cost("bob", {"action": "hello"}),
        "ping": chat.cost("bob", {"action": "ping"}),
        "createRoom": chat.cost("bob", {"action": "createRoom"}),
        "joinRoom": chat.cost("bob", {"action": "joinRoom", **TEA}),
        "sendMessage": chat.cost("bob", send),
        "getHistory": chat.cost("bob", {"action": "getHistory", **TEA}),
        "leaveRoom": chat.cost("bob", {"action": "leaveRoom", **TEA}),
        "disconnect": chat.closed("carol"),
        "disconnect: each room": difference(chat.closed("dave", TEA), chat.closed("erin")),
    }

    assert {action: Requests(**price) for action, price in measured.items()} == REQUESTS
