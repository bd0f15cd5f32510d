"""How many examples the generated tests run, by the environment variable TEST_PROFILE.

`full` is the default and that of `make test`. `unit` is that of `make unit`, with a fifteenth of
the examples. Both run the same examples every time. `soak` is that of `make soak`.
"""

import os

from hypothesis import HealthCheck, settings

PROFILE = os.environ.get("TEST_PROFILE", "full")
SOAK = PROFILE == "soak"
UNIT_SHARE = 15


def generated(*, full: int, soak: int, steps: int = 40) -> settings:
    """Return settings with a number of examples; *steps* is the length of a state machine's."""
    examples = {"full": full, "unit": max(1, full // UNIT_SHARE), "soak": soak}
    return settings(
        max_examples=examples[PROFILE],
        stateful_step_count=2 * steps if SOAK else steps,
        derandomize=not SOAK,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
