"""A person with the SDK: node runs it on its own WebSocket."""

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
PATIENCE = 60.0
"""Seconds until something that should be shown is not."""


class Shown(msgspec.Struct, frozen=True, rename="camel"):
    """What a page would show."""

    state: str
    reason: str | None
    """Why it is in that state, where there are reasons."""
    status: str | None
    texts: list[str]
    outgoing: int
    has_discontinuity: bool
    members: list[str]
    asked: int
    """Tokens that its source was asked for."""
    sockets: int
    """Connections that it has opened."""


@dataclass
class SdkPerson:
    """A running chat of one person in one room."""

    _process: subprocess.Popen[str]
    _lines: "queue.Queue[str]"
    shown: Shown | None = None

    def say(self, text: str) -> None:
        """Send a message, now or when there is a connection."""
        assert self._process.stdin
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()

    def later(self, milliseconds: int) -> None:
        """Let its clock run ahead, until it asks for a token."""
        self.say(f"/later {milliseconds}")

    def passes(self, milliseconds: int) -> None:
        """Let so much time be over for it."""
        self.say(f"/pass {milliseconds}")

    def until(self, holds: Callable[[Shown], bool], *, seconds: float = PATIENCE) -> Shown:
        """Wait for something to be shown."""
        deadline = time.monotonic() + seconds
        while self.shown is None or not holds(self.shown):
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"shown to the end: {self.shown}") from None
            self.shown = msgspec.json.decode(line, type=Shown)
        return self.shown


@contextmanager
def sdk_person(
    url: str, name: str, room_id: str, *, tokens: Sequence[str | None] = ()
) -> Iterator[SdkPerson]:
    """Start a person's chat, and end it; with *tokens*, in turn, *name* says nothing."""
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
        yield SdkPerson(process, lines)
    finally:
        process.kill()
        reader.join()
        with process:
            pass


def _read(output: IO[str], lines: "queue.Queue[str]") -> None:
    for line in output:
        lines.put(line)
