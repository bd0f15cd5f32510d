"""How many DynamoDB requests floods and reviews make; the whole list is `test_price_list.py`."""

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
def counted(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> CountedChat:
    """Alice is in the tea room."""
    chat = CountedChat(moto_dynamodb, clock, rates=RATES)
    chat.says("alice", {"action": "createRoom", **TEA})
    return chat


def test_a_flood_costs_less_than_a_chat(counted: CountedChat) -> None:
    """What is refused costs nothing; one that might be a repetition, what it takes to see."""
    send = {"action": "sendMessage", **TEA, "text": "hi"}
    counted.says("alice", {**send, "clientMessageId": "m1"})
    for _ in range(19):
        counted.cost("alice", send)

    counted.calls.clear()
    refused = [counted.says("alice", send)["code"] for _ in range(9)]
    assert (set(refused), counted.calls) == ({"rate_limited"}, {})

    assert counted.cost("alice", {**send, "clientMessageId": "m1"}) == {"GetItem": 3}
    counted.calls.clear()
    assert counted.says("alice", {**send, "clientMessageId": "m2"})["code"] == "rate_limited"
    assert counted.calls == {"GetItem": 2}


def test_a_cut_off_is_cheap_and_a_rest_free(counted: CountedChat) -> None:
    """A strike costs a tenth of a read and a write; the disconnection removes the connection.

    A handshake during the cooldown costs nothing.
    """
    send = {"action": "sendMessage", **TEA, "text": "hi"}
    for _ in range(20):
        counted.cost("alice", send)
    counted.calls.clear()
    for _ in range(210):
        assert counted.says("alice", send)["code"] == "rate_limited"
    refused = dict(counted.calls)

    counted.calls.clear()
    counted.says("alice", send)
    disconnect_flooder = dict(counted.calls)
    counted.calls.clear()
    status = counted.connects("alice.again")

    assert counted.push.closed == {"alice"}
    assert refused == {"GetItem": 20, "UpdateItem": 20}
    assert disconnect_flooder == {"GetItem": 4, "UpdateItem": 2, "DeleteItem": 2, "Query": 1}
    assert (status, counted.calls) == (429, {})


@pytest.mark.parametrize(
    ("fields", "looks"), [({}, {}), ({"clientMessageId": "m1"}, {"GetItem": 1})]
)
def test_a_review_costs_a_question(
    counted: CountedChat, fields: Frame, looks: dict[str, int]
) -> None:
    """And a look at the sender afterwards; before, for a repetition; a refusal costs no write."""
    send = {"action": "sendMessage", **TEA, "text": "hi", **fields}
    hook = FakeHook()
    counted.review = HookReview(hook, failure="closed", text_length=4_000)

    stored = counted.cost("alice", send)
    again = [looks and counted.cost("alice", send), len(hook.asked)]
    hook.answer = {"allow": False}
    counted.calls.clear()
    refused = counted.says("alice", {**send, **(fields and {"clientMessageId": "m2"})})

    reads = {"GetItem": 1 + looks.get("GetItem", 0)}
    assert stored == {"UpdateItem": 3, "TransactWriteItems": 1, "Query": 1, **reads}
    assert again[1] == 1
    assert refused["code"] == "forbidden"
    assert counted.calls == {"UpdateItem": 2, **looks}


def test_without_limits_nothing_is_asked(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> None:
    """Buckets that are switched off cost nothing."""
    chat = CountedChat(moto_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", **TEA})

    assert chat.cost("alice", {"action": "sendMessage", **TEA, "text": "hi"}) == {
        "GetItem": 1,
        "UpdateItem": 1,
        "TransactWriteItems": 1,
        "Query": 1,
    }
