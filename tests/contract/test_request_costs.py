"""DynamoDB requests of each action: docs/architecture/request-costs.md, measured."""

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest

from chat.routes import ROUTES
from chat_stack.storage.operations import CONNECTIONS_OPERATIONS, ROOMS_OPERATIONS
from tests.contract.measured_chat import TRANSACTED, MeasuredChat, Price
from tests.contract.request_costs import CONNECTION_ROWS, MESSAGE_ROWS, RATE_LIMIT_ROWS
from tests.contract.request_costs_rooms import ROOM_ROWS
from tests.infrastructure.synthesis import PROJECT
from tests.support.fakes.clock_and_push import FakeClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

HEAD = "| what | requests |\n| --- | --- |\n"
OPERATIONS = {
    *(("Connections", name) for name in CONNECTIONS_OPERATIONS),
    *(("Rooms", name) for name in ROOMS_OPERATIONS),
}
ROWS = {**CONNECTION_ROWS, **MESSAGE_ROWS, **ROOM_ROWS, **RATE_LIMIT_ROWS}


def documented() -> Mapping[str, str]:
    """Return the rows of the document: the requests by the name of the row."""
    text = (PROJECT / "docs" / "architecture" / "request-costs.md").read_text()
    table = takewhile(lambda line: line.startswith("|"), text.partition(HEAD)[2].splitlines())
    rows = [line.strip("| ").split(" | ") for line in table]
    assert len({what for what, _ in rows}) == len(rows)
    return dict(rows)


def formatted(price: Price) -> str:
    """Return a price in the format of the document."""
    items = price.get(TRANSACTED)

    def part(name: str, count: int) -> str:
        of = f" ({items} item{'s' * (items > 1)})" if name == "TransactWriteItems" and items else ""
        return f"{count} {name}{of}" if count > 1 else f"{name}{of}"

    return ", ".join(part(*it) for it in price.items() if it[0] != TRANSACTED) or "none"


@pytest.fixture
def tea(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> MeasuredChat:
    """A chat with Alice in the tea room."""
    chat = MeasuredChat(emulator_dynamodb, clock)
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})
    return chat


@pytest.mark.parametrize("what", ROWS)
def test_each_row_matches_its_measurement(tea: MeasuredChat, what: str) -> None:
    """Each row of the document has the measured requests.

    The message of the assertion is the correct row.
    """
    measured = formatted(ROWS[what](tea))

    assert documented().get(what) == measured, f"| {what} | {measured} |"
    assert tea.operations <= OPERATIONS


def test_each_declared_operation_is_called(tea: MeasuredChat) -> None:
    """The alarm StoreErrors counts exactly the operations that the functions call."""
    for what in ("`sendMessage` in a busy room", "`listRooms`", "`signOut`", "`deleteRoom`"):
        ROWS[what](tea)

    assert tea.operations == OPERATIONS


def test_the_document_has_no_other_rows() -> None:
    """Every row of the document is measured, in the same order."""
    assert list(documented()) == list(ROWS)


def test_every_action_has_a_row() -> None:
    """Each action of the routes has a row. A frame with an unknown action makes no request."""
    priced = {name for what in documented() for name in re.findall(r"^`(\w+)`", what)}

    assert priced == {key for key in ROUTES if not key.startswith("$")}
