"""What the template says of the dashboard: widgets, where they are, and what they show."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PALETTE = (
    *("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd"),
    *("#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"),
)
"""CloudWatch's own, in its order."""


@dataclass(frozen=True, slots=True)
class Line:
    """A metric or an expression of a widget."""

    label: str
    colour: str
    right: bool
    period: int
    """Seconds."""
    expression: str = ""
    name: str = ""
    stat: str = ""
    of: str = ""
    """The logical id, or the code, that tells this metric from others of its name."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One card of the dashboard; places and sizes are in CloudWatch's 24 columns."""

    title: str
    kind: str
    """`timeSeries`, `singleValue` or `alarm`."""
    place: tuple[int, int, int, int]
    """x, y, width, height."""
    lines: tuple[Line, ...] = ()
    """What is drawn."""
    by_id: Mapping[str, Line] | None = None
    """What expressions may refer to."""
    stacked: bool = False
    unit: str = ""
    bounds: tuple[float | None, float | None] = (None, None)
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard, and a fingerprint of all that its picture depends on."""

    widgets: tuple[Widget, ...]
    fingerprint: str


def read(template: Mapping[str, Any]) -> Board:
    """The one dashboard of a template."""
    resources = template["Resources"].values()
    (found,) = [it for it in resources if it["Type"] == "AWS::CloudWatch::Dashboard"]
    text = _resolved(found["Properties"]["DashboardBody"])
    widgets = tuple(_widget(given) for given in json.loads(text)["widgets"])
    return Board(widgets, hashlib.sha256(text.encode()).hexdigest()[:16])


def _resolved(value: Any) -> str:
    """A template's string, with logical ids for what only a deployment knows."""
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    if function == "Fn::Join":
        return str(argument[0]).join(_resolved(part) for part in argument[1])
    return str(argument[0] if function == "Fn::GetAtt" else argument)


def plain(logical_id: str) -> str:
    """A logical id without the hash at its end."""
    return re.sub(r"[0-9A-F]{8}$", "", logical_id)


def _widget(given: Mapping[str, Any]) -> Widget:
    properties = given["properties"]
    place = (given["x"], given["y"], given["width"], given["height"])
    if given["type"] == "alarm":
        names = tuple(plain(arn).removeprefix("Alarms") for arn in properties["alarms"])
        return Widget(properties["title"], "alarm", place, alarms=names)
    shown, by_id = _lines(properties["metrics"])
    axis = properties.get("yAxis", {}).get("left", {})
    return Widget(
        properties["title"],
        properties["view"],
        place,
        lines=tuple(shown),
        by_id=by_id,
        stacked=properties.get("stacked", False),
        unit=axis.get("label", ""),
        bounds=(axis.get("min"), axis.get("max")),
    )


def _lines(metrics: Sequence[Sequence[Any]]) -> tuple[list[Line], dict[str, Line]]:
    """What is drawn, and what has an id."""
    shown: list[Line] = []
    by_id: dict[str, Line] = {}
    for entry in metrics:
        *path, options = entry if isinstance(entry[-1], Mapping) else [*entry, {}]
        line = _line(path, options, PALETTE[len(shown) % len(PALETTE)])
        if options.get("visible", True):
            shown.append(line)
        if "id" in options:
            by_id[options["id"]] = line
    return shown, by_id


def _line(path: Sequence[str], options: Mapping[str, Any], colour: str) -> Line:
    name, *dimensions = path[1:] if path else ("",)
    told = dict(zip(dimensions[::2], dimensions[1::2], strict=True))
    return Line(
        label=options.get("label", name),
        colour=options.get("color", colour),
        right=options.get("yAxis") == "right",
        period=options.get("period", 300),
        expression=options.get("expression", ""),
        name=name,
        stat=options.get("stat", "Average"),
        of=plain(next(iter(told.values()), "")),
    )
