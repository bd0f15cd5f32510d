"""An invocation's time for AWS calls."""

import pytest

from chat.runtime.deadlines import RESERVE, InvocationDeadline, OutOfTimeError


def test_lets_calls_begin_in_time() -> None:
    """Before any invocation, and well before its end, calls may begin."""
    budget = InvocationDeadline()
    budget.check()

    budget.start(60_000)

    budget.check(request="anything that botocore passes")


def test_refuses_late_calls() -> None:
    """Within the reserve no call may begin any more; the next invocation starts afresh."""
    budget = InvocationDeadline()

    budget.start(int(RESERVE * 1000) - 1)

    with pytest.raises(OutOfTimeError):
        budget.check()
    budget.start(60_000)
    budget.check()
