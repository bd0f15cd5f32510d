"""What is inside a card: a graph, a figure, or the states of alarms."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape

from tools.dashboard import formula, samples
from tools.dashboard.body import Line, Widget
from tools.dashboard.formula import Series
from tools.dashboard.scale import Scale, fitted, short

BEGINS = 18 * 60
"""The time of the left edge, in minutes of the day."""

LEFT, RIGHT, TOP, LEGEND = 50, 46, 36, 22

Draw = Callable[[Widget, int, int], Iterator[str]]


def values(widget: Widget, line: Line) -> Series:
    """A line's values; those of an expression come from the lines that it names."""
    if not line.expression:
        return samples.values(line)
    by_id = widget.by_id or {}
    return formula.evaluate(
        line.expression,
        lambda name: values(widget, by_id[name]),
        periods=samples.MINUTES * 60 // line.period,
    )


def graph(widget: Widget, width: int, height: int) -> Iterator[str]:
    """Lines over time, on one axis or two."""
    drawn = {line: values(widget, line) for line in widget.lines}
    if widget.stacked:
        drawn = _piled(drawn)
    sides = [{line: it for line, it in drawn.items() if line.right == right} for right in (0, 1)]
    legend, lines_of_legend = _legend(widget.lines, width)
    box = _Box(width, height, legend_rows=lines_of_legend, right=bool(sides[1]))
    yield from box.times()
    fill = 0.92 if widget.stacked else 0.2 if len(drawn) == 1 else 0
    for right, side in enumerate(sides):
        if side:
            low, high = widget.bounds if not right else (None, None)
            scale = fitted(_known(side.values()), low=low, high=high)
            yield from box.axis(scale, right=bool(right))
            for line, series in reversed(side.items()):
                yield box.curve(series, scale, line.colour, fill=fill)
    yield f'<g transform="translate(0 {height - 12 - 16 * (lines_of_legend - 1)})">'
    yield from legend
    yield "</g>"


def _piled(drawn: Mapping[Line, Series]) -> dict[Line, Series]:
    """Each on top of those before it."""
    piled: dict[Line, Series] = {}
    below: Series = [0.0] * len(next(iter(drawn.values())))
    for line, series in drawn.items():
        below = [(a or 0) + (b or 0) for a, b in zip(below, series, strict=True)]
        piled[line] = below
    return piled


def _known(all_series: Iterable[Series]) -> list[float]:
    return [value for series in all_series for value in series if value is not None]


def _legend(lines: Sequence[Line], width: int) -> tuple[list[str], int]:
    """Names with their colours, in as many rows as they need."""
    found: list[str] = []
    x, row = 14.0, 0
    for line in lines:
        text = line.label + (" (right)" if line.right else "")
        room = 24 + 6.0 * len(text)
        if x + room > width - 6 and x > 14:
            x, row = 14.0, row + 1
        y = row * 16
        found.append(
            f'<rect x="{x}" y="{y - 8}" width="9" height="9" rx="2" fill="{line.colour}"/>'
        )
        found.append(f'<text class="legend" x="{x + 13}" y="{y}">{escape(text)}</text>')
        x += room
    return found, row + 1


class _Box:
    """Where the curves of one graph are."""

    def __init__(self, width: int, height: int, *, legend_rows: int, right: bool) -> None:
        self.x0, self.x1 = LEFT, width - (RIGHT if right else 16)
        self.y0, self.y1 = TOP, height - 22 - LEGEND - 16 * (legend_rows - 1)

    def _x(self, share: float) -> float:
        return round(self.x0 + share * (self.x1 - self.x0), 1)

    def _y(self, share: float) -> float:
        return round(self.y1 - share * (self.y1 - self.y0), 1)

    def times(self) -> Iterator[str]:
        """The time axis."""
        every = 60 if self.x1 - self.x0 < 330 else 30
        for minute in range(0, samples.MINUTES + 1, every):
            hour, rest = divmod(BEGINS + minute, 60)
            yield (
                f'<text class="tick" x="{self._x(minute / samples.MINUTES)}" y="{self.y1 + 16}" '
                f'text-anchor="middle">{hour:02}:{rest:02}</text>'
            )

    def axis(self, scale: Scale, *, right: bool) -> Iterator[str]:
        """Its numbers, and for the left one the lines across."""
        x, anchor = (self.x1 + 7, "start") if right else (self.x0 - 7, "end")
        for tick in scale.ticks:
            y = self._y(scale.at(tick))
            if not right:
                kind = "base" if tick == scale.low else "grid"
                yield f'<path class="{kind}" d="M{self.x0} {y}H{self.x1}"/>'
            text = short(tick, beside=scale.high)
            yield f'<text class="tick" x="{x}" y="{y + 3.5}" text-anchor="{anchor}">{text}</text>'

    def curve(self, series: Series, scale: Scale, colour: str, *, fill: float) -> str:
        """One line, filled down to the axis as far as *fill*."""
        last = len(series) - 1
        points = [
            f"{self._x(n / last)} {self._y(scale.at(value))}"
            for n, value in enumerate(series)
            if value is not None
        ]
        path = "M" + "L".join(points)
        line = f'<path class="line" stroke="{colour}" d="{path}"/>'
        if not fill:
            return line
        floor = self._y(0)
        area = f"{path}L{points[-1].split()[0]} {floor}L{points[0].split()[0]} {floor}Z"
        return f'<path fill="{colour}" fill-opacity="{fill}" d="{area}"/>{line}'


def figure(widget: Widget, width: int, height: int) -> Iterator[str]:
    """The newest value, large, over how it came to be."""
    (line,) = widget.lines
    series = [value for value in values(widget, line) if value is not None]
    scale = fitted(series, low=None, high=None)
    top, bottom = 76, height - 10
    points = [
        f"{round(14 + (width - 28) * n / (len(series) - 1), 1)} "
        f"{round(bottom - (bottom - top) * scale.at(value), 1)}"
        for n, value in enumerate(series)
    ]
    path = "M" + "L".join(points)
    yield f'<path class="line" stroke="{line.colour}" opacity=".75" d="{path}"/>'
    newest = series[-1]
    text = f"{newest:.2f}" if line.label == "%" else short(round(newest, 1 if newest < 10 else 0))
    yield (
        f'<text class="big" x="14" y="62">{text}'
        f'<tspan class="unit" dx="6">{escape(line.label)}</tspan></text>'
    )


def alarms(widget: Widget, width: int, _height: int) -> Iterator[str]:
    """A chip for each alarm; those that tell people come first."""
    x, y = 14, 34
    for name in widget.alarms:
        room = 36 + 7 * len(name)
        if x + room > width - 10:
            x, y = 14, y + 30
        yield (
            f'<g transform="translate({x} {y})">'
            f'<rect width="{room}" height="24" rx="12" fill="#eaf6ec" stroke="#b9dfbf"/>'
            '<circle cx="15" cy="12" r="5" fill="#2c974b"/>'
            f'<text class="state" x="26" y="16.3">{escape(name)}</text></g>'
        )
        x += room + 8


CARDS: Mapping[str, Draw] = {"timeSeries": graph, "singleValue": figure, "alarm": alarms}
"""By the kind of the widget."""
