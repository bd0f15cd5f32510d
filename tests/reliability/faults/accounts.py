"""Users for the runs. Teams are reused by later runs, because signing in takes time."""

import base64
import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue

NAMES = ("alice", "bob", "carol", "dave")


@dataclass(frozen=True, slots=True)
class Account:
    """A user with two tokens, of which the fresh one expires later."""

    name: str
    token: str
    fresh: str

    @property
    def ends(self) -> int:
        """Return the expiry of the fresh token in seconds."""
        return _end(self.fresh)


@dataclass(frozen=True, slots=True)
class Team:
    """Four users whose names all contain *mark*."""

    mark: str
    accounts: dict[str, Account]


class Teams:
    """Teams of users to whom *sign_in* gives tokens. Two runs never share a team at once."""

    def __init__(self, sign_in: Callable[[str], str]) -> None:
        self._sign_in = sign_in
        self._free = SimpleQueue[Team]()

    @contextmanager
    def one(self) -> Iterator[Team]:
        """Provide a free team, or make a new one."""
        try:
            team = self._free.get_nowait()
        except Empty:
            team = self._make(uuid.uuid4().hex[:12])
        try:
            yield team
        finally:
            self._free.put(team)

    def _make(self, mark: str) -> Team:
        first = {name: self._sign_in(f"{name}-{mark}") for name in NAMES}
        accounts = {
            name: Account(f"{name}-{mark}", token, self._later(f"{name}-{mark}", token))
            for name, token in first.items()
        }
        return Team(mark, accounts)

    def _later(self, name: str, token: str) -> str:
        """Return a token that expires later. Tokens expire at whole seconds."""
        while _end(fresh := self._sign_in(name)) <= _end(token):
            time.sleep(0.2)
        return fresh


def _end(token: str) -> int:
    claims = token.split(".")[1]
    return int(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"])
