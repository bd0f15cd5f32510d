"""How much a chat is used: what is told, and what follows for a day and for its busy hours."""

import math
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from chat_stack.settings.settings import Settings
from tools.common import UserError

DAY = 86_400  # seconds
PING_SECONDS = 240  # the SDK's, of silence: web/sdk/core/connection.ts
ENVELOPE = 300  # bytes of a frame around a text: benchmarks' frames have 270
MEMBER = 70  # bytes of a member in a reply

Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """A day of people who chat. Where nothing is known, the defaults are a guess to be replaced."""

    users: Count
    rooms: Count
    rate: Annotated[float, Meta(ge=0, le=3_600)] = 20.0
    """Messages that a person sends in an hour of being connected."""
    hours: Annotated[float, Meta(gt=0, le=24)] = 1.0
    """Hours a day that a person is connected."""
    joined: Annotated[int, Meta(ge=1, le=500)] = 3
    """Rooms that a person is in, at the same time."""
    sessions: Annotated[int, Meta(ge=1, le=1_000)] = 3
    """Times a day that a person connects."""
    text: Annotated[int, Meta(ge=1, le=120_000)] = 100
    """Bytes of a message's text."""
    peak: Annotated[float, Meta(ge=1, le=24)] = 3.0
    """The busy hours, as a multiple of the day's mean: 3 is that all happens within 8 hours."""

    def __post_init__(self) -> None:
        if self.joined > self.rooms:
            raise UserError(f"JOINED={self.joined}: expected at most ROOMS, which is {self.rooms}")
        if self.hours * self.peak > 24:
            raise UserError(
                f"HOURS={self.hours:g} PEAK={self.peak:g}: expected at most 24 when multiplied, "
                f"for the day's use falls into 24 / PEAK hours"
            )


@dataclass(frozen=True, slots=True)
class Day:
    """What follows from *load* under *settings*, evenly over the busy hours of a day."""

    load: Load
    settings: Settings

    @property
    def busy_seconds(self) -> float:
        """Seconds of the day in which everything happens."""
        return DAY / self.load.peak

    @property
    def online(self) -> float:
        """People who are connected at the same time."""
        return self.load.users * self.load.hours * self.load.peak / 24

    @property
    def others(self) -> float:
        """People who hear what somebody says in a room, themselves not counted."""
        return max(0.0, self.online * self.load.joined / self.load.rooms - 1)

    @property
    def actions(self) -> dict[str, float]:
        """How often each action of `ops/cost/requests.py` happens in a day."""
        load = self.load
        sessions = float(load.users * load.sessions)
        return {
            "connect": sessions,
            "hello": sessions,
            "joinRoom": sessions * load.joined,
            "sendMessage": load.users * load.hours * load.rate,
            "ping": load.users * load.hours * 3_600 / PING_SECONDS,
            "disconnect": sessions,
            "disconnect: each room": sessions * load.joined,
        }

    @property
    def requests(self) -> float:
        """Frames that API Gateway takes from people in a day, handshakes and farewells included."""
        return sum(n for action, n in self.actions.items() if action != "disconnect: each room")

    @property
    def heard(self) -> float:
        """Messages that are posted to connections in a day."""
        return self.actions["sendMessage"] * self.others

    @property
    def noticed(self) -> float:
        """Posts of a day that say who comes and who goes: none in rooms above `presence`."""
        present = self.others + 1 <= self.settings.presence
        return 2 * self.actions["joinRoom"] * self.others if present else 0.0

    @property
    def posts(self) -> float:
        """All posts of a day."""
        return self.heard + self.noticed

    @property
    def frame(self) -> int:
        """Bytes of a message as an event."""
        return self.load.text + ENVELOPE

    @property
    def page(self) -> float:
        """Bytes of the reply to a join: a page of history, and the members."""
        history = min(self.settings.history_bytes, self.settings.history_page * self.frame)
        return history + self.members * MEMBER

    @property
    def members(self) -> float:
        """Members that a join reads and tells."""
        return min(self.others + 1, self.settings.presence + 1)

    @property
    def shards(self) -> float:
        """Pieces of 500 that an audience is cut into; 0 where the sender's request posts."""
        return math.ceil(self.others / 500) if self.others > self.settings.inline_limit else 0
