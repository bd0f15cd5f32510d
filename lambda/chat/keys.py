"""An issuer's public keys: fetched, cached, and kept while the issuer is down."""

import json
import logging
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from jwt import PyJWK, PyJWTError

from chat.ports import Clock

FRESH = timedelta(hours=1)
"""After this a key set is fetched anew; where that fails, it goes on being used."""

PAUSE = timedelta(seconds=30)
"""Between two fetches: tokens with made-up key ids must not turn into requests to the issuer."""

SECONDS = 2.0
LONGEST = 256 * 1024
"""Bytes of a key set."""

Fetch = Callable[[str], bytes]

log = logging.getLogger(__name__)


class UnknownKeyError(Exception):
    """The issuer has no such key."""


class NoKeysError(Exception):
    """The issuer could not be asked, and never was."""


def fetch(url: str) -> bytes:
    """What *url* serves, at most `LONGEST` bytes of it; raises `OSError`."""
    with urllib.request.urlopen(url, timeout=SECONDS) as response:  # noqa: S310 - a setting's URL
        content: bytes = response.read(LONGEST)
    return content


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
        self._keys: Mapping[str, PyJWK] | None = None
        self._fetched: datetime | None = None
        self._asked: datetime | None = None

    def key(self, id_: str) -> PyJWK:
        """The key of that id; raises `UnknownKeyError`, `NoKeysError` when there never was one."""
        now = self._clock.now()
        if self._is_stale(now) or id_ not in (self._keys or {}):
            self._refresh(now)
        if self._keys is None:
            raise NoKeysError("the issuer's keys could not be fetched")
        if id_ not in self._keys:
            raise UnknownKeyError("no such key")
        return self._keys[id_]

    def _is_stale(self, now: datetime) -> bool:
        return self._fetched is None or now - self._fetched > FRESH

    def _refresh(self, now: datetime) -> None:
        """Fetch the keys, unless that was tried a moment ago."""
        if self._asked is not None and now - self._asked < PAUSE:
            return
        self._asked = now
        try:
            self._keys = self._read(self._fetch(self._url))
            self._fetched = now
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("the issuer's keys could not be fetched", exc_info=error)

    def _read(self, content: bytes) -> Mapping[str, PyJWK]:
        described = json.loads(content)["keys"]
        keys = {key["kid"]: self._key(key) for key in described if "kid" in key}
        return {id_: key for id_, key in keys.items() if key is not None}

    def _key(self, described: Mapping[str, Any]) -> PyJWK | None:
        """None for a key that is not for signatures by one of the algorithms, or is no key."""
        if described.get("use", "sig") != "sig":
            return None
        try:
            key = PyJWK(dict(described))
        except (PyJWTError, ValueError):
            return None
        return key if key.algorithm_name in self._algorithms else None
