"""A user of the SDK, which runs in node."""

import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from local.deploy import NODE

SCRIPT = Path(__file__).with_suffix(".mjs")
LOST_AFTER_SECONDS = 60.0
"""Longest wait for something to be shown."""


class Shown(msgspec.Struct, frozen=True, rename="camel"):
    """The state that a page would show."""

    state: str
    reason: str | None
    """The reason of the state, if there is one."""
    status: str | None
    texts: list[str]
    outgoing: int
    has_discontinuity: bool
    members: list[str]
    asked: int
    """Number of tokens that the SDK asked for."""
    sockets: int
    """Number of connections that the SDK opened."""


@dataclass
class SdkClient:
    """A running chat of one user in one room."""

    _process: subprocess.Popen[str]
    _lines: "queue.Queue[str]"
    shown: Shown | None = None

    def say(self, text: str) -> None:
        """Send a message, now or once there is a connection."""
        assert self._process.stdin
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()

    def later(self, milliseconds: int) -> None:
        """Advance its clock until it asks for a token."""
        self.say(f"/later {milliseconds}")

    def passes(self, milliseconds: int) -> None:
        """Advance its clock."""
        self.say(f"/pass {milliseconds}")

    def until(
        self, holds: Callable[[Shown], bool], *, seconds: float = LOST_AFTER_SECONDS
    ) -> Shown:
        """Wait until something is shown."""
        deadline = time.monotonic() + seconds
        while self.shown is None or not holds(self.shown):
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"shown to the end: {self.shown}") from None
            self.shown = msgspec.json.decode(line, type=Shown)
        return self.shown


@contextmanager
def sdk_client(
    url: str, name: str, room_id: str, *, tokens: Sequence[str | None] = ()
) -> Iterator[SdkClient]:
    """Start a user's chat, and end it. *tokens* are used in turn, instead of *name*."""
    process = subprocess.Popen(
        [NODE / "node", SCRIPT, url, name, room_id],
        env=os.environ | {"CHAT_TOKENS": json.dumps(tokens)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout
    reader = threading.Thread(target=_read, args=(process.stdout, lines))
    reader.start()
    try:
        yield SdkClient(process, lines)
    finally:
        process.kill()
        reader.join()
        with process:
            pass


def _read(output: IO[str], lines: "queue.Queue[str]") -> None:
    for line in output:
        lines.put(line)
