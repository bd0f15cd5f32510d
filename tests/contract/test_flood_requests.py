"""DynamoDB requests of rate limits and reviews. `test_request_costs.py` has the whole list."""

from typing import TYPE_CHECKING

import pytest

from chat.domain.rate_limit import Rate, Rates
from chat.review.review import HookReview
from tests.contract.counted_chat import TEA, CountedChat
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.fakes.review import FakeHook
from tests.support.harness import Frame

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


RATES = Rates(
    connection={"messages": Rate(5, 1, 20), "joins": Rate(120, 60, 120), "changes": Rate(5, 1, 20)},
    user={"messages": Rate(10, 1, 40), "joins": Rate(360, 60, 360), "changes": Rate(10, 1, 40)},
    frames=Rate(20, 1, 200),
    strikes=Rate(5, 1, 200),
)


@pytest.fixture
def counted(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> CountedChat:
    """A chat with Alice in the tea room, and with rate limits."""
    chat = CountedChat(emulator_dynamodb, clock, rates=RATES)
    chat.says("alice", {"action": "createRoom", **TEA})
    return chat


def test_a_rejected_message_costs_less_than_a_stored_one(counted: CountedChat) -> None:
    """A rejected message makes no request.

    If it has a clientMessageId, the function reads whether it is a repetition.
    """
    send = {"action": "sendMessage", **TEA, "text": "hi"}
    counted.says("alice", {**send, "clientMessageId": "m1"})
    for _ in range(19):
        counted.cost("alice", send)

    counted.calls.clear()
    rejected = [counted.says("alice", send)["code"] for _ in range(9)]
    assert (set(rejected), counted.calls) == ({"rate_limited"}, {})

    assert counted.cost("alice", {**send, "clientMessageId": "m1"}) == {"GetItem": 3}
    counted.calls.clear()
    assert counted.says("alice", {**send, "clientMessageId": "m2"})["code"] == "rate_limited"
    assert counted.calls == {"GetItem": 2}


def test_a_flood_disconnect_is_cheap_and_a_cooldown_free(counted: CountedChat) -> None:
    """A strike costs a tenth of a read and a write. The disconnection removes the connection.

    A handshake during the cooldown costs nothing.
    """
    send = {"action": "sendMessage", **TEA, "text": "hi"}
    for _ in range(20):
        counted.cost("alice", send)
    counted.calls.clear()
    for _ in range(210):
        assert counted.says("alice", send)["code"] == "rate_limited"
    rejected = dict(counted.calls)

    counted.calls.clear()
    counted.says("alice", send)
    disconnect_flooder = dict(counted.calls)
    counted.calls.clear()
    status = counted.connects("alice.again")

    assert counted.push.closed == {"alice"}
    assert rejected == {"GetItem": 20, "UpdateItem": 20}
    assert disconnect_flooder == {"GetItem": 4, "UpdateItem": 2, "DeleteItem": 2, "Query": 1}
    assert (status, counted.calls) == (429, {})


@pytest.mark.parametrize(
    ("fields", "lookups"), [({}, {}), ({"clientMessageId": "m1"}, {"GetItem": 1})]
)
def test_a_review_costs_one_more_read(
    counted: CountedChat, fields: Frame, lookups: dict[str, int]
) -> None:
    """A review adds a read of the sender afterwards.

    If the message has a clientMessageId, a read before it looks for a repetition. A message that
    the review rejects is not stored, and its sender is not read.
    """
    send = {"action": "sendMessage", **TEA, "text": "hi", **fields}
    counted.cost("alice", {"action": "sendMessage", **TEA, "text": "the first of the process"})
    hook = FakeHook()
    counted.review = HookReview(hook, failure="closed", text_length=4_000)

    stored = counted.cost("alice", send)
    again = [lookups and counted.cost("alice", send), len(hook.asked)]
    hook.answer = {"allow": False}
    counted.calls.clear()
    rejected = counted.says("alice", {**send, **(fields and {"clientMessageId": "m2"})})

    reads = {"GetItem": 1 + lookups.get("GetItem", 0)}
    assert stored == {"UpdateItem": 2, "TransactWriteItems": 1, "Query": 1, **reads}
    assert again[1] == 1
    assert rejected["code"] == "forbidden"
    assert counted.calls == {"UpdateItem": 2, **lookups}


def test_rate_limits_that_are_off_make_no_request(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """A message without rate limits makes only the requests that store it."""
    chat = CountedChat(emulator_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})

    chat.says("alice", {"action": "sendMessage", **TEA, "text": "the first of the process"})

    assert chat.cost("alice", {"action": "sendMessage", **TEA, "text": "hi"}) == {
        "GetItem": 1,
        "TransactWriteItems": 1,
        "Query": 1,
    }
