"""Starting other programs so that none of them outlives this one."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.common import ROOT

POLL = 0.05  # seconds
GRACE = 2.0  # seconds between SIGTERM and SIGKILL

KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "SSL_CERT_FILE", "TERM", "TMPDIR", "TZ", "USER")


class Stopped(Exception):
    """SIGINT or SIGTERM arrived."""


class Stop:
    """Whether this program was asked to stop; a plain flag, which a signal may set at any time."""

    def __init__(self) -> None:
        self._asked = False

    def on_signals(self) -> None:
        """Let SIGINT and SIGTERM ask."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.ask())

    def ask(self) -> None:
        """Stop at the next occasion."""
        self._asked = True

    def wait(self, seconds: float) -> None:
        """Sleep, or raise Stopped."""
        if self._asked:
            raise Stopped
        time.sleep(seconds)
        if self._asked:
            raise Stopped


def environment(**extra: str) -> dict[str, str]:
    """An environment with nothing of the user's AWS settings in it."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    nothing = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return kept | nothing | extra


@contextmanager
def running(
    command: Sequence[str | Path], *, env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """*command* in the project's folder and a session of its own; its stdin closes with us."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def run(command: Sequence[str | Path], *, env: Mapping[str, str], log: Path, stop: Stop) -> int:
    """Run *command* to its end and return its exit status; end it when asked to stop."""
    with running(command, env=env, log=log) as process:
        wait_until(lambda: process.poll() is not None, stop=stop)
    return process.returncode


def wait_until(done: Callable[[], bool], *, stop: Stop, seconds: float | None = None) -> bool:
    """Poll *done*; False when *seconds* have passed without it."""
    deadline = None if seconds is None else time.monotonic() + seconds
    while not done():
        if deadline is not None and time.monotonic() > deadline:
            return False
        stop.wait(POLL)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, and SIGKILL for the whole session, grandchildren included."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of the dead
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
