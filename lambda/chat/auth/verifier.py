"""Verifiers of the tokens that renew a connection."""

from chat.domain.identity import Identity, TokenPolicy
from chat.ports import Verifier


class LateVerifier:
    """Verifies as the door does; what that takes is loaded with the first token, not at start."""

    def __init__(self, expected: TokenPolicy, *, keys_url: str) -> None:
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
