"""Write docs/images/dashboard.svg from the JSON of a dashboard on the standard input."""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tools.dashboard.sample_data import MINUTES, sample

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "dashboard.svg"
COLUMNS, ROW, WIDTH = 24, 0.42, 16
"""Columns of CloudWatch's grid, inches of a row of it, and inches of the picture."""
TITLE = "Sample data, no measurement: three hours with a burst in one large room at 20:02"
STYLE = {"font.size": 7, "svg.fonttype": "none", "svg.hashsalt": "same data, same picture"}
FUNCTIONS = {
    "FILL": lambda values, instead: np.where(np.isnan(values), instead, values),
    "IF": np.where,
    "RUNNING_SUM": np.cumsum,
}
"""Functions of CloudWatch's metric math that the dashboard uses."""

Metric = Sequence[Any]
"""A metric of a widget: namespace, name, dimensions and options."""


def draw(body: str) -> Figure:
    """Return the picture of a dashboard, with each widget at its place in the grid."""
    widgets = json.loads(body)["widgets"]
    rows = max(widget["y"] + widget["height"] for widget in widgets) + 1
    figure = Figure(figsize=(WIDTH, rows * ROW))
    figure.text(0.5, 1 - 0.5 / rows, TITLE, ha="center", va="center", weight="bold", size=10)
    for widget in widgets:
        x, y, width, height = (widget[key] for key in ("x", "y", "width", "height"))
        bottom = 1 - (1 + y + height) / rows
        left, up, wide, high = (x + 0.9) / COLUMNS, 0.95 / rows, width - 1.6, height - 1.9
        axes = figure.add_axes((left, bottom + up, wide / COLUMNS, high / rows))
        axes.set_title(widget["properties"]["title"], loc="left", weight="bold")
        _draw_widget(axes, widget["type"], widget["properties"])
    return figure


def _draw_widget(axes: Axes, kind: str, properties: Mapping[str, Any]) -> None:
    """Draw the alarms, the newest value or the graph of a widget."""
    if kind == "alarm":
        axes.axis("off")
        names = [arn.removeprefix("Alarms") for arn in properties["alarms"]]
        lines = (names[start : start + 5] for start in range(0, len(names), 5))
        axes.text(0, 0.9, "\n".join(",  ".join(line) for line in lines), va="top")
        return
    shown = [it for it in properties["metrics"] if it[-1].get("visible", True)]
    if properties["view"] == "singleValue":
        axes.axis("off")
        newest = _values(shown[0], properties["metrics"])[-1]
        axes.text(0, 0.2, f"{newest:,.4g} {shown[0][-1]['label']}", fontsize=16)
    else:
        _draw_graph(axes, shown, properties)


def _draw_graph(axes: Axes, shown: Sequence[Metric], properties: Mapping[str, Any]) -> None:
    """Draw each metric as a line on its axis, or all of them stacked."""
    right = axes.twinx() if any(it[-1].get("yAxis") == "right" for it in shown) else axes
    values = [_values(metric, properties["metrics"]) for metric in shown]
    labels = [metric[-1]["label"] for metric in shown]
    time = np.linspace(18, 18 + MINUTES / 60, len(values[0]))
    if properties.get("stacked"):
        axes.stackplot(time, values, labels=labels)
    else:
        for n, (metric, line) in enumerate(zip(shown, values, strict=True)):
            side = right if metric[-1].get("yAxis") == "right" else axes
            side.plot(time, line, f"C{n}", linewidth=0.9, label=labels[n])
    right.set_ylim(bottom=None if right is axes else 0)
    limits = properties.get("yAxis", {}).get("left", {})
    axes.set_ylim(bottom=limits.get("min"), top=limits.get("max"))
    axes.set_xticks([18, 19, 20, 21], ["18:00", "19:00", "20:00", "21:00"])
    handles = [it for side in {axes: 0, right: 0} for it in side.get_legend_handles_labels()[0]]
    axes.legend(handles=handles, loc="upper left", ncols=2 if len(shown) > 4 else 1)


def _values(metric: Metric, metrics: Sequence[Metric]) -> np.ndarray:
    """Return the sample data of a metric, or the value of its expression."""
    *path, options = metric
    if "expression" not in options:
        name = " ".join([*path[1:2], *path[3:4], options.get("stat", "")])
        return sample(name, options.get("period", 300)).astype(float)
    names = {it[-1]["id"]: it for it in metrics if it[-1].get("id")}
    expression = options["expression"]
    used = {name: _values(it, metrics) for name, it in names.items() if name in expression}
    return eval(expression, {**FUNCTIONS, **used})  # noqa: S307 - an expression of our template


if __name__ == "__main__":
    given = sys.stdin.read()
    matplotlib.rcParams.update(STYLE)
    fingerprint = hashlib.sha256(given.encode()).hexdigest()
    draw(given).savefig(PICTURE, metadata={"Date": None, "Description": fingerprint})
