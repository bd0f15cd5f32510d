"""The plan of a load test, read from the command's variables."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from ops.cli_args import numbers, parse_struct
from tools.common import UserError

HANDSHAKE, JOIN, ACK, RECEIPT = "connect", "join", "send to ack", "send to receipt"
"""Operations whose times are measured."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NUMBERS = ("CLIENTS", "RATE", "ROOMS", "SECONDS", "TEXT", "ARRIVALS")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A load test. Its bounds prevent that a typing error costs a month's bill."""

    url: str
    clients: Annotated[int, Meta(ge=2, le=10_000)] = 20
    rate: Annotated[float, Meta(gt=0, le=2_000)] = 10
    """Messages per second, of all clients together."""
    rooms: Annotated[int, Meta(ge=1, le=5_000)] = 2
    seconds: Annotated[int, Meta(ge=1, le=3_600)] = 30
    """Seconds for which messages are sent, after all clients have joined."""
    text: Annotated[int, Meta(ge=40, le=4_000)] = 100
    """Characters of a message's text."""
    arrivals: Annotated[float, Meta(gt=0, le=500)] = 20
    """Clients that connect per second."""
    tokens: tuple[str, ...] = ()
    """Tokens that the clients use in turns. Without tokens, all clients are guests."""

    @property
    def messages(self) -> int:
        """Number of messages to send."""
        return max(1, math.ceil(self.rate * self.seconds))

    @property
    def posts(self) -> float:
        """Number of events that the chat posts for these messages, without replies."""
        return self.messages * (self.clients / self.rooms - 1)


def read_plan(url: str, variables: Mapping[str, str]) -> Plan:
    """Return the plan that CLIENTS, RATE and the others describe. Raises UserError."""
    found = numbers(variables, NUMBERS)
    found.setdefault("ROOMS", max(1, int(found.get("CLIENTS", 20) // 10)))
    fields = {name.lower(): value for name, value in found.items()}
    plan = parse_struct({"url": url, **fields, "tokens": _tokens(variables)}, Plan, variables)
    if plan.rooms * 2 > plan.clients:
        raise UserError(
            f"ROOMS={plan.rooms}: expected at most half of CLIENTS, which is {plan.clients}"
        )
    return plan


def _tokens(variables: Mapping[str, str]) -> list[str]:
    """Return TOKEN, or the lines of the file TOKENS. Raises UserError."""
    if token := variables.get("TOKEN"):
        return [token]
    if not (name := variables.get("TOKENS")):
        return []
    try:
        tokens = Path(name).read_text().split()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"TOKENS={name}: {error}") from None
    if not tokens:
        raise UserError(f"TOKENS={name}: expected a file with a token a line, got an empty one")
    return tokens
