"""An issuer's public keys: fetched, cached, and kept while the issuer is down."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from jwt import PyJWK

from chat import jwks
from chat.auth.http_get import fetch
from chat.ports import Clock

FRESH = timedelta(hours=1)
"""After this a key set is fetched anew; where that fails, it goes on being used."""

PAUSE = timedelta(seconds=30)
"""Between two fetches: tokens with made-up key ids must not turn into requests to the issuer."""

Fetch = Callable[[str], bytes]

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
        self._keys: jwks.Keys | None = None
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
            self._keys = jwks.read(self._fetch(self._url), algorithms=self._algorithms)
            self._fetched = now
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            log.warning("the issuer's keys could not be fetched", exc_info=error)
