"""What a load is to be, read from the command's variables."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from ops.cli_args import described, numbers
from tools.common import UserError

HANDSHAKE, JOIN, ACK, RECEIPT = "connect", "join", "send to ack", "send to receipt"
"""What is timed."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NUMBERS = ("CLIENTS", "RATE", "ROOMS", "SECONDS", "TEXT", "ARRIVALS")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A load. Its bounds are there so that a slip of the finger is not a month's bill."""

    url: str
    clients: Annotated[int, Meta(ge=2, le=10_000)] = 20
    rate: Annotated[float, Meta(gt=0, le=2_000)] = 10
    """Messages a second, of all clients together."""
    rooms: Annotated[int, Meta(ge=1, le=5_000)] = 2
    seconds: Annotated[int, Meta(ge=1, le=3_600)] = 30
    """For which messages are sent, once everybody is there."""
    text: Annotated[int, Meta(ge=40, le=4_000)] = 100
    """Characters of a message."""
    arrivals: Annotated[float, Meta(gt=0, le=500)] = 20
    """Clients that connect a second."""
    tokens: tuple[str, ...] = ()
    """Of those who sign in, in turns; with none, everybody is a guest."""

    @property
    def messages(self) -> int:
        """How many are sent."""
        return max(1, math.ceil(self.rate * self.seconds))

    @property
    def posts(self) -> float:
        """Frames that the chat has to post for them, replies aside."""
        return self.messages * (self.clients / self.rooms - 1)


def read_plan(url: str, given: Mapping[str, str]) -> Plan:
    """The plan that CLIENTS, RATE and the others describe; raises UserError, which names one."""
    found = numbers(given, NUMBERS)
    found.setdefault("ROOMS", max(1, int(found.get("CLIENTS", 20) // 10)))
    fields = {name.lower(): value for name, value in found.items()}
    plan = described({"url": url, **fields, "tokens": _tokens(given)}, Plan, given)
    if plan.rooms * 2 > plan.clients:
        raise UserError(
            f"ROOMS={plan.rooms}: expected at least two of {plan.clients} clients a room"
        )
    return plan


def _tokens(given: Mapping[str, str]) -> list[str]:
    """TOKEN, or the lines of the file TOKENS."""
    if token := given.get("TOKEN"):
        return [token]
    if not (name := given.get("TOKENS")):
        return []
    try:
        tokens = Path(name).read_text().split()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"TOKENS={name}: {error}") from None
    if not tokens:
        raise UserError(f"TOKENS={name}: expected a file with a token a line, got an empty one")
    return tokens
