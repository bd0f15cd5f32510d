"""The file by which other programs on this machine find the running chat."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.json_files import read_json, write_json
from local.private_files import make_private
from tools.common import UserError

NAME = "endpoints.json"
NOT_RUNNING = "The chat is not running here. Start it: make run"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lock *folder* for this run and remove the endpoints file of a killed run.

    From then on, only its owner can read the folder.

    Raises UserError if another run holds the lock, since two emulators must not share state.
    """
    make_private(folder)
    with (folder / "lock").open("w") as lock:
        if not _taken(lock.fileno()):
            raise UserError("The chat is running here already. Stop it first: Ctrl-C")
        (folder / NAME).unlink(missing_ok=True)
        yield


@contextmanager
def announced(folder: Path, endpoints: Mapping[str, str]) -> Iterator[None]:
    """Write *endpoints* to the endpoints file and remove the file at the end."""
    write_json(folder / NAME, endpoints)
    try:
        yield
    finally:
        (folder / NAME).unlink(missing_ok=True)


def endpoint(folder: Path, name: str) -> str:
    """Return the address *name* of the chat that runs in *folder*. Raises UserError."""
    if not _is_held(folder):
        raise UserError(NOT_RUNNING)
    path = folder / NAME
    if not path.exists():
        raise UserError("The chat is not ready yet. Try again when it says so")
    address = (read_json(path) or {}).get(name)
    if not isinstance(address, str):
        raise UserError(f"{path} is damaged. Start the chat again: Ctrl-C, make run")
    return address


def _is_held(folder: Path) -> bool:
    """Return whether a run holds the lock of *folder*."""
    try:
        with (folder / "lock").open() as lock:
            return not _taken(lock.fileno())
    except FileNotFoundError:
        return False


def _taken(lock: int) -> bool:
    """Take *lock*. Return False if another process holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
