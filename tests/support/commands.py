"""The project's commands, run as a user runs them: as programs."""

import os
import subprocess
import sys
from typing import NamedTuple

from tools.common import ROOT

MOST_SECONDS = 200

NOT_INHERITED = ("USER", "PYTHONPATH")
"""Variables of the shell that a command does not get: one that it has itself, and import paths."""


class Ended(NamedTuple):
    """A command that has ended: its exit status, its output, and its error output."""

    status: int
    output: str
    errors: str

    @property
    def printed(self) -> tuple[int, str]:
        """The exit status, and both outputs as a terminal shows them."""
        return self.status, self.output + self.errors


def run_command(module: str, *arguments: str, text: str = "", **variables: str) -> Ended:
    """Run `python -m module arguments` with *variables* in its environment; return how it ended.

    *text* is its standard input. Raises TimeoutExpired if the command takes too long.
    """
    shell = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**shell, **variables},
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_SECONDS,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
