"""The operators' commands, run as programs against a chat on this machine."""

from pathlib import Path

from tests.support.commands import Ended, run_command


def operate(command: str, folder: Path, **variables: str) -> Ended:
    """Run an operators' command against the chat that is announced in *folder*."""
    return run_command("ops", command, LOCAL_FOLDER=str(folder), **variables)
