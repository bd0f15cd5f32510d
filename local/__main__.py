"""`make run`, `make redeploy` and `make wscat`: the chat on this machine."""

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from local.aws import Emulator, emulator, is_taken
from local.children import ROOT, Problem, Stop, Stopped, wait_until
from local.deploy import NODE, STACK, Endpoints, deploy, forget_connections

FOLDER = Path(os.environ.get("LOCAL_FOLDER") or ROOT / ".local")
ANNOUNCEMENT = FOLDER / "endpoints.json"

READY = """
The chat is ready: {url}

  Chat         .venv/bin/node node_modules/.bin/wscat -c "{url}?name=alice"
               or, for short, make wscat NAME=alice
  Redeploy     make redeploy     in another terminal, after a change to the code
  Data, logs   {folder}
  Stop         Ctrl-C            rooms and messages are kept; `make clean` forgets them
"""


def main() -> int:
    """Run the command that is named on the command line; the exit status."""
    commands: dict[str, Callable[[Stop], None]] = {
        "run": _run,
        "redeploy": _redeploy,
        "wscat": _wscat,
    }
    stop = Stop()
    stop.on_signals()
    try:
        commands[sys.argv[1] if len(sys.argv) > 1 else "run"](stop)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        print("\nStopped.", flush=True)
    return 0


def _run(stop: Stop) -> None:
    """Emulator, deployment, announcement; then wait to be stopped."""
    port = _port()
    with _alone():
        ANNOUNCEMENT.unlink(missing_ok=True)  # of a run that was killed
        if is_taken(port):
            raise Problem(f"Port {port} is taken. Choose another: make run EMULATOR_PORT=4577")
        _say(f"Starting the emulator on port {port} ...")
        with emulator(folder=FOLDER, port=port, persist=True, stop=stop) as aws:
            endpoints = deploy(aws, folder=FOLDER, say=_say)
            forget_connections(aws, endpoints.connections_table)
            with _announced(endpoints):
                _say(READY.format(url=endpoints.web_socket_url, folder=FOLDER))
                wait_until(aws.has_ended, stop=stop)
                raise Problem(f"The emulator has ended by itself; see {aws.log}")


def _redeploy(stop: Stop) -> None:
    """Deploy the source as it is now into the emulator that `make run` started."""
    aws = Emulator(urlsplit(_announced_url()).port or 80, FOLDER / "emulator.log", stop)
    deploy(aws, folder=FOLDER, say=_say)
    _say("Deployed. Connections stay open, and meet the new code from now on.")


def _wscat(_stop: Stop) -> None:
    """Become a wscat that is connected to the running chat under NAME."""
    url = f"{_announced_url()}?{urlencode({'name': os.environ.get('NAME') or 'alice'})}"
    script = str(ROOT / "node_modules" / "wscat" / "bin" / "wscat")
    os.execv(NODE / "node", ["node", script, "-c", url])  # noqa: S606 - no shell is wanted


def _announced_url() -> str:
    if not ANNOUNCEMENT.exists():
        raise Problem("The chat is not running here. Start it: make run")
    return str(json.loads(ANNOUNCEMENT.read_text())["webSocketUrl"])


def _say(line: str) -> None:
    print(line, flush=True)


def _port() -> int:
    """The port to listen on, from EMULATOR_PORT."""
    text = os.environ.get("EMULATOR_PORT") or "4566"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Problem(f"EMULATOR_PORT={text} is no port; take one from 1024 to 65535")
    return int(text)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the folder: two emulators must not write the same state."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem("The chat is running here already. Stop it first: Ctrl-C") from None
        yield


@contextmanager
def _announced(endpoints: Endpoints) -> Iterator[None]:
    """Tell other programs where the chat is, for as long as it is there."""
    content = {"webSocketUrl": endpoints.web_socket_url, "stack": STACK}
    draft = ANNOUNCEMENT.with_suffix(".draft")
    draft.write_text(json.dumps(content) + "\n")
    draft.replace(ANNOUNCEMENT)
    try:
        yield
    finally:
        ANNOUNCEMENT.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
