"""An authorizer in a process of its own, as Lambda starts it: the first handshake and many more.

Its environment is the deployed function's. Argument: the module. Reads the event from stdin, prints
JSON.
"""

import importlib
import io
import json
import sys
import time
from contextlib import redirect_stdout
from typing import Any

TIMES = 2_000


class Context:
    """Lambda's."""

    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        """Return the time-out of the authorizer."""
        return 10_000


def main(module: str) -> None:
    """Load, open once, open often."""
    authorizer = importlib.import_module(module)

    ready = time.monotonic(), time.process_time()
    event = json.load(sys.stdin)
    with redirect_stdout(io.StringIO()):  # the line of metrics that each handshake writes
        costs = [_opened(authorizer, event) for _ in range(TIMES + 1)]
    print(json.dumps({"ready": ready, "first": costs[0], "warm": costs[1:]}))


def _opened(authorizer: Any, event: Any) -> tuple[float, float]:
    """Wall and CPU seconds of a handshake that is let in."""
    wall, cpu = time.perf_counter(), time.process_time()
    policy = authorizer.handler(event, Context())
    cost = (time.perf_counter() - wall, time.process_time() - cpu)
    if policy["policyDocument"]["Statement"][0]["Effect"] != "Allow":
        raise RuntimeError(policy)
    return cost


if __name__ == "__main__":
    main(*sys.argv[1:])
