"""Verifier of the tokens that renew a connection, loaded with the first token."""

from chat.domain.identity import Identity, TokenPolicy
from chat.errors import Unauthorized
from chat.ports import Verifier


class LazyVerifier:
    """Verifier that loads the JWT library with the first token, not at start."""

    def __init__(self, policy: TokenPolicy, *, keys_url: str) -> None:
        self._policy = policy
        self._keys_url = keys_url
        self._verifier: Verifier | None = None

    def verify(self, token: str) -> Identity:
        """Return the identity in *token*. Raises `Unauthorized`."""
        if self._verifier is None:
            # The import takes 0.2 s, which most environments never need.
            from chat.auth.jwt_verifier import jwt_verifier_for

            self._verifier = jwt_verifier_for(self._policy, keys_url=self._keys_url)
        return self._verifier.verify(token)


class NoVerifier:
    """Verifier of a chat whose users are guests, who have no tokens."""

    def verify(self, token: str) -> Identity:  # noqa: ARG002 - no token counts
        """Raise `Unauthorized`."""
        raise Unauthorized("guests have no tokens")
