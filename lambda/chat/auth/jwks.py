"""An issuer's public keys: fetched, cached, and kept while the issuer is down."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from jwt import PyJWK, PyJWTError

from chat.auth.http_get import fetch
from chat.domain.clock import Clock

FRESH = timedelta(hours=1)
"""After this a key set is fetched anew; where that fails, it goes on being used."""

PAUSE = timedelta(seconds=30)
"""Between two fetches: tokens with made-up key ids must not turn into requests to the issuer."""

Fetch = Callable[[str], bytes]


KINDS: Mapping[str, tuple[str, tuple[str | None, ...]]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), ("RSA", (None,))),
    "ES256": ("EC", ("P-256",)),
    "ES384": ("EC", ("P-384",)),
    "EdDSA": ("OKP", ("Ed25519", "Ed448")),
}
"""The type of key that an algorithm takes, and of which curves: RFC 7518, 3.1, and RFC 8037.

No algorithm of shared secrets is among them, so none ever has a key.
"""

Keys = Mapping[tuple[str, str], PyJWK]
"""By key id and algorithm."""

log = logging.getLogger(__name__)


class UnknownKeyError(Exception):
    """The issuer has no such key."""


class NoKeysError(Exception):
    """The issuer could not be asked, and never was."""


class KeySet:
    """The signing keys at a JWKS URL."""

    def __init__(
        self, url: str, *, algorithms: tuple[str, ...], clock: Clock, fetch: Fetch = fetch
    ) -> None:
        """Only keys for one of *algorithms* count."""
        self._url = url
        self._algorithms = algorithms
        self._clock = clock
        self._fetch = fetch
        self._keys: Keys | None = None
        self._fetched: datetime | None = None
        self._asked: datetime | None = None

    def key(self, id_: str, algorithm: str) -> PyJWK:
        """The key of that id for signatures by that algorithm, and by no other.

        Raises `UnknownKeyError`, and `NoKeysError` when there never was one.
        """
        now, name = self._clock.now(), (id_, algorithm)
        if self._is_stale(now) or name not in (self._keys or {}):
            self._refresh(now)
        if self._keys is None:
            raise NoKeysError("the issuer's keys could not be fetched")
        if name not in self._keys:
            raise UnknownKeyError("no such key")
        return self._keys[name]

    def _is_stale(self, now: datetime) -> bool:
        return self._fetched is None or now - self._fetched > FRESH

    def _refresh(self, now: datetime) -> None:
        """Fetch the keys, unless that was tried a moment ago."""
        if self._asked is not None and now - self._asked < PAUSE:
            return
        self._asked = now
        try:
            self._keys = parse_jwks(self._fetch(self._url), algorithms=self._algorithms)
            self._fetched = now
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            log.warning("the issuer's keys could not be fetched", exc_info=error)


def parse_jwks(content: bytes, *, algorithms: tuple[str, ...]) -> Keys:
    """The keys for signatures by one of *algorithms*; what is none is passed over.

    Raises `ValueError`, `TypeError`, `KeyError` or `RecursionError` for what is no key set at all.
    """
    entries = json.loads(content)["keys"]
    if not isinstance(entries, list):
        raise TypeError("the keys are no list")
    known = [entry for entry in entries if _is_described(entry)]
    if entries and not known:
        raise ValueError("not one of the entries describes a key")
    found = ((entry, algorithm) for entry in known for algorithm in algorithms if "kid" in entry)
    keys = {(entry["kid"], algorithm): _key(entry, algorithm) for entry, algorithm in found}
    return {name: key for name, key in keys.items() if key is not None}


def _is_described(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("kid", ""), str)


def _key(described: Mapping[str, Any], algorithm: str) -> PyJWK | None:
    """None for a key that is not for signatures by the algorithm, or is no key."""
    if described.get("use", "sig") != "sig" or not _serves(described, algorithm):
        return None
    try:
        return PyJWK(dict(described), algorithm)
    except (PyJWTError, ValueError, UnsupportedAlgorithm):
        return None


def _serves(described: Mapping[str, Any], algorithm: str) -> bool:
    """Whether a key is of the algorithm's kind; one that names its algorithm is for no other.

    With its private half (`d`) beside it, everybody could sign with it.
    """
    if algorithm not in KINDS or described.get("alg") not in (None, algorithm) or "d" in described:
        return False
    kind, curves = KINDS[algorithm]
    return described.get("kty") == kind and described.get("crv") in curves
