"""Child processes, of which none outlives this one."""

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
    """Flag that asks this program to stop; a signal handler may set it at any time."""

    def __init__(self) -> None:
        self._asked = False

    def on_signals(self) -> None:
        """Set the flag on SIGINT and SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.ask())

    def ask(self) -> None:
        """Set the flag."""
        self._asked = True

    def wait(self, seconds: float) -> None:
        """Sleep for *seconds*. Raises Stopped if the flag is set before or after."""
        if self._asked:
            raise Stopped
        time.sleep(seconds)
        if self._asked:
            raise Stopped


def environment(**extra: str) -> dict[str, str]:
    """Return an environment of the variables in KEPT and *extra*, without AWS settings."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    nothing = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return kept | nothing | extra


@contextmanager
def running(
    command: Sequence[str | Path], *, env: Mapping[str, str], log: Path, umask: int = -1
) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command* in the repository's root, in a process session of its own.

    Its standard input closes when this process ends. At the end its session is ended.
    It inherits the umask unless *umask* is given.
    """
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
            umask=umask,
        )
    try:
        yield process
    finally:
        _end(process)


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    stop: Stop,
    umask: int = -1,
) -> int:
    """Run *command* and return its exit status. Raises Stopped if *stop* is set."""
    with running(command, env=env, log=log, umask=umask) as process:
        wait_until(lambda: process.poll() is not None, stop=stop)
    return process.returncode


def wait_until(done: Callable[[], bool], *, stop: Stop, seconds: float | None = None) -> bool:
    """Poll *done* every 50 ms. Return False if *seconds* pass first. Raises Stopped."""
    deadline = None if seconds is None else time.monotonic() + seconds
    while not done():
        if deadline is not None and time.monotonic() > deadline:
            return False
        stop.wait(POLL)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """Send SIGTERM, and after 2 seconds SIGKILL to the whole session."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    with suppress(
        ProcessLookupError, PermissionError
    ):  # macOS raises the latter for an ended process
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
