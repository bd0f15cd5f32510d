"""The chart of a load test."""

import pytest

from ops.load.chart import ticks


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (87, [0, 25, 50, 75, 100]),
        (100, [0, 25, 50, 75, 100]),
        (3, [0, 1, 2, 3]),
        (0.4, [0, 0.1, 0.2, 0.3, 0.4]),
        (0, [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_axes_have_round_steps(highest: float, expected: list[float]) -> None:
    """An axis has few values in round steps, and the last is no less than the highest value."""
    assert ticks(highest) == pytest.approx(expected)
