"""Waiting that ends early if the missing permission has been refused."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

LOST_AFTER_SECONDS = 20.0
"""Longest wait for something."""

GRACE = 2.0
"""Longest wait after the missing permission has been refused."""


class Broken(Exception):
    """A step of the scenario did not happen."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The emulator's log from *since* on, and its line about the missing permission."""

    log: Path
    since: int
    denial: str | None = None

    def until(self, attempt: Callable[[], T | None], what: str) -> T:
        """Repeat *attempt*, which blocks briefly, until it returns a value; raises `Broken`."""
        began = time.monotonic()
        while not (found := attempt()):
            waited = time.monotonic() - began
            if waited > LOST_AFTER_SECONDS or (waited > GRACE and self.refused()):
                raise Broken(f"{what} did not come")
        return found

    def refused(self) -> bool:
        """Return whether a call was refused because of the missing permission."""
        return self.denial is not None and self.denial in self.written()

    def written(self) -> str:
        """Return the lines of the log since."""
        with self.log.open("rb") as lines:
            lines.seek(self.since)
            return lines.read().decode(errors="replace")
