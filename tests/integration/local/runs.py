"""`python -m local run` as a program, from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.sync.client import ClientConnection, connect

from local.emulator_process import free_port
from tools.common import ROOT

READY_WITHIN = 120.0  # seconds; a first run on a slow machine
READY_AGAIN_WITHIN = 60.0  # it may deploy again
STOPPED_WITHIN = 5.0


class Run:
    """A `python -m local run` in a folder of its own."""

    def __init__(self, folder: Path, port: int, page_port: int, **variables: str) -> None:
        self._announcement = folder / "endpoints.json"
        self.port = port
        self.page_port = page_port
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local", "run"],
            cwd=ROOT,
            env=os.environ
            | {"LOCAL_FOLDER": str(folder), "EMULATOR_PORT": str(port), "PORT": str(page_port)}
            | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def is_over(self) -> bool:
        """Return whether it has ended by itself."""
        return self._process.poll() is not None

    def is_ready(self) -> bool:
        """Return whether it has announced its address."""
        return self.url() is not None

    def url(self, name: str = "webSocketUrl") -> str | None:
        """Return the announced address of the chat, or of its page."""
        try:
            return str(json.loads(self._announcement.read_text())[name])
        except FileNotFoundError:
            return None

    def until(self, holds: Callable[[], bool], seconds: float = READY_WITHIN) -> None:
        """Wait until *holds*, while this runs."""
        eventually(lambda: holds() or self.is_over(), seconds)
        assert not self.is_over(), self.ends()

    def connect(self) -> ClientConnection:
        """Open a connection to the chat."""
        return connect(f"{self.url()}?name=alice")

    def ends(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Send signal *number*, if any; return the exit status and all that it printed."""
        if number:
            self._process.send_signal(number)
        output, _ = self._process.communicate(timeout=STOPPED_WITHIN)
        return self._process.returncode, output


@contextmanager
def running(
    folder: Path, port: int | None = None, page_port: int | None = None, **variables: str
) -> Iterator[Run]:
    """Start a run; end it at the latest with the context."""
    run = Run(folder, port or free_port(), page_port or free_port(), **variables)
    try:
        yield run
    finally:
        if not run.is_over():
            run.ends(signal.SIGTERM)


def open_to_others(folder: Path) -> list[Path]:
    """Return the files and folders in *folder* for which other accounts have a permission.

    A temporary file of the emulator may be gone before its mode is read.
    """
    paths = [it for it in (folder, *folder.rglob("*")) if not it.is_symlink()]
    return [path for path in paths if _mode(path) & 0o077]


def _mode(path: Path) -> int:
    """Return the mode of a file, or 0 if it is gone."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return 0


def eventually(holds: Callable[[], bool], seconds: float) -> None:
    """Poll until *holds* returns true; fail after so many *seconds*."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not true after {seconds} s"
        time.sleep(0.05)
