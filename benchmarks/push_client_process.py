"""A push client in a process of its own: sends some rounds and prints their cost as JSON."""

import http.client
import json
import os
import resource
import ssl
import sys
import time
import urllib.parse
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.push_clients import PUSH_CLIENTS, Send


def main() -> None:
    """Measure a push client.

    The arguments are its name, the stub's URL, the file of its authority, and the task as JSON.
    """
    name, url, authority, task = sys.argv[1:]
    given = json.loads(task)
    send = PUSH_CLIENTS[name](url, authority)
    before = resident()
    _reset_peak()
    rounds = [_round(send, url, authority, number, given) for number in range(given["rounds"] + 1)]
    print(json.dumps({"rounds": rounds, "extra_mb": peak() - before}))
    sys.stdout.flush()
    os._exit(0)  # do not wait for threads and loops whose posts are never answered


def _round(send: Send, url: str, authority: str, number: int, task: Any) -> dict[str, Any]:
    """Send a frame to all recipients. Return the CPU and wall seconds, and the stub's counts."""
    connection_ids = recipients(number, **task["recipients"])
    cpu, wall = time.process_time(), time.perf_counter()
    send(connection_ids)
    cost = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return cost | stub_counts(url, authority)


def recipients(number: int, *, fine: int, busy: int = 0, hang: int = 0) -> Sequence[str]:
    """Return connection ids, with busy and hanging recipients spread evenly among them."""
    kinds = {"fine": fine, "busy": busy, "hang": hang}
    placed = [
        ((n + 0.5) / count, f"{kind}{number:03d}{n:06d}A=")
        for kind, count in kinds.items()
        for n in range(count)
    ]
    return [id_ for _, id_ in sorted(placed)]


def stub_counts(url: str, authority: str) -> dict[str, Any]:
    """Return how many posts the stub has served since the last call, and in how many seconds."""
    host = urllib.parse.urlsplit(url)
    tls = ssl.create_default_context(cafile=authority)
    connection = http.client.HTTPSConnection(host.hostname or "", host.port, context=tls)
    connection.request("GET", "/seen")
    counts: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return counts


def resident() -> float:
    """Return the resident memory of the process in MB. Without /proc, return its peak."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except FileNotFoundError:
        return peak()
    return pages * resource.getpagesize() / 1e6


def _reset_peak() -> None:
    """Measure the peak from now on. Without this, it would include the imports and the fork."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """Return the peak of the resident memory of the process in MB."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
