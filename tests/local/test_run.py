"""`make run` from outside: what it says, what it announces, how it stops, what it keeps."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from local.aws import free_port, is_taken
from local.children import ROOT

READY_WITHIN = 120.0  # seconds; a first run on a slow machine
STOPPED_WITHIN = 5.0


class Run:
    """A `python -m local run` in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.announcement = folder / "endpoints.json"
        self.port = port
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local", "run"],
            cwd=ROOT,
            env=os.environ | {"LOCAL_FOLDER": str(folder), "EMULATOR_PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def is_over(self) -> bool:
        """Whether it has ended by itself."""
        return self._process.poll() is not None

    def is_ready(self) -> bool:
        """Whether it has announced where the chat is."""
        return self.announcement.exists()

    def until(self, path: Path) -> None:
        """Wait for *path* to appear."""
        eventually(lambda: path.exists() or self.is_over(), READY_WITHIN)
        assert not self.is_over(), self.ends()

    def says(self, frame: dict[str, Any]) -> Any:
        """Connect, send *frame*, return the reply."""
        url = json.loads(self.announcement.read_text())["webSocketUrl"]
        with connect(f"{url}?name=alice") as socket_:
            socket_.send(json.dumps(frame))
            return json.loads(socket_.recv(timeout=10))

    def ends(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Its exit status and all it printed, after signal *number*."""
        if number:
            self._process.send_signal(number)
        output, _ = self._process.communicate(timeout=STOPPED_WITHIN)
        return self._process.returncode, output


@contextmanager
def running(folder: Path, port: int | None = None) -> Iterator[Run]:
    """A run that is ended at the latest when the test is."""
    run = Run(folder, port or free_port())
    try:
        yield run
    finally:
        if not run.is_over():
            run.ends(signal.SIGTERM)


def eventually(holds: Any, seconds: float) -> None:
    """Poll until *holds*."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(0.05)


def test_rooms_and_messages_outlive_a_stop_and_a_crash(tmp_path: Path) -> None:
    """A run announces itself while it is there; the next one has the rooms of the last."""
    with running(tmp_path) as first:
        first.until(first.announcement)
        assert json.loads(first.announcement.read_text())["stack"] == "Chat-local"
        assert first.says({"action": "createRoom", "roomId": "tea"})["type"] == "roomCreated"

        with running(tmp_path) as second:
            eventually(second.is_over, STOPPED_WITHIN)
            assert second.ends() == (1, "The chat is running here already. Stop it first: Ctrl-C\n")

        status, output = first.ends(signal.SIGTERM)
        assert (status, first.is_ready(), is_taken(first.port)) == (0, False, False)
        assert str(first.port) in output

    with running(tmp_path) as crashing:
        crashing.until(crashing.announcement)
        assert crashing.says({"action": "joinRoom", "roomId": "tea"})["type"] == "roomJoined"
        assert crashing.says({"action": "createRoom", "roomId": "milk"})["type"] == "roomCreated"
        crashing.ends(signal.SIGKILL)
        eventually(lambda: not is_taken(crashing.port), STOPPED_WITHIN)
        crashing.announcement.write_text("stale")

    with running(tmp_path) as last:
        eventually(lambda: "ws://" in last.announcement.read_text(), 20)
        reply = last.says({"action": "joinRoom", "roomId": "milk"})
        assert [reply["type"], [member["name"] for member in reply["members"]]] == [
            "roomJoined",
            ["alice"],
        ]
        assert last.ends(signal.SIGINT)[0] == 0


@pytest.mark.parametrize("phase", ["emulator.log", "cdk.out", "cdk.out/manifest.json"])
def test_stops_at_any_time(tmp_path: Path, phase: str) -> None:
    """Whatever it is doing, SIGTERM ends it and all it started within 5 seconds."""
    with running(tmp_path) as run:
        run.until(tmp_path / phase)

        status, output = run.ends(signal.SIGTERM)

        assert (status, output.splitlines()[-1]) == (0, "Stopped.")
        assert not is_taken(run.port)
        assert not run.is_ready()


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    """The line names the port, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(tmp_path, port) as run:
            status, output = run.ends()

    assert status == 1
    assert output == f"Port {port} is taken. Choose another: make run EMULATOR_PORT=4577\n"


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1"])
def test_a_wrong_port_is_one_line(tmp_path: Path, text: str) -> None:
    """What is no port number is said to be none."""
    done = subprocess.run(
        [sys.executable, "-m", "local", "run"],
        cwd=ROOT,
        env=os.environ | {"LOCAL_FOLDER": str(tmp_path), "EMULATOR_PORT": text},
        capture_output=True,
        text=True,
        check=False,
    )

    expected = f"EMULATOR_PORT={text} is no port; take one from 1024 to 65535\n"
    assert (done.returncode, done.stderr) == (1, expected)
