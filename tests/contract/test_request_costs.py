"""DynamoDB requests of each action: docs/architecture/request-costs.md, measured."""

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest

from chat.routes import ROUTES
from chat_stack.storage.operations import CONNECTIONS_OPERATIONS, ROOMS_OPERATIONS
from tests.contract.measured_chat import TRANSACTED, MeasuredChat, Price
from tests.contract.request_costs import OF_CONNECTIONS, OF_FLOODS, OF_TALK
from tests.contract.request_costs_rooms import OF_ROOMS
from tests.infrastructure.synthesis import PROJECT
from tests.support.fakes.clock_and_push import FakeClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

HEAD = "| what | requests |\n| --- | --- |\n"
OPERATIONS = {
    *(("Connections", name) for name in CONNECTIONS_OPERATIONS),
    *(("Rooms", name) for name in ROOMS_OPERATIONS),
}
ROWS = {**OF_CONNECTIONS, **OF_TALK, **OF_ROOMS, **OF_FLOODS}


def documented() -> Mapping[str, str]:
    """The rows of the document, by what they are about."""
    text = (PROJECT / "docs" / "architecture" / "request-costs.md").read_text()
    table = takewhile(lambda line: line.startswith("|"), text.partition(HEAD)[2].splitlines())
    rows = [line.strip("| ").split(" | ") for line in table]
    assert len({what for what, _ in rows}) == len(rows)
    return dict(rows)


def words(price: Price) -> str:
    """A price as the document says it."""
    items = price.get(TRANSACTED)

    def part(name: str, count: int) -> str:
        of = f" ({items} item{'s' * (items > 1)})" if name == "TransactWriteItems" and items else ""
        return f"{count} {name}{of}" if count > 1 else f"{name}{of}"

    return ", ".join(part(*it) for it in price.items() if it[0] != TRANSACTED) or "none"


@pytest.fixture
def tea(moto_dynamodb: "DynamoDBClient", clock: FakeClock) -> MeasuredChat:
    """Alice is in the tea room, and Bob is connected."""
    chat = MeasuredChat(moto_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})
    return chat


@pytest.mark.parametrize("what", ROWS)
def test_the_document_says_what_it_takes(tea: MeasuredChat, what: str) -> None:
    """Each row is what is measured, request by request; the message has the row as it should be."""
    measured = words(ROWS[what](tea))

    assert documented().get(what) == measured, f"| {what} | {measured} |"
    assert tea.operations <= OPERATIONS


def test_each_declared_operation_is_called(tea: MeasuredChat) -> None:
    """The operations that the alarm StoreErrors counts are those that the functions call."""
    for what in ("`sendMessage`", "`listRooms`", "`signOut`", "`deleteRoom`"):
        ROWS[what](tea)

    assert tea.operations == OPERATIONS


def test_the_document_says_nothing_else() -> None:
    """There is no row that nobody measures."""
    assert list(documented()) == list(ROWS)


def test_every_action_has_its_price() -> None:
    """None can be added without a row; a frame of no known action takes nothing."""
    priced = {name for what in documented() for name in re.findall(r"^`(\w+)`", what)}

    assert priced == {key for key in ROUTES if not key.startswith("$")}
