"""Time from the start of a process until it is ready: the chat, and boto3 with two clients."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.fixtures import CHAT, CREDENTIALS
from chat_stack.settings.environment import chat_variables
from chat_stack.settings.load import read_settings
from local.deploy import NOTHING
from local.processes import environment
from tools.common import REGION, ROOT

READY = """
import os, sys, time
pages = int(open("/proc/self/statm").read().split()[1]) if sys.platform == "linux" else 0
print(time.monotonic(), time.process_time(), pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
"""
PROGRAMS = {
    "python": "",
    "boto3, two clients": """
import boto3
boto3.client("dynamodb")
boto3.client("apigatewaymanagementapi", endpoint_url="https://id.execute-api.us-east-1.test/live")
""",
    "the chat": "import chat.app",
    "the chat, first push prepared": """
import ssl
import chat.app
ssl.create_default_context()
""",
}


@dataclass(frozen=True, slots=True)
class StartCost:
    """Seconds until a program was ready, its CPU seconds, and its memory then in MB."""

    name: str
    seconds: float
    cpu: float
    resident_mb: float


def measure_starts(*, rounds: int, names: Sequence[str] = tuple(PROGRAMS)) -> list[StartCost]:
    """Start each program *rounds* times. Return the medians.

    The programs take turns, because the speed of the machine varies.
    """
    taken: dict[str, list[tuple[float, ...]]] = {name: [] for name in names}
    env = function_environment()
    for _ in range(rounds + 1):
        for name in names:
            taken[name].append(_start(PROGRAMS[name], env))
    return [
        StartCost(
            name, *map(median, zip(*all_[1:], strict=True))
        )  # the first may have compiled its modules
        for name, all_ in taken.items()
    ]


def _start(program: str, env: Mapping[str, str]) -> tuple[float, ...]:
    """Return the seconds until a program is ready, its CPU seconds and its memory in MB."""
    began = time.monotonic()  # the clock is the same for all processes of the machine
    done = subprocess.run(
        [sys.executable, "-c", program + READY], cwd=ROOT, env=env, capture_output=True, check=True
    )
    ready, cpu, resident = map(float, done.stdout.split())
    return ready - began, cpu, resident


_LAMBDA = {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "PYTHONPATH": str(CHAT)}


def function_environment(settings: Mapping[str, object] = NOTHING, **extra: str) -> dict[str, str]:
    """Return the variables of the deployed function, with names of resources that do not exist."""
    variables = {
        **chat_variables(read_settings("live", settings)),
        "CALLBACK_URL": "https://id.execute-api.us-east-1.test/live",
        "CONNECTIONS_TABLE": "connections",
        "METRICS_NAMESPACE": "LiveChat/bench",
        "ORIGINS": "",
        "QUEUE_URL": "https://sqs.us-east-1.test/000000000000/shards",
        "ROOMS_TABLE": "rooms",
    }
    return environment(**variables | CREDENTIALS | _LAMBDA | extra)
