"""What one client did and saw, kept for the checker."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]


@dataclass
class Sent:
    """One message that a client wants in the log, and what became of it."""

    room_id: str
    client_message_id: str
    text: str
    said_at: float
    """Seconds, by the client's clock."""
    sent: int | None = None
    """When it first went out: a tick of the record."""
    acknowledged: int | None = None
    message: Frame | None = None
    """As its reply had it."""
    refused: str | None = None


@dataclass
class View:
    """What a client shows of a room, from *start* on, in the order it is shown."""

    room_id: str
    epoch: str
    start: int
    opened_at: float
    messages: list[Frame] = field(default_factory=list)
    synced: bool = False
    """Whether it was brought up to date when the room was quiet: it must then hold all."""


@dataclass
class Record:
    """The history of one client."""

    user_id: str = ""
    sends: list[Sent] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    """Rooms whose view began anew with "messages may be missing", in order."""
    counts: Counter[str] = field(default_factory=Counter)
    _ticks: int = 0

    def tick(self) -> int:
        """The next moment: orders what this client did."""
        self._ticks += 1
        return self._ticks
