"""The record of what a client did and showed, for the checker."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]


@dataclass
class Sent:
    """A message that a client wants in the log, and its result."""

    room_id: str
    client_message_id: str
    text: str
    said_at: float
    """Seconds, by the client's clock."""
    sent: int | None = None
    """The tick of the record at which the message was first sent."""
    acknowledged: int | None = None
    message: Frame | None = None
    """The message as its reply contained it."""
    refused: str | None = None


@dataclass
class View:
    """The messages that a client shows of a room, from *start* on, in the order shown."""

    room_id: str
    epoch: str
    start: int
    opened_at: float
    messages: list[Frame] = field(default_factory=list)
    synced: bool = False
    """Whether the view was updated while the room was quiet. Then it must be complete."""


@dataclass
class Record:
    """The history of a client."""

    user_id: str = ""
    sends: list[Sent] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    """Rooms whose view began anew with "messages may be missing", in order."""
    counts: Counter[str] = field(default_factory=Counter)
    _ticks: int = 0

    def tick(self) -> int:
        """Return the next moment, which orders what this client did."""
        self._ticks += 1
        return self._ticks
