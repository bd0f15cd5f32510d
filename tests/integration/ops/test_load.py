"""`make load`: its figures add up, and it says so when a chat loses something."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator_process import free_port
from ops.load.message_ledger import Ledger
from tests.integration.ops.altering_relay import Frame, relaying
from tests.support.clients.websocket import WebSocketClient, connected
from tests.support.commands import Ended, run_command
from tests.support.emulator import Stack

SMALL = {"CLIENTS": "6", "ROOMS": "2", "RATE": "10", "SECONDS": "2", "ARRIVALS": "50"}
"""Twenty messages, each for two others."""


def load(folder: Path, **variables: str) -> Ended:
    """Run `make load` with its report in *folder*; return how it ended."""
    return run_command("ops.load", LOAD_FOLDER=str(folder), **variables)


def figures(folder: Path) -> dict[str, Any]:
    """What the command has counted."""
    found: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return found


def test_everything_arrives(stack: Stack, tmp_path: Path) -> None:
    """Each message is acknowledged, heard by all others and in the log; a picture shows when."""
    status, printed, complaints = load(tmp_path, URL=stack.web_socket_url, **SMALL)

    assert (status, complaints) == (0, "")
    assert "20 messages acknowledged, 0 of them lost; 40 of 40 receipts" in printed
    assert printed.endswith("All went well.\n")
    found = figures(tmp_path)["times"]
    assert [row["count"] for row in found.values()] == [6, 6, 20, 40]
    assert all(0 < row["p50"] <= row["p99"] <= row["max"] for row in found.values())
    assert figures(tmp_path)["by second"]["send to receipt"][0]["second"] == 0
    assert (tmp_path / "load.svg").read_text().count("<polyline") == 2 * 3


def test_leaves_nothing_behind(stack: Stack, tmp_path: Path) -> None:
    """The rooms are deleted."""
    load(tmp_path, URL=stack.web_socket_url, **SMALL)

    with connected(stack.web_socket_url, name="alice") as alice:
        hers = alice.ask("createRoom", roomId=f"load-of-{uuid.uuid4().hex}")["room"]["roomId"]
        public = list(public_rooms(alice))
    assert [room_id for room_id in public if room_id.startswith("load-")] == [hers]


def public_rooms(who: WebSocketClient) -> Iterator[str]:
    """The ids of all that are listed."""
    page = who.ask("listRooms", which="public", limit=100)
    while True:
        yield from (it["room"]["roomId"] for it in page["rooms"])
        if "cursor" not in page:
            return
        page = who.ask("listRooms", which="public", limit=100, cursor=page["cursor"])


def forgets_one(frame: Frame) -> Frame:
    """A history without its first message."""
    return {**frame, "messages": frame["messages"][1:]} if frame["type"] == "history" else frame


def says_it_twice(frame: Frame) -> Frame:
    """A history with a message twice."""
    messages = frame["messages"] + frame["messages"] if frame["type"] == "history" else []
    return {**frame, "messages": messages, "hasMore": False} if messages else frame


def takes_none(frame: Frame) -> Frame:
    """All that is said is too much."""
    late = {"type": "error", "code": "rate_limited", "requestId": frame.get("requestId")}
    return late if frame["type"] == "messageSent" else frame


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (forgets_one, r"^2 messages were acknowledged, and are not in the log$"),
        (says_it_twice, r"^2 rooms have a log out of order, or a message twice$"),
        (takes_none, r"^20 messages were refused: rate_limited$"),
    ],
)
def test_says_what_is_wrong(
    stack: Stack, tmp_path: Path, change: Callable[[Frame], Frame], complaint: str
) -> None:
    """A chat that is not as good as its word is found out."""
    with relaying(stack.web_socket_url, down=change) as url:
        status, _, complaints = load(tmp_path, URL=url, **SMALL)

    assert status == 1
    assert re.search(complaint, complaints, re.MULTILINE), complaints


def test_nobody_there(tmp_path: Path) -> None:
    """It says why clients did not get in."""
    status, _, complaints = load(tmp_path, URL=f"ws://127.0.0.1:{free_port()}", **SMALL)

    assert status == 1
    assert complaints.startswith("6 clients did not get in, the first: ")


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"CLIENTS": "many"}, "CLIENTS=many: expected a number"),
        ({"CLIENTS": "1"}, "CLIENTS=1: expected int >= 2"),
        ({"CLIENTS": "20000"}, "CLIENTS=20000: expected int <= 10000"),
        ({"SECONDS": "86400"}, "SECONDS=86400: expected int <= 3600"),
        ({"ROOMS": "11"}, "ROOMS=11: expected at least two of 20 clients a room"),
        ({"TOKENS": "/dev/null"}, "TOKENS=/dev/null: expected a file with a token a line, got an"),
        ({"URL": "http://there"}, "URL=http://there: expected one that begins with ws:// or"),
    ],
)
def test_names_what_was_asked_wrongly(
    tmp_path: Path, variables: dict[str, str], complaint: str
) -> None:
    """One line, and nothing is sent."""
    status, printed, complaints = load(tmp_path, **{"URL": "ws://127.0.0.1:1", **variables})

    assert (status, printed) == (2, "")
    assert complaints.startswith(complaint)


def test_the_ledger_counts_what_is_acknowledged() -> None:
    """Receipts are due for what was acknowledged, once for each of the others."""
    ledger = Ledger({0: 3})
    for id_ in ("a", "b", "c"):
        ledger.send(id_, room=0, due=1.0)
    ledger.acknowledge("a")
    ledger.refuse("b", "rate_limited")

    assert [ledger.hear("a", client) for client in (1, 2, 2)] == [1.0, 1.0, None]
    assert (ledger.expected, ledger.heard, ledger.doubled) == (2, 2, 1)
    assert not ledger.settled, "c is still on its way"
    assert ledger.refused == {"rate_limited": 1}
