"""Lines of the report: aligned columns, and numbers with units."""

from collections.abc import Sequence

Row = Sequence[str]


def table(title: str, head: Row, rows: Sequence[Row]) -> str:
    """Return a Markdown table that is also readable in a terminal; numbers are on the right."""
    lines = [head, *rows]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    body = [_line(line, widths) for line in rows]
    rule = "|".join([f" {'-' * widths[0]} ", *(f" {'-' * (width - 1)}: " for width in widths[1:])])
    return "\n".join([f"\n### {title}\n", _line(head, widths), f"|{rule}|", *body])


def _line(cells: Row, widths: Sequence[int]) -> str:
    first, *rest = cells
    padded = [first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))]
    return f"| {' | '.join(padded)} |"


def ms(seconds: float) -> str:
    """Return a time in milliseconds, with a decimal below 100 ms."""
    return f"{seconds * 1e3:,.{0 if seconds >= 0.1 else 1}f} ms"


def us(seconds: float) -> str:
    """Return a time in microseconds."""
    return f"{seconds * 1e6:,.0f} us"


def mb(megabytes: float) -> str:
    """Return a size in megabytes."""
    return f"{megabytes:.1f} MB"


def times(ratio: float) -> str:
    """Return a ratio."""
    return f"{ratio:.2f} x"
