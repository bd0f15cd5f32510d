"""What a pause costs the processor: the same ten signatures at once, and after sleeping.

A small room's posts are one short burst a latency, on caches that went cold in between.
"""

import time
from datetime import UTC, datetime
from statistics import median

from chat.gateway.sigv4 import Credentials, FrameSigner, request_path

TIMES = 200


def signatures_after(pause: float) -> float:
    """CPU seconds of ten signatures after *pause* seconds of sleep."""
    costs = []
    for _ in range(TIMES):
        if pause:
            time.sleep(pause)
        begun = time.process_time()
        _sign_ten()
        costs.append(time.process_time() - begun)
    return median(costs)


def _sign_ten() -> None:
    signer = FrameSigner(
        Credentials("key", "secret", "token"),
        region="us-east-1",
        host="localhost",
        body=b"x" * 250,
        moment=datetime.now(UTC),
    )
    for number in range(10):
        signer.authorization(request_path("/stage", f"fine{number}A="))
