"""How long the generated tests run: GUARANTEES_PROFILE is `ci`, the same every time, or `soak`."""

import os

from hypothesis import HealthCheck, settings

CI = os.environ.get("GUARANTEES_PROFILE", "ci") == "ci"


def generated(*, ci: int, soak: int, steps: int = 40) -> settings:
    """Settings for a test: so many examples, of so many steps where it is a state machine."""
    return settings(
        max_examples=ci if CI else soak,
        stateful_step_count=steps if CI else 2 * steps,
        derandomize=CI,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
