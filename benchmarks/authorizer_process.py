"""An authorizer in a process of its own, as Lambda starts it: one first handshake and many more.

Its environment is that of the deployed function. Its argument is the module.
It reads the event from the standard input and prints JSON.
"""

import importlib
import io
import json
import sys
import time
from contextlib import redirect_stdout
from typing import Any

from benchmarks.lambda_context import LambdaContext

WARM_HANDSHAKES = 2_000


def main(module: str) -> None:
    """Import the authorizer, then measure its handshakes."""
    authorizer = importlib.import_module(module)

    ready = time.monotonic(), time.process_time()
    event = json.load(sys.stdin)
    with redirect_stdout(io.StringIO()):  # each handshake writes a line of metrics
        costs = [_measure(authorizer, event) for _ in range(WARM_HANDSHAKES + 1)]
    print(json.dumps({"ready": ready, "first": costs[0], "warm": costs[1:]}))


def _measure(authorizer: Any, event: Any) -> tuple[float, float]:
    """Return the wall and CPU seconds of an accepted handshake."""
    wall, cpu = time.perf_counter(), time.process_time()
    policy = authorizer.handler(event, LambdaContext())
    cost = (time.perf_counter() - wall, time.process_time() - cpu)
    if policy["policyDocument"]["Statement"][0]["Effect"] != "Allow":
        raise RuntimeError(policy)
    return cost


if __name__ == "__main__":
    main(*sys.argv[1:])
