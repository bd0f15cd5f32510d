"""The table that estimates are made of is what the code does: counted, items of writes and all."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from operate.cost.requests import REQUESTS, Requests
from tests.contract.test_requests import RATES, TEA, CountedChat
from tests.fake_surroundings import FakeClock
from tests.harness import Frame

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class MeasuredChat(CountedChat):
    """Counts what transactions write, too, and sees to it that every read is consistent."""

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(client, clock, rates=RATES)
        self.transacted: Counter[str] = Counter()
        client.meta.events.register("before-parameter-build.dynamodb", self._measure)

    def _measure(self, model: Any, params: Mapping[str, Any], **_: Any) -> None:
        self.transacted["transacted"] += len(params.get("TransactItems", ()))
        if model.name in {"GetItem", "Query"}:
            assert params["ConsistentRead"] is True

    def measured(self, who: str, frame: Frame) -> Requests:
        """What one frame takes."""
        self.transacted.clear()
        return Requests(**self.cost(who, frame), **self.transacted)

    def opened(self, who: str) -> Requests:
        """What a handshake takes."""
        self._clear()
        self.connects(who)
        self.replies[who] = []
        return Requests(**self.calls, **self.transacted)

    def closed(self, who: str, room: Frame | None = None) -> Requests:
        """What it takes to hang up, in a room or in none."""
        self.opened(who)
        if room:
            self.says(who, {"action": "joinRoom", **room})
        self._clear()
        self.hangs_up(who)
        return Requests(**self.calls, **self.transacted)

    def _clear(self) -> None:
        self.calls.clear()
        self.transacted.clear()


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
        "hello": town.measured("bob", {"action": "hello"}),
        "ping": town.measured("bob", {"action": "ping"}),
        "createRoom": town.measured("bob", {"action": "createRoom"}),
        "joinRoom": town.measured("bob", {"action": "joinRoom", **TEA}),
        "sendMessage": town.measured("bob", send),
        "getHistory": town.measured("bob", {"action": "getHistory", **TEA}),
        "leaveRoom": town.measured("bob", {"action": "leaveRoom", **TEA}),
        "disconnect": town.closed("carol"),
        "disconnect: each room": _less(town.closed("dave", TEA), town.closed("erin")),
    }

    assert measured == REQUESTS


def _less(more: Requests, less: Requests) -> Requests:
    return Requests(*(a - b for a, b in zip(more, less, strict=True)))
