"""Verifiers of tokens, as the function's environment configures them."""

from collections.abc import Mapping

from chat.domain.identity import Expected, Identity
from chat.ports import Verifier


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
                jwt_verifier_for,
            )  # a fifth of a second, that most starts never need

            self._tokens = jwt_verifier_for(self._expected, keys_url=self._keys_url)
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
