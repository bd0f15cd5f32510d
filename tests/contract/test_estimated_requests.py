"""The table that estimates are made of is what the code does: counted, items of writes and all."""

from typing import TYPE_CHECKING

import pytest

from ops.cost.requests import REQUESTS, Requests
from tests.contract.counted_chat import TEA
from tests.contract.measured_chat import MeasuredChat, difference
from tests.support.fakes.clock_and_push import FakeClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def town(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> MeasuredChat:
    """Alice is in the tea room; the limits of rates are on, as they are in prod."""
    chat = MeasuredChat(moto_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})
    return chat


def test_the_table_is_what_the_code_does(town: MeasuredChat) -> None:
    """Each action of the table, asked once: requests by kind, and items of transactions."""
    send = {"action": "sendMessage", **TEA, "text": "hi", "clientMessageId": "m1"}

    measured = {
        "connect": town.opened("bob"),
        "hello": town.cost("bob", {"action": "hello"}),
        "ping": town.cost("bob", {"action": "ping"}),
        "createRoom": town.cost("bob", {"action": "createRoom"}),
        "joinRoom": town.cost("bob", {"action": "joinRoom", **TEA}),
        "sendMessage": town.cost("bob", send),
        "getHistory": town.cost("bob", {"action": "getHistory", **TEA}),
        "leaveRoom": town.cost("bob", {"action": "leaveRoom", **TEA}),
        "disconnect": town.closed("carol"),
        "disconnect: each room": difference(town.closed("dave", TEA), town.closed("erin")),
    }

    assert {action: Requests(**price) for action, price in measured.items()} == REQUESTS
