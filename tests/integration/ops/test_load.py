"""`make load`: its figures are right, and it reports what a chat loses."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator_process import free_port
from ops.load.message_ledger import MessageLedger
from tests.integration.ops.altering_proxy import Frame, altering
from tests.support.clients.websocket import WebSocketClient, connected
from tests.support.commands import Ended, run_command
from tests.support.emulator import Stack

SMALL = {"CLIENTS": "6", "ROOMS": "2", "RATE": "10", "SECONDS": "2", "ARRIVALS": "50"}
"""Twenty messages, each for two others."""


def load(folder: Path, **variables: str) -> Ended:
    """Run `make load` with its report in *folder*; return how it ended."""
    return run_command("ops.load", LOAD_FOLDER=str(folder), **variables)


def figures(folder: Path) -> dict[str, Any]:
    """Return the figures of the command."""
    found: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return found


def test_everything_arrives(stack: Stack, tmp_path: Path) -> None:
    """Each message is acknowledged, received by all others and in the log; a chart shows when."""
    status, printed, complaints = load(tmp_path, URL=stack.web_socket_url, **SMALL)

    assert (status, complaints) == (0, "")
    assert "20 messages were acknowledged, and 0 were lost.\n" in printed
    assert "40 of 40 receipts arrived, and 0 arrived twice.\n" in printed
    assert printed.endswith("No failures.\n")
    found = figures(tmp_path)["times"]
    assert [row["count"] for row in found.values()] == [6, 6, 20, 40]
    assert all(0 < row["p50"] <= row["p99"] <= row["max"] for row in found.values())
    assert figures(tmp_path)["by_second"]["send to receipt"][0]["second"] == 0
    assert (tmp_path / "load.svg").read_text().count("<polyline") == 2 * 3


def test_deletes_its_rooms(stack: Stack, tmp_path: Path) -> None:
    """After the run no room of it is listed."""
    load(tmp_path, URL=stack.web_socket_url, **SMALL)

    with connected(stack.web_socket_url, name="alice") as alice:
        hers = alice.ask("createRoom", roomId=f"load-of-{uuid.uuid4().hex}")["room"]["roomId"]
        public = list(public_rooms(alice))
    assert [room_id for room_id in public if room_id.startswith("load-")] == [hers]


def public_rooms(who: WebSocketClient) -> Iterator[str]:
    """Return the ids of all public rooms."""
    page = who.ask("listRooms", which="public", limit=100)
    while True:
        yield from (it["room"]["roomId"] for it in page["rooms"])
        if "cursor" not in page:
            return
        page = who.ask("listRooms", which="public", limit=100, cursor=page["cursor"])


def forgets_one(frame: Frame) -> Frame:
    """Drop the first message of a history."""
    return {**frame, "messages": frame["messages"][1:]} if frame["type"] == "history" else frame


def says_it_twice(frame: Frame) -> Frame:
    """Repeat a message of a history."""
    messages = frame["messages"] + frame["messages"] if frame["type"] == "history" else []
    return {**frame, "messages": messages, "hasMore": False} if messages else frame


def takes_none(frame: Frame) -> Frame:
    """Reject every message as too fast."""
    late = {"type": "error", "code": "rate_limited", "requestId": frame.get("requestId")}
    return late if frame["type"] == "messageSent" else frame


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (forgets_one, r"^2 messages were acknowledged and are not in the log$"),
        (says_it_twice, r"^2 rooms have a log out of order or a message twice$"),
        (takes_none, r"^20 messages were rejected: rate_limited$"),
    ],
)
def test_reports_a_fault_of_the_chat(
    stack: Stack, tmp_path: Path, change: Callable[[Frame], Frame], complaint: str
) -> None:
    """The command reports a chat that breaks a guarantee."""
    with altering(stack.web_socket_url, down=change) as url:
        status, _, complaints = load(tmp_path, URL=url, **SMALL)

    assert status == 1
    assert re.search(complaint, complaints, re.MULTILINE), complaints


def test_a_chat_that_does_not_answer(tmp_path: Path) -> None:
    """The line says why clients could not connect."""
    status, _, complaints = load(tmp_path, URL=f"ws://127.0.0.1:{free_port()}", **SMALL)

    assert status == 1
    assert complaints.startswith("6 clients could not join; the first reason: ")


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"CLIENTS": "many"}, "CLIENTS=many: expected a number"),
        ({"CLIENTS": "1"}, "CLIENTS=1: expected int >= 2"),
        ({"CLIENTS": "20000"}, "CLIENTS=20000: expected int <= 10000"),
        ({"SECONDS": "86400"}, "SECONDS=86400: expected int <= 3600"),
        ({"ROOMS": "11"}, "ROOMS=11: expected at most half of CLIENTS, which is 20"),
        ({"TOKENS": "/dev/null"}, "TOKENS=/dev/null: expected a file with a token a line, got an"),
        ({"URL": "http://there"}, "URL=http://there: expected one that begins with ws:// or"),
    ],
)
def test_names_a_wrong_variable(tmp_path: Path, variables: dict[str, str], complaint: str) -> None:
    """The command prints one line and sends nothing."""
    status, printed, complaints = load(tmp_path, **{"URL": "ws://127.0.0.1:1", **variables})

    assert (status, printed) == (2, "")
    assert complaints.startswith(complaint)


def test_the_ledger_counts_what_is_acknowledged() -> None:
    """The ledger expects a receipt of each acknowledged message from each other client."""
    ledger = MessageLedger({0: 3})
    for id_ in ("a", "b", "c"):
        ledger.record_sent(id_, room=0, due=1.0)
    ledger.record_acknowledgement("a")
    ledger.record_rejection("b", "rate_limited")

    assert [ledger.record_receipt("a", client) for client in (1, 2, 2)] == [1.0, 1.0, None]
    assert (ledger.expected_receipts, ledger.receipts, ledger.duplicate_receipts) == (2, 2, 1)
    assert not ledger.is_complete, "c has no reply yet"
    assert ledger.rejected == {"rate_limited": 1}
