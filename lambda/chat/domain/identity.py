"""Identities in tokens, what a token must say, and the origins of pages."""

from dataclasses import dataclass
from datetime import datetime

from chat.errors import Forbidden, Unauthorized

GUEST_PREFIX = "guest-"
"""Beginning of the user ids that the chat gives to guests."""

ERASED = "erased"
"""Sender of the messages of an erased user."""


def is_reserved(user_id: str) -> bool:
    """Return whether the chat itself uses a user id, so that no token may name it."""
    return user_id == ERASED or user_id.startswith(GUEST_PREFIX)


@dataclass(frozen=True, slots=True)
class Identity:
    """The user that a verified token names."""

    user_id: str
    name: str
    expires_at: datetime
    token_id: str
    """A digest of what the issuer has signed, by which the token is known again."""


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """Requirements of every token.

    The *audience* is compared with the claim `aud`. If *token_use* is `access`, it is compared with
    `client_id` instead: Cognito's access tokens have no `aud`. The *user_claim* holds the user id,
    and the *name_claim* holds the name.
    """

    issuer: str
    audience: tuple[str, ...]
    algorithms: tuple[str, ...] = ("RS256",)
    token_use: str | None = None
    user_claim: str = "sub"
    name_claim: str = "name"


def require_unexpired(end: datetime, now: datetime) -> None:
    """Raise Unauthorized for a token whose end is over.

    A connection ends with its token, so it would already have ended.
    """
    if end <= now:
        raise Unauthorized("the token has expired")


@dataclass(frozen=True, slots=True)
class Origins:
    """Origins of the pages that may connect; empty allows every origin.

    *required* refuses clients that send no origin, which are not browsers.
    """

    allowed: frozenset[str] = frozenset()
    required: bool = False

    def check(self, origin: str | None) -> None:
        """Raise Forbidden for a handshake with another origin, or without a required one."""
        if origin is None and self.required:
            raise Forbidden("Origin: the header is required")
        if origin is not None and self.allowed and origin not in self.allowed:
            raise Forbidden("Origin: this origin may not connect")
