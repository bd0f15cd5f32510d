"""The picture of a load: percentiles of each second."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from ops.load.plan import ACK, RECEIPT
from tools.dashboard.scale import Scale, fitted, short

CURVES = {"p50": "#2a78d6", "p95": "#b26a00", "p99": "#c2334d"}
"""Colours that can be told apart on white and on black."""

WIDTH, HEIGHT, LEFT, TOP, GAP = 760, 190, 64, 56, 60
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}"
    ".title{font-weight:600;fill:#24292f}.grid{stroke:#8c959f55}.curve{fill:none;stroke-width:2}"
    "@media(prefers-color-scheme:dark){text{fill:#9da7b3}.title{fill:#e6edf3}}"
)

Samples = Sequence[Mapping[str, float]]
"""A `second` since the beginning, and milliseconds by curve."""


def draw(by_second: Mapping[str, Samples], *, title: str) -> str:
    """An SVG with a graph for the replies and one for the receipts."""
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


def _graph(found: Samples, name: str, place: int) -> Iterator[str]:
    top = TOP + place * (HEIGHT + GAP)
    values = [row[curve] for row in found for curve in CURVES]
    scale = fitted(values, low=0, high=None)
    yield f'<text x="{LEFT}" y="{top - 8}">{escape(name)}, milliseconds</text>'
    yield from _axis(scale, top)
    if not found:
        return
    until = max(row["second"] for row in found) or 1
    for n, (curve, colour) in enumerate(CURVES.items()):
        places = (LEFT + (WIDTH - LEFT - 16) * row["second"] / until for row in found)
        heights = (top + HEIGHT * (1 - scale.at(row[curve])) for row in found)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(places, heights, strict=True))
        yield f'<polyline class="curve" stroke="{colour}" points="{path}"/>'
        x = WIDTH - 190 + n * 60
        yield f'<rect x="{x}" y="{top - 16}" width="10" height="10" rx="2" fill="{colour}"/>'
        yield f'<text x="{x + 14}" y="{top - 7}">{curve}</text>'
    yield f'<text x="{LEFT}" y="{top + HEIGHT + 20}">0 s</text>'
    end = f'x="{WIDTH - 16}" y="{top + HEIGHT + 20}" text-anchor="end"'
    yield f"<text {end}>{until:,.0f} s</text>"


def _axis(scale: Scale, top: int) -> Iterator[str]:
    for tick in scale.ticks:
        y = top + HEIGHT * (1 - scale.at(tick))
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}"/>'
        label = escape(short(tick, beside=scale.high))
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
