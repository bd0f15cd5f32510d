"""Processes of a run: the stub of `@connections`, and the measured programs."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import trustme

from local.emulator_process import free_port, is_taken
from local.processes import Stop, environment, running, wait_until
from tools.common import ROOT, UserError

VENV = ROOT / ".cache" / "bench-venv"
CHAT = ROOT / "lambda"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
PROCESS_SECONDS = 120.0
"""Longest run of a measured process."""


@dataclass(frozen=True, slots=True)
class RunningStub:
    """A stub of `@connections`: its URL, the certificate of its authority, and its latency."""

    url: str
    authority: Path
    latency: float


@dataclass(frozen=True, slots=True)
class PushCost:
    """Measurements of one push client: medians of its warm rounds, and its first round."""

    recipients: int
    cpu: float
    wall: float
    served: int
    served_in: float
    first_cpu: float
    first_wall: float
    extra_mb: float


@contextmanager
def stub(folder: Path, *, latency: float) -> Iterator[RunningStub]:
    """Run a stub on a free port, with its own certificate, until the end of the block."""
    ca = trustme.CA()
    authority, certificate = folder / "authority.pem", folder / "stub.pem"
    ca.cert_pem.write_to_path(authority)
    ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
    port = free_port()
    command = [
        *(sys.executable, "-m", "benchmarks.gateway_stub"),
        *("--port", str(port), "--certificate", str(certificate), "--latency", str(latency)),
    ]
    log = folder / "stub.log"
    with running(command, env=environment(), log=log) as process:
        wait_until(lambda: process.poll() is not None or is_taken(port), stop=Stop(), seconds=10)
        if process.poll() is not None:
            raise UserError(f"The stub did not start:\n{log.read_text()}")
        yield RunningStub(f"https://127.0.0.1:{port}/stage", authority, latency)


def measure_push(name: str, served: RunningStub, *, rounds: int, **recipients: int) -> PushCost:
    """Let a push client send one cold and some warm rounds to a number of recipients by kind."""
    python = VENV / "bin" / "python" if name == "aiobotocore" else Path(sys.executable)
    task = json.dumps({"recipients": recipients, "rounds": rounds})
    module = "benchmarks.push_client_process"
    result = run_json(
        [python, "-m", module, name, served.url, served.authority, task],
        env=environment(PYTHONPATH=f"{ROOT}:{CHAT}"),
    )
    first, *warm = result["rounds"]
    middle = {key: median(each[key] for each in warm or [first]) for key in first}
    return PushCost(
        recipients=sum(recipients.values()),
        cpu=middle["cpu"],
        wall=middle["wall"],
        served=int(middle["served"]),
        served_in=middle["seconds"],
        first_cpu=first["cpu"],
        first_wall=first["wall"],
        extra_mb=result["extra_mb"],
    )


def run_json(command: list[str | Path], *, env: dict[str, str], text: str = "") -> dict[str, Any]:
    """Run a command with *text* as its input. Return the JSON object that it printed last.

    Raises UserError if it fails.
    """
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        input=text,
        capture_output=True,
        text=True,
        timeout=PROCESS_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise UserError(f"{command[2:5]} failed:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
