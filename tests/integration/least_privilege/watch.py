"""Waiting that ends early once the right in question has been refused."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds until what does not come is taken for lost."""

GRACE = 2.0
"""The same, when a right that the scenario is without has been asked for meanwhile."""


class Broken(Exception):
    """Something that the scenario needs did not happen."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The emulator's log from *since* on, and what it says when the right is refused."""

    log: Path
    since: int
    refusal: str | None = None

    def until(self, attempt: Callable[[], T | None], what: str) -> T:
        """Repeat *attempt*, which blocks for a moment, until it is something; raises `Broken`."""
        began = time.monotonic()
        while not (found := attempt()):
            waited = time.monotonic() - began
            if waited > PATIENCE or (waited > GRACE and self.refused()):
                raise Broken(f"{what} did not come")
        return found

    def refused(self) -> bool:
        """Whether the right that is missing has been missed."""
        return self.refusal is not None and self.refusal in self.written()

    def written(self) -> str:
        """What the log says since."""
        with self.log.open("rb") as lines:
            lines.seek(self.since)
            return lines.read().decode(errors="replace")
