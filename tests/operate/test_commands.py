"""The operator's commands, on the deployed stack."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from local.announcement import alone, announced
from local.children import ROOT
from tests.e2e.client import person
from tests.emulator_fixtures import Stack


def operate(command: str, folder: Path, **variables: str) -> tuple[int, str, str]:
    """A command's exit status, what it printed, and its complaints."""
    done = subprocess.run(
        [sys.executable, "-m", "operate", command],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "USER"}
        | {"LOCAL_FOLDER": str(folder), "PYTHONPATH": f"{ROOT}:{ROOT / 'lambda'}", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_exports_and_erases(stack: Stack, tmp_path: Path) -> None:
    """What somebody said comes out as JSON; after erasing it is gone, also for those who listen."""
    room, text = uuid.uuid4().hex, f"from {uuid.uuid4()}"
    with person(stack.web_socket_url, name="alice") as alice:
        user_id = alice.ask("hello")["userId"]
        alice.ask("createRoom", roomId=room)
        alice.say(room, text)
    running = {"webSocketUrl": stack.web_socket_url}

    with alone(tmp_path), announced(tmp_path, running):
        exported = operate("export-user", tmp_path, USER=user_id)
        unconfirmed = operate("erase-user", tmp_path, USER=user_id)
        erased = operate("erase-user", tmp_path, USER=user_id, CONFIRM=user_id)
        after = operate("export-user", tmp_path, USER=user_id)

    assert exported[0] == 0, exported
    assert text in exported[1]
    assert (unconfirmed[0], unconfirmed[2].count("\n")) == (1, 1)
    assert erased[0] == 0, erased
    assert json.loads(after[1])["rooms"] == []
    with person(stack.web_socket_url, name="bob") as bob:
        (message,) = bob.ask("joinRoom", roomId=room)["messages"]
    assert (message["text"], message["sender"]["userId"]) == ("", "erased")


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({}, "USER is missing: make export-user USER=...\n"),
        ({"USER": "u"}, "The chat is not running here. Start it: make run\n"),
        (
            {"USER": "u", "ENV": "mars"},
            "ENV=mars: cdk.json has no such environment; it has local, dev, staging, prod\n",
        ),
    ],
)
def test_complains_in_a_line(tmp_path: Path, variables: dict[str, str], complaint: str) -> None:
    """What is missing or wrong is named."""
    assert operate("export-user", tmp_path, **variables) == (1, "", complaint)
