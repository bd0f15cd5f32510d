"""Axes: round steps, short numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places between 0, the bottom, and 1."""

    low: float
    high: float
    step: float

    def at(self, value: float) -> float:
        """Where a value is; what is off the axis is at its end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    @property
    def ticks(self) -> Sequence[float]:
        """The values that the axis names."""
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * n for n in range(count + 1)]


def fitted(values: Sequence[float], *, low: float | None, high: float | None) -> Scale:
    """A scale for *values* in at most five steps, from *low* to *high* where they are given."""
    bottom = low if low is not None else min([0.0, *values] if high is None else values)
    top = high if high is not None else max(values, default=1.0)
    if top <= bottom:
        top = bottom + 1
    step = _step((top - bottom) / 4)
    lowest = math.floor(bottom / step + 1e-9) * step if low is None else low
    highest = high if high is not None else lowest + math.ceil((top - lowest) / step - 1e-9) * step
    return Scale(lowest, highest, step)


def _step(least: float) -> float:
    """The next of 1, 2, 2.5, 5 and their tenfolds."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= least * 0.999)


def short(value: float, *, beside: float = 0) -> str:
    """A number as a person would say it *beside* a larger one: 12.5K, 3M, 0.2."""
    size = max(abs(value), beside)
    for limit, letter in ((1e6, "M"), (1e4, "K")):
        if size >= limit:
            divisor = 1e6 if letter == "M" else 1e3
            return f"{value / divisor:.1f}".removesuffix(".0") + (letter if value else "")
    if abs(value) >= 1_000 or round(value, 6) == round(value):
        return f"{value:,.0f}"
    return f"{value:.2f}".rstrip("0").rstrip(".")
