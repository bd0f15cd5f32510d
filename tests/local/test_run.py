"""`make run` from outside: what it says, what it announces, how it stops, what it keeps."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from local.aws import free_port, is_taken
from local.children import ROOT

READY_WITHIN = 120.0  # seconds; a first run on a slow machine
READY_AGAIN_WITHIN = 20.0
STOPPED_WITHIN = 5.0


class Run:
    """A `python -m local run` in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self._announcement = folder / "endpoints.json"
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
        return self.url() is not None

    def url(self) -> str | None:
        """Where the chat is, as announced."""
        try:
            return str(json.loads(self._announcement.read_text())["webSocketUrl"])
        except FileNotFoundError:
            return None

    def until(self, holds: Callable[[], bool], seconds: float = READY_WITHIN) -> None:
        """Wait until *holds*, while this runs."""
        eventually(lambda: holds() or self.is_over(), seconds)
        assert not self.is_over(), self.ends()

    def connect(self) -> ClientConnection:
        """A connection to the chat."""
        return connect(f"{self.url()}?name=alice")

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


def eventually(holds: Callable[[], bool], seconds: float) -> None:
    """Poll until *holds*."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(0.05)


def ask(connection: ClientConnection, **frame: str) -> Any:
    """Send *frame*; the reply."""
    connection.send(json.dumps(frame))
    return json.loads(connection.recv(timeout=10))


def test_rooms_and_messages_outlive_a_stop_and_a_crash(tmp_path: Path) -> None:
    """The next run has the rooms of the last, and none of its connections."""
    port = free_port()
    with running(tmp_path, port) as first:
        first.until(first.is_ready)
        with first.connect() as alice:
            assert ask(alice, action="createRoom", roomId="tea")["type"] == "roomCreated"
            assert ask(alice, action="sendMessage", roomId="tea", text="hi")["message"]["seq"] == 1

        with running(tmp_path, port) as second:
            eventually(second.is_over, STOPPED_WITHIN)
            assert second.ends() == (1, "The chat is running here already. Stop it first: Ctrl-C\n")

        assert first.ends(signal.SIGTERM)[0] == 0
        assert not first.is_ready()
        assert not is_taken(first.port)

    with running(tmp_path, port) as crashing:
        crashing.until(crashing.is_ready, READY_AGAIN_WITHIN)
        with crashing.connect() as alice:
            assert ask(alice, action="joinRoom", roomId="tea")["messages"][0]["text"] == "hi"
            assert ask(alice, action="sendMessage", roomId="tea", text="ho")["message"]["seq"] == 2
            crashing.ends(signal.SIGKILL)
        eventually(lambda: not is_taken(crashing.port), STOPPED_WITHIN)
        assert crashing.is_ready()  # there was no one left to take it back
        stale = "ws://stale"
        (tmp_path / "endpoints.json").write_text(json.dumps({"webSocketUrl": stale}))

    with running(tmp_path, port) as last:
        last.until(lambda: last.url() not in (None, stale), READY_AGAIN_WITHIN)
        with last.connect() as alice:
            joined = ask(alice, action="joinRoom", roomId="tea")
        assert [message["text"] for message in joined["messages"]] == ["hi", "ho"]
        assert len(joined["members"]) == 1
        assert last.ends(signal.SIGINT)[0] == 0


@pytest.mark.parametrize("phase", ["emulator.log", "cdk.out", "cdk.out/manifest.json"])
def test_stops_at_any_time(tmp_path: Path, phase: str) -> None:
    """Whatever it is doing, SIGTERM ends it and all it started within 5 seconds."""
    with running(tmp_path) as run:
        run.until((tmp_path / phase).exists)

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
