"""Public keys of an issuer (JWKS), fetched and cached.

https://www.rfc-editor.org/rfc/rfc7517
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from jwt import PyJWK, PyJWTError

from chat.auth.http_get import fetch
from chat.domain.clock import Clock

JWKS_TTL = timedelta(hours=1)
"""Age after which the key set is fetched again. If that fails, the old one stays in use."""

FETCH_INTERVAL = timedelta(seconds=30)
"""Shortest time between two fetches, so that unknown key ids cause few requests."""

Fetch = Callable[[str], bytes]


KEY_TYPES: Mapping[str, tuple[str, tuple[str | None, ...]]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), ("RSA", (None,))),
    "ES256": ("EC", ("P-256",)),
    "ES384": ("EC", ("P-384",)),
    "EdDSA": ("OKP", ("Ed25519", "Ed448")),
}
"""Key type and curves of each algorithm: RFC 7518, section 3.1, and RFC 8037.

Algorithms with shared secrets are absent, so they never have a key.
"""

Keys = Mapping[tuple[str, str], PyJWK]
"""Keys by key id and algorithm."""

log = logging.getLogger(__name__)


class UnknownKeyError(Exception):
    """The issuer has no key of that id."""


class NoKeysError(Exception):
    """The issuer's keys were never fetched successfully."""


class KeySet:
    """Signing keys at a JWKS URL."""

    def __init__(
        self, url: str, *, algorithms: tuple[str, ...], clock: Clock, fetch: Fetch = fetch
    ) -> None:
        """Use only keys for *algorithms*."""
        self._url = url
        self._algorithms = algorithms
        self._clock = clock
        self._fetch = fetch
        self._keys: Keys | None = None
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None

    def key(self, id_: str, algorithm: str) -> PyJWK:
        """Return the key of that id for that algorithm.

        Raises `UnknownKeyError`, and `NoKeysError` if no key set was ever fetched.
        """
        now, name = self._clock.now(), (id_, algorithm)
        if self._is_stale(now) or name not in (self._keys or {}):
            self._refresh(now)
        if self._keys is None:
            raise NoKeysError("the issuer's keys could not be fetched")
        if name not in self._keys:
            raise UnknownKeyError("no key of that id")
        return self._keys[name]

    def _is_stale(self, now: datetime) -> bool:
        return self._fetched_at is None or now - self._fetched_at > JWKS_TTL

    def _refresh(self, now: datetime) -> None:
        """Fetch the keys, unless the last try was less than FETCH_INTERVAL ago."""
        if self._tried_at is not None and now - self._tried_at < FETCH_INTERVAL:
            return
        self._tried_at = now
        try:
            self._keys = parse_jwks(self._fetch(self._url), algorithms=self._algorithms)
            self._fetched_at = now
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            log.warning("the issuer's keys could not be fetched", exc_info=error)


def parse_jwks(content: bytes, *, algorithms: tuple[str, ...]) -> Keys:
    """Return the keys in *content* for *algorithms*, without unusable entries.

    Raises `ValueError`, `TypeError`, `KeyError` or `RecursionError` if it is no key set.
    """
    entries = json.loads(content)["keys"]
    if not isinstance(entries, list):
        raise TypeError("keys is not a list")
    known = [entry for entry in entries if _is_described(entry)]
    if entries and not known:
        raise ValueError("no entry describes a key")
    found = ((entry, algorithm) for entry in known for algorithm in algorithms if "kid" in entry)
    keys = {(entry["kid"], algorithm): _key(entry, algorithm) for entry, algorithm in found}
    return {name: key for name, key in keys.items() if key is not None}


def _is_described(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("kid", ""), str)


def _key(described: Mapping[str, Any], algorithm: str) -> PyJWK | None:
    """Return the key, or None if the entry is no signing key for *algorithm*."""
    if described.get("use", "sig") != "sig" or not _serves(described, algorithm):
        return None
    try:
        return PyJWK(dict(described), algorithm)
    except (PyJWTError, ValueError, UnsupportedAlgorithm):
        return None


def _serves(described: Mapping[str, Any], algorithm: str) -> bool:
    """Return whether a key fits *algorithm*; `alg`, if present, must name it.

    A key with its private part (`d`) is refused, because any reader of it could sign.
    """
    if (
        algorithm not in KEY_TYPES
        or described.get("alg") not in (None, algorithm)
        or "d" in described
    ):
        return False
    kind, curves = KEY_TYPES[algorithm]
    return described.get("kty") == kind and described.get("crv") in curves
