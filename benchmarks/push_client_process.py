"""One contestant in a process of its own: sends some rounds, prints what they cost as JSON."""

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

from benchmarks.push_clients import CONTESTANTS, Send


def main() -> None:
    """Arguments: the contestant, the stub's URL, its authority, and the task as JSON."""
    name, url, authority, task = sys.argv[1:]
    given = json.loads(task)
    send = CONTESTANTS[name](url, authority)
    before = resident()
    _forget_peak()
    rounds = [_round(send, url, authority, number, given) for number in range(given["rounds"] + 1)]
    print(json.dumps({"rounds": rounds, "extra_mb": peak() - before}))
    sys.stdout.flush()
    os._exit(0)  # not the wait for threads and loops that still hold hanging posts


def _round(send: Send, url: str, authority: str, number: int, task: Any) -> dict[str, Any]:
    """One frame to everyone: CPU and wall seconds of the call, and what the stub saw of it."""
    everyone = recipients(number, **task["recipients"])
    cpu, wall = time.process_time(), time.perf_counter()
    send(everyone)
    cost = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return cost | seen(url, authority)


def recipients(number: int, *, fine: int, busy: int = 0, hang: int = 0) -> Sequence[str]:
    """Connection ids, those of busy and hanging ones spread evenly among the fine."""
    kinds = {"fine": fine, "busy": busy, "hang": hang}
    placed = [
        ((n + 0.5) / count, f"{kind}{number:03d}{n:06d}A=")
        for kind, count in kinds.items()
        for n in range(count)
    ]
    return [id_ for _, id_ in sorted(placed)]


def seen(url: str, authority: str) -> dict[str, Any]:
    """How many the stub has served since it was last asked, and the seconds that took."""
    host = urllib.parse.urlsplit(url)
    tls = ssl.create_default_context(cafile=authority)
    connection = http.client.HTTPSConnection(host.hostname or "", host.port, context=tls)
    connection.request("GET", "/seen")
    told: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return told


def resident() -> float:
    """The process's memory now, in MB; where there is no /proc, at its peak."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except FileNotFoundError:
        return peak()
    return pages * resource.getpagesize() / 1e6


def _forget_peak() -> None:
    """Count the peak from here; else it would be that of the imports, or of the parent's fork."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """The most memory that the process has had, in MB."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
