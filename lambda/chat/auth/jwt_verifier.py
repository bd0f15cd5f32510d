"""Verifies tokens of an OpenID Connect issuer."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt

from chat.auth.jwks import KeySet, UnknownKeyError
from chat.domain.clock import Clock, SystemClock
from chat.domain.identity import Identity, TokenPolicy, is_reserved, require_unexpired
from chat.errors import Unauthorized
from chat.protocol.text import hides_characters, is_unicode

LEEWAY = 30.0
"""Seconds that the issuer's clock may be ahead, for `iat` and `nbf` but not for `exp`."""

ACCESS = "access"
"""Value of Cognito's claim `token_use` for access tokens, as opposed to ID tokens."""

TOKEN_TYPES = frozenset({"jwt", "at+jwt"})
"""Values of the header `typ` for tokens of users. Logout tokens have `logout+jwt`.

https://www.rfc-editor.org/rfc/rfc8725#section-3.11
"""

SYSTEM = SystemClock()

MAX_TOKEN_CHARS = 8_192
"""Longest token that is accepted; API Gateway accepts 10,240 bytes of headers."""


class JwtVerifier:
    """Verifier of tokens by a policy and a key set."""

    def __init__(self, expected: TokenPolicy, keys: KeySet, *, clock: Clock = SYSTEM) -> None:
        self._expected = expected
        self._keys = keys
        self._clock = clock

    def verify(self, token: str) -> Identity:
        """Return the identity in *token*.

        Raises `Unauthorized`, and `NoKeysError` if the issuer's keys cannot be fetched.
        """
        if len(token) > MAX_TOKEN_CHARS:
            raise Unauthorized("the token is too long")
        try:
            claims = self._claims(token)
        except (jwt.InvalidTokenError, UnknownKeyError) as error:
            raise Unauthorized("the token is not valid") from error
        identity = self._identity(claims, token)
        require_unexpired(identity.expires_at, self._clock.now())
        return identity

    def _claims(self, token: str) -> Mapping[str, Any]:
        header = jwt.get_unverified_header(token)
        # Checked before a key is looked up, so that an invalid token causes no fetch.
        if (algorithm := header.get("alg")) not in self._expected.algorithms:
            raise jwt.InvalidAlgorithmError("the algorithm is not allowed")
        if str(header.get("typ", "JWT")).lower().removeprefix("application/") not in TOKEN_TYPES:
            raise jwt.InvalidTokenError("the token is of another type")
        if not isinstance(id_ := header.get("kid"), str):
            raise jwt.InvalidTokenError("the token has no key id")
        by_client = self._expected.token_use == ACCESS
        claims: dict[str, Any] = jwt.decode(
            token,
            self._keys.key(id_, algorithm),
            algorithms=[algorithm],
            issuer=self._expected.issuer,
            audience=None if by_client else list(self._expected.audience),
            leeway=LEEWAY,
            options={"require": ["exp", "iss"], "verify_aud": not by_client},
        )
        if by_client and claims.get("client_id") not in self._expected.audience:
            raise jwt.InvalidAudienceError("the token is for another client")
        if self._expected.token_use not in (None, claims.get("token_use")):
            raise jwt.InvalidTokenError("the token is for another use")
        return claims

    def _identity(self, claims: Mapping[str, Any], token: str) -> Identity:
        user_id = claims.get(self._expected.user_claim)
        if not isinstance(user_id, str) or not user_id.strip():
            raise Unauthorized("the token names no user")
        if not is_unicode(user_id):
            raise Unauthorized("the token's user id is not Unicode text")
        if is_reserved(user_id) or hides_characters(user_id):
            raise Unauthorized("the token's user id is not allowed")
        name = claims.get(self._expected.name_claim)
        if not isinstance(name, str) or not name.strip() or not is_unicode(name):
            name = user_id
        return Identity(user_id, name, expires_at=_end(claims), token_id=_id(token))


def _id(token: str) -> str:
    """Return a digest of the signed part.

    The signature is left out, because an ECDSA token has two valid signatures.
    """
    signed, _, _ = token.rpartition(".")
    return hashlib.sha256(signed.encode()).hexdigest()[:32]


def _end(claims: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (ValueError, OverflowError, OSError) as error:  # the platform decides which
        raise Unauthorized("the token's exp is not a date") from error


def jwt_verifier_for(expected: TokenPolicy, *, keys_url: str) -> JwtVerifier:
    """Return a verifier with the keys at *keys_url*."""
    keys = KeySet(keys_url, algorithms=expected.algorithms, clock=SYSTEM)
    return JwtVerifier(expected, keys)
