"""Use of a chat: the given load, and what follows from it for a day and its busy hours."""

import math
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from chat_stack.settings.settings import Settings
from tools.common import UserError

DAY_SECONDS = 86_400
PING_SECONDS = 240
"""Silence after which the SDK sends a ping (web/sdk/core/connection.ts)."""
ENVELOPE_BYTES = 300
"""Bytes of a frame around its text. The benchmarks' frames have 270."""
MEMBER_BYTES = 70
"""Bytes of a member in a reply."""
SHARD_RECIPIENTS = 500
"""Most recipients of a shard."""

Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Use of a chat in a day. The defaults are a guess, to be replaced by better figures."""

    users: Count
    rooms: Count
    rate: Annotated[float, Meta(ge=0, le=3_600)] = 20.0
    """Messages that a user sends in an hour of being connected."""
    hours: Annotated[float, Meta(gt=0, le=24)] = 1.0
    """Hours a day that a user is connected."""
    joined: Annotated[int, Meta(ge=1, le=500)] = 3
    """Rooms that a user is in at the same time."""
    sessions: Annotated[int, Meta(ge=1, le=1_000)] = 3
    """Times a day that a user connects."""
    text: Annotated[int, Meta(ge=1, le=120_000)] = 100
    """Bytes of a message's text."""
    peak: Annotated[float, Meta(ge=1, le=24)] = 3.0
    """Busy hours as a multiple of the day's mean. With 3, all use is within 24 / 3 = 8 hours."""

    def __post_init__(self) -> None:
        if self.joined > self.rooms:
            raise UserError(f"JOINED={self.joined}: expected at most ROOMS, which is {self.rooms}")
        if self.hours * self.peak > 24:
            raise UserError(
                f"HOURS={self.hours:g} PEAK={self.peak:g}: expected a product of at most 24, "
                "because all use is within 24 / PEAK hours"
            )


@dataclass(frozen=True, slots=True)
class Day:
    """A day with a load under some settings. All use is spread evenly over the busy hours."""

    load: Load
    settings: Settings

    @property
    def busy_seconds(self) -> float:
        """Seconds of the busy hours."""
        return DAY_SECONDS / self.load.peak

    @property
    def online(self) -> float:
        """Users who are connected at the same time."""
        return self.load.users * self.load.hours * self.load.peak / 24

    @property
    def others(self) -> float:
        """Recipients of a message: the other users in its room."""
        return max(0.0, self.online * self.load.joined / self.load.rooms - 1)

    @property
    def actions(self) -> dict[str, float]:
        """Number of each action of `ops/cost/requests.py` in a day."""
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
        """Requests that API Gateway receives in a day, with connects and disconnects."""
        return sum(n for action, n in self.actions.items() if action != "disconnect: each room")

    @property
    def message_posts(self) -> float:
        """Posts of messages in a day."""
        return self.actions["sendMessage"] * self.others

    @property
    def presence_posts(self) -> float:
        """Posts of joins and leaves in a day. Rooms above `presence` have none."""
        present = self.others + 1 <= self.settings.presence
        return 2 * self.actions["joinRoom"] * self.others if present else 0.0

    @property
    def posts(self) -> float:
        """All posts in a day."""
        return self.message_posts + self.presence_posts

    @property
    def frame_bytes(self) -> int:
        """Bytes of an event with a message."""
        return self.load.text + ENVELOPE_BYTES

    @property
    def join_bytes(self) -> float:
        """Bytes of the reply to a join: a page of history and the members."""
        history = min(self.settings.history_bytes, self.settings.history_page * self.frame_bytes)
        return history + self.members * MEMBER_BYTES

    @property
    def members(self) -> float:
        """Members that a join reads and returns."""
        return min(self.others + 1, self.settings.presence + 1)

    @property
    def shards(self) -> float:
        """Shards of a message's recipients, or 0 if the sender's request posts itself."""
        if self.others <= self.settings.inline_limit:
            return 0
        return math.ceil(self.others / SHARD_RECIPIENTS)
