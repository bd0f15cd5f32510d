"""Who a token says somebody is, and what verifies it; loads no cryptography until a token comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chat.auth.handshake import header
from chat.errors import Forbidden, Unauthorized


@dataclass(frozen=True, slots=True)
class Identity:
    """What a verified token says."""

    user_id: str
    name: str
    expires_at: datetime
    token_id: str
    """By what the chat knows the token again: a digest of what its issuer has signed."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What every token must say.

    *audience* is compared with `aud`; where *token_use* is `ACCESS`, as Cognito has it, with
    `client_id`. *user_claim* and *name_claim* name where user id and display name are.
    """

    issuer: str
    audience: tuple[str, ...]
    algorithms: tuple[str, ...] = ("RS256",)
    token_use: str | None = None
    user_claim: str = "sub"
    name_claim: str = "name"


def require_unexpired(end: datetime, now: datetime) -> None:
    """Raises `Unauthorized` for the end of a token that is over.

    A connection ends with its token, to the second: one that began later would be written dead.
    """
    if end <= now:
        raise Unauthorized("the token is over")


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the pages may be from that connect; none named is anywhere.

    *required* refuses clients that tell no origin, which are not browsers.
    """

    allowed: frozenset[str] = frozenset()
    required: bool = False

    def check(self, event: Mapping[str, Any]) -> None:
        """Raises `Forbidden` for a handshake from elsewhere."""
        origin = header(event, "origin")
        if origin is None and self.required:
            raise Forbidden("Origin: expected one")
        if origin is not None and self.allowed and origin not in self.allowed:
            raise Forbidden("Origin: not one of those that may connect")
