"""A running emulator, for `make run` and for the tests."""

import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.credentials import issued
from local.processes import Stop, environment, running, wait_until
from tools.common import REGION, UserError

HEALTHY_WITHIN = 30.0  # seconds
EDITED_PAGE = 10
"""Distance of the port of `make web` from that of the page."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator: where it listens, where it writes."""

    port: int
    log: Path
    stop: Stop = field(default_factory=Stop)
    process: subprocess.Popen[bytes] | None = None  # None: started by another program
    page_port: int = 0
    """Port of the page that browsers may use with it."""
    proxy_port: int = 0
    """Port of a proxy before it, whose clients name the proxy in `Host`."""

    @property
    def url(self) -> str:
        """Endpoint for AWS clients."""
        return f"http://127.0.0.1:{self.port}"

    def has_ended(self) -> bool:
        """Return whether the process has ended, if this program started it."""
        return self.process is not None and self.process.poll() is not None


@contextmanager
def emulator(
    *,
    folder: Path,
    port: int,
    persist: bool,
    page_port: int | None = None,
    origins: Sequence[str] = (),
    stop: Stop | None = None,
) -> Iterator[Emulator]:
    """Run an emulator with its files below *folder*; keep its state there if *persist*.

    Without *page_port*, free ports are chosen for a page and a proxy. Pages of the *origins* may
    do what that page may.
    Raises UserError if it is not healthy within 30 seconds.
    """
    stop = stop or Stop()
    log = folder / "emulator.log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "local.emulator"]
    ports = (page_port, 0) if page_port else (free_port(), free_port())
    here = Emulator(port, log, stop, None, *ports)
    with issued(folder, here.url) as credentials, _scratch(folder / "tmp") as scratch:
        state = (folder if persist else scratch) / "state"
        env = _settings(state, port=port, scratch=scratch, persist=persist)
        env |= _guard(here, credentials, origins)
        with running(command, env=env, log=log) as process:
            here = replace(here, process=process)
            wait_until(
                lambda: here.has_ended() or _is_healthy(here.url),
                stop=stop,
                seconds=HEALTHY_WITHIN,
            )
            if here.has_ended() or not _is_healthy(here.url):
                raise UserError(f"The emulator did not start; see {log}")
            yield here


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Create an empty *folder* and remove it at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(state: Path, *, port: int, scratch: Path, persist: bool) -> dict[str, str]:
    """Return the whole environment of the emulator, which its Lambda functions inherit.

    AWS_ENDPOINT_URL is absent because the functions would inherit it.
    Docker is out of reach because MiniStack removes containers that it takes for its own.
    The MQTT and SFTP servers are off because they listen on all interfaces.
    """
    return environment(
        AUTH="true",  # signatures and IAM policies are checked: see `local.emulator.iam`
        BIND_HOST="127.0.0.1",
        DOCKER_HOST=f"unix://{scratch}/none",
        GATEWAY_PORT=str(port),
        IOT_MTLS_ENABLED="0",
        LOG_LEVEL="WARNING",
        MINISTACK_REGION=REGION,
        PERSIST_STATE=str(int(persist)),
        PYTHONUNBUFFERED="1",
        S3_DATA_DIR=str(state / "s3"),
        S3_PERSIST=str(int(persist)),
        SFTP_ENABLED="0",
        STATE_DIR=str(state),
        TMPDIR=str(scratch),
    )


def _guard(aws: Emulator, credentials: Path, origins: Sequence[str]) -> dict[str, str]:
    """Return the variables of `local.emulator.guard`, which say whom the emulator answers."""
    pages = _hosts(aws.page_port, edited_page_port(aws.page_port))
    hosts = _hosts(aws.port, aws.proxy_port) if aws.proxy_port else _hosts(aws.port)
    return {
        "GUARD_CREDENTIALS": str(credentials),
        "GUARD_HOSTS": " ".join(hosts),
        "GUARD_ORIGINS": " ".join([*(f"http://{host}" for host in pages), *origins]),
    }


def _hosts(*ports: int) -> list[str]:
    return [f"{name}:{port}" for name in ("127.0.0.1", "localhost") for port in ports]


def edited_page_port(page_port: int) -> int:
    """Return the port of `make web`, which serves the page with hot reload."""
    distance = EDITED_PAGE if page_port + EDITED_PAGE <= 65535 else -EDITED_PAGE
    return page_port + distance


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_ministack/health", timeout=1):  # noqa: S310 - http
            return True
    except OSError:
        return False


def free_port() -> int:
    """Return a port that no program listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def is_taken(port: int) -> bool:
    """Return whether a program listens on *port*."""
    with socket.socket() as client:
        if client.connect_ex(("127.0.0.1", port)) == 0:
            return True
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
