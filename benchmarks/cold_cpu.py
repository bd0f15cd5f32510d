"""Cost of cold processor caches: the same ten signatures without a pause, and after sleeping.

The posts of a small room are one short burst per message, and caches get cold in between.
"""

import time
from datetime import UTC, datetime
from statistics import median

from chat.gateway.sigv4 import Credentials, FrameSigner, request_path

ROUNDS = 200


def signatures_after(pause: float) -> float:
    """Return the median CPU seconds of ten signatures after *pause* seconds of sleep."""
    costs = []
    for _ in range(ROUNDS):
        if pause:
            time.sleep(pause)
        began = time.process_time()
        _sign_ten()
        costs.append(time.process_time() - began)
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
