"""Credentials of an emulator: random for each run, in a file that only its owner can read."""

import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.json_files import read_json, write_json
from tools.common import REGION, UserError

NAME = "credentials.json"

_known: dict[str, "Credentials"] = {}
"""Credentials that this process may use, by the URL of their emulator."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key of the emulated account's root user."""

    key_id: str
    secret: str = field(repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables by which AWS programs find the key."""
        return {
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_DEFAULT_REGION": REGION,
        }


@contextmanager
def issued(folder: Path, url: str) -> Iterator[Path]:
    """Make new credentials for the emulator at *url* and yield their file in *folder*.

    The file is removed at the end.
    """
    letters = string.ascii_uppercase + string.digits
    key_id = "AKIA" + "".join(secrets.choice(letters) for _ in range(16))
    _known[url] = Credentials(key_id, secrets.token_urlsafe(30))
    try:
        yield write(folder, url)
    finally:
        (folder / NAME).unlink(missing_ok=True)
        del _known[url]


def write(folder: Path, url: str) -> Path:
    """Write the credentials for *url* to their file in *folder*; return its path."""
    path = folder / NAME
    write_json(path, asdict(known(url)))
    return path


def load(folder: Path, url: str) -> None:
    """Let this process use the credentials in *folder* for the emulator at *url*.

    Raises UserError if the file is absent or damaged.
    """
    _known[url] = read(folder / NAME)


def read(path: Path) -> Credentials:
    """Return the credentials in the file at *path*. Raises UserError."""
    try:
        return Credentials(**(read_json(path) or {}))
    except TypeError:
        raise UserError(f"{path} is damaged. Start the chat again: Ctrl-C, make run") from None


def known(url: str) -> Credentials:
    """Return the credentials for the emulator at *url*. Raises KeyError if there are none."""
    return _known[url]
