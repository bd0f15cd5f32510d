"""The deadline of an invocation's AWS calls."""

import pytest

from chat.runtime.deadlines import RESERVE, InvocationDeadline, OutOfTimeError


def test_calls_may_begin_in_time() -> None:
    """Calls may begin before any invocation, and well before its end."""
    budget = InvocationDeadline()
    budget.check()

    budget.start(60_000)

    budget.check(request="anything that botocore passes")


def test_refuses_late_calls() -> None:
    """Within the reserve no call may begin; the next invocation has its own deadline."""
    budget = InvocationDeadline()

    budget.start(int(RESERVE * 1000) - 1)

    with pytest.raises(OutOfTimeError):
        budget.check()
    budget.start(60_000)
    budget.check()
