"""The operators' commands, run as programs against a chat on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from local import credentials
from local.endpoints_file import alone, announced
from tests.support.commands import Ended, run_command


@contextmanager
def announced_chat(folder: Path, web_socket_url: str) -> Iterator[None]:
    """Announce the chat at this address in *folder*, with the credentials of its emulator."""
    with alone(folder), announced(folder, {"webSocketUrl": web_socket_url}):
        credentials.write(folder, f"http://{urlsplit(web_socket_url).netloc}")
        yield


def operate(command: str, folder: Path, **variables: str) -> Ended:
    """Run an operators' command against the chat that is announced in *folder*."""
    return run_command("ops", command, LOCAL_FOLDER=str(folder), **variables)
