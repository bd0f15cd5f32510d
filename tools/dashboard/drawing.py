"""The dashboard as SVG: a card for each widget, where CloudWatch would put it."""

from collections.abc import Iterator, Sequence
from html import escape

from tools.dashboard import cards
from tools.dashboard.body import Board, Widget

COLUMN, ROW, GAP = 62, 45, 10
"""Pixels of CloudWatch's grid."""

MARGIN, HEAD = 18, 74

STYLE = """
text { font-family: "Amazon Ember", "Helvetica Neue", Helvetica, Arial, sans-serif; fill: #16191f }
.card { fill: #fff; stroke: #d9dee3 }
.title { font-size: 13.5px; font-weight: 600 }
.tick, .legend { font-size: 10.5px; fill: #5f6b7a }
.legend { font-size: 11px }
.grid { stroke: #eceff2 }
.base { stroke: #b6bec9 }
.line { fill: none; stroke-width: 1.6; stroke-linejoin: round }
.big { font-size: 34px; font-weight: 300 }
.unit { font-size: 13px; fill: #5f6b7a }
.head { font-size: 22px; font-weight: 700; fill: #fff }
.note { font-size: 13px; fill: #c6d0db }
.badge { font-size: 12.5px; font-weight: 700; fill: #16191f; letter-spacing: .06em }
.mark { font-size: 10px; fill: #9aa5b1 }
.state { font-size: 12px; font-weight: 600 }
"""


def draw(board: Board, *, title: str) -> str:
    """The whole picture."""
    width = 24 * COLUMN + 2 * MARGIN
    lowest = max(it.place[1] + it.place[3] for it in board.widgets)
    height = HEAD + lowest * ROW + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" data-structure="{board.fingerprint}">',
        f"<title>The dashboard of {escape(title)}, with sample data</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#f2f4f7"/>',
        *_head(title, width),
        *(_card(widget) for widget in board.widgets),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _head(title: str, width: int) -> Iterator[str]:
    """What it is, and above all what it is not."""
    yield f'<rect width="{width}" height="{HEAD - 16}" fill="#16202c"/>'
    yield f'<text class="head" x="{MARGIN + 4}" y="37">{escape(title)}</text>'
    yield (
        f'<text class="note" x="{MARGIN + 130}" y="36">Is the chat well? Three hours of an '
        "evening, a burst in one large room at 20:02</text>"
    )
    yield f'<rect x="{width - 334}" y="16" width="316" height="27" rx="13.5" fill="#ffb74a"/>'
    yield (
        f'<text class="badge" x="{width - 176}" y="34" text-anchor="middle">'
        "SAMPLE DATA, NO MEASUREMENT</text>"
    )


def _card(widget: Widget) -> str:
    """One widget, in a group that bears its title."""
    x, y, columns, rows = widget.place
    width, height = columns * COLUMN - GAP, rows * ROW - GAP
    inside: Sequence[str] = list(cards.CARDS[widget.kind](widget, width, height))
    return "\n".join(
        [
            f'<g transform="translate({MARGIN + x * COLUMN + GAP // 2} {HEAD + y * ROW})" '
            f'data-widget="{escape(widget.title, quote=True)}">',
            f'<rect class="card" width="{width}" height="{height}" rx="7"/>',
            f'<text class="title" x="14" y="22">{escape(widget.title)}'
            f'<tspan class="unit" dx="6">{escape(widget.unit)}</tspan></text>',
            *inside,
            "</g>",
        ]
    )
