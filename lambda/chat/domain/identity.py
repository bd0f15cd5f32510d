"""Who a token says somebody is, and what verifies it; loads no cryptography until a token comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chat.errors import Unauthorized


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


def check_end(end: datetime, now: datetime) -> None:
    """Raises `Unauthorized` for the end of a token that is over.

    A connection ends with its token, to the second: one that began later would be written dead.
    """
    if end <= now:
        raise Unauthorized("the token is over")


class Verifier(Protocol):
    """What tells a good token from a bad one."""

    def verify(self, token: str) -> Identity:
        """Who the bearer is; raises `Unauthorized`."""


def expected(environment: Mapping[str, str]) -> Expected:
    """What *environment* says of tokens; raises `KeyError` for what is missing."""
    return Expected(
        issuer=environment["ISSUER"],
        audience=tuple(environment["AUDIENCE"].split()),
        algorithms=tuple(environment["ALGORITHMS"].split()),
        token_use=environment["TOKEN_USE"] or None,
        user_claim=environment["USER_CLAIM"],
        name_claim=environment["NAME_CLAIM"],
    )


class LateVerifier:
    """Verifies as the door does; what that takes is loaded with the first token, not at start."""

    def __init__(self, expected: Expected, *, keys_url: str) -> None:
        self._expected = expected
        self._keys_url = keys_url
        self._tokens: Verifier | None = None

    def verify(self, token: str) -> Identity:
        """Who the bearer is; raises `Unauthorized`."""
        if self._tokens is None:
            from chat.auth.jwt_verifier import (
                trusting,
            )  # a fifth of a second, that most starts never need

            self._tokens = trusting(self._expected, keys_url=self._keys_url)
        return self._tokens.verify(token)


class NoVerifier:
    """Where people are guests, nobody's token counts."""

    def verify(self, token: str) -> Identity:
        """Never comes this far: a guest's connection has nothing to renew."""
        raise NotImplementedError("no issuer of tokens is known here")


def verifier(environment: Mapping[str, str], *, guests: bool) -> Verifier:
    """The verifier that *environment* describes; a missing variable fails here, at start."""
    if guests:
        return NoVerifier()
    return LateVerifier(expected(environment), keys_url=environment["KEYS_URL"])
