"""Chart of a load test: percentiles of each second."""

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from ops.load.plan import ACK, RECEIPT

CURVES = {"p50": "#2a78d6", "p95": "#b26a00", "p99": "#c2334d"}
"""Colours that are distinct on white and on black."""

WIDTH, HEIGHT, LEFT, TOP, GAP = 760, 190, 64, 56, 60
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}"
    ".title{font-weight:600;fill:#24292f}.grid{stroke:#8c959f55}.curve{fill:none;stroke-width:2}"
    "@media(prefers-color-scheme:dark){text{fill:#9da7b3}.title{fill:#e6edf3}}"
)

Samples = Sequence[Mapping[str, float]]
"""Percentiles in milliseconds of each `second` since the beginning."""


def draw(by_second: Mapping[str, Samples], *, title: str) -> str:
    """Return an SVG with a graph for the replies and one for the receipts."""
    parts = [_graph(by_second[name], name, n) for n, name in enumerate((ACK, RECEIPT))]
    height = TOP + 2 * (HEIGHT + GAP)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            f'<text class="title" x="16" y="26">{escape(title)}</text>',
            *(line for part in parts for line in part),
            "</svg>\n",
        ]
    )


def ticks(highest: float) -> list[float]:
    """Return the values of an axis from 0 to *highest* or above it, at most 6 in round steps."""
    highest = highest or 1.0
    least = highest / 4
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= least * 0.999)
    return [step * n for n in range(math.ceil(highest / step - 1e-9) + 1)]


def _graph(found: Samples, name: str, place: int) -> Iterator[str]:
    """Yield the elements of one graph: its title, its axes and a line for each percentile."""
    top = TOP + place * (HEIGHT + GAP)
    axis = ticks(max((row[curve] for row in found for curve in CURVES), default=1.0))
    yield f'<text x="{LEFT}" y="{top - 8}">{escape(name)}, milliseconds</text>'
    yield from _axis(axis, top)
    if not found:
        return
    until = max(row["second"] for row in found) or 1
    for n, (curve, colour) in enumerate(CURVES.items()):
        across = (LEFT + (WIDTH - LEFT - 16) * row["second"] / until for row in found)
        heights = (top + HEIGHT * (1 - row[curve] / axis[-1]) for row in found)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, heights, strict=True))
        yield f'<polyline class="curve" stroke="{colour}" points="{path}"/>'
        x = WIDTH - 190 + n * 60
        yield f'<rect x="{x}" y="{top - 16}" width="10" height="10" rx="2" fill="{colour}"/>'
        yield f'<text x="{x + 14}" y="{top - 7}">{curve}</text>'
    yield f'<text x="{LEFT}" y="{top + HEIGHT + 20}">0 s</text>'
    end = f'x="{WIDTH - 16}" y="{top + HEIGHT + 20}" text-anchor="end"'
    yield f"<text {end}>{until:,.0f} s</text>"


def _axis(axis: Sequence[float], top: int) -> Iterator[str]:
    """Yield a line and a number for each value of the vertical axis."""
    for tick in axis:
        y = top + HEIGHT * (1 - tick / axis[-1])
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:,g}</text>'
