"""What a run stands on: a stub in a process of its own, contestants in theirs, their numbers."""

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
PATIENCE = 120.0
"""Seconds for a contestant's process."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the stub listens, and who vouches for it."""

    url: str
    authority: Path
    latency: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What one contestant's process measured: medians of its warm rounds, and the first one."""

    recipients: int
    cpu: float
    wall: float
    served: int
    served_in: float
    first_cpu: float
    first_wall: float
    extra_mb: float


@contextmanager
def stub(folder: Path, *, latency: float) -> Iterator[Ground]:
    """A stub on a free port, with a certificate of its own, until the end of the block."""
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
        yield Ground(f"https://127.0.0.1:{port}/stage", authority, latency)


def compete(name: str, ground: Ground, *, rounds: int, **recipients: int) -> Cost:
    """Let contestant *name* send one cold and some warm *rounds* to *recipients* by kind."""
    python = VENV / "bin" / "python" if name == "aiobotocore" else Path(sys.executable)
    task = json.dumps({"recipients": recipients, "rounds": rounds})
    told = measured(
        [python, "-m", "benchmarks.push_client_process", name, ground.url, ground.authority, task],
        env=environment(PYTHONPATH=f"{ROOT}:{CHAT}"),
    )
    first, *warm = told["rounds"]
    middle = {key: median(each[key] for each in warm or [first]) for key in first}
    return Cost(
        recipients=sum(recipients.values()),
        cpu=middle["cpu"],
        wall=middle["wall"],
        served=int(middle["served"]),
        served_in=middle["seconds"],
        first_cpu=first["cpu"],
        first_wall=first["wall"],
        extra_mb=told["extra_mb"],
    )


def measured(command: list[str | Path], *, env: dict[str, str]) -> dict[str, Any]:
    """Run *command* to its end; the JSON object that it printed last."""
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode != 0:
        raise UserError(f"{command[2:5]} failed:\n{done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
