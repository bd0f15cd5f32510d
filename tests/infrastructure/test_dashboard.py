"""The dashboard: what it shows, and its picture in the documents."""

import json
import re
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from chat.observability.metrics import UNITS
from chat_stack.monitoring.metrics import CODES
from tests.infrastructure.synthesis import CONTEXT, PROJECT, Synthesized, synthesize
from tools.dashboard.body import Board, Widget, read
from tools.dashboard.drawing import COLUMN, HEAD, ROW, draw
from tools.dashboard.formula import evaluate
from tools.dashboard.scale import fitted, short

PICTURE = PROJECT / "docs" / "images" / "dashboard.svg"
SVG = "{http://www.w3.org/2000/svg}"


def body(stack: Synthesized) -> dict[str, Any]:
    """The dashboard's JSON, with a word for whatever only a deployment knows."""
    given = stack.only("AWS::CloudWatch::Dashboard")["DashboardBody"]
    parts = given["Fn::Join"][1]
    found: dict[str, Any] = json.loads("".join(p if isinstance(p, str) else "it" for p in parts))
    return found


def paths(stack: Synthesized) -> list[list[str]]:
    """The namespace, name and dimensions of every metric on it."""
    entries = [m for w in body(stack)["widgets"] for m in w["properties"].get("metrics", ())]
    found = [[part for part in entry if isinstance(part, str)] for entry in entries]
    return [path for path in found if path]


def cards(picture: str) -> list[tuple[str, ElementTree.Element]]:
    """The widgets of a picture, by their titles."""
    groups = ElementTree.fromstring(picture).iter(f"{SVG}g")  # noqa: S314 - our own
    return [(it.attrib["data-widget"], it) for it in groups if "data-widget" in it.attrib]


def texts(card: ElementTree.Element) -> str:
    return "|".join("".join(it.itertext()) for it in card.iter(f"{SVG}text"))


@pytest.fixture(scope="module")
def board(prod: Synthesized) -> Board:
    """What is to be drawn."""
    return read(prod.template.to_json())


def test_answers_whether_the_chat_is_well(prod: Synthesized) -> None:
    """People, posts, speed, errors, throttles, the store, the queue and the bill are on it."""
    shown = {(path[0], path[1]) for path in paths(prod)}

    own = "LiveChat/Chat-prod"
    assert shown >= {
        *((own, name) for name in ("Messages", "Recipients", "Delivered", "Connects", "Failed")),
        *((own, name) for name in ("FanoutTime", "StoreTime", "Errors")),
        ("AWS/Lambda", "Throttles"),
        ("AWS/DynamoDB", "WriteThrottleEvents"),
        ("AWS/DynamoDB", "ConsumedWriteCapacityUnits"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
        ("AWS/ApiGateway", "MessageCount"),
        ("AWS/Logs", "IncomingBytes"),
    }


@pytest.mark.parametrize("name", ["FanoutTime", "StoreTime", "Duration"])
def test_speed_is_three_percentiles(prod: Synthesized, name: str) -> None:
    """The middle, and the two ends that people notice."""
    metrics = [m for w in body(prod)["widgets"] for m in w["properties"].get("metrics", ())]

    stats = {m[-1]["stat"] for m in metrics if name in m[:2] and m[-1].get("period") == 60}

    assert stats >= {"p50", "p95", "p99"}


def test_every_code_is_shown(prod: Synthesized) -> None:
    """No kind of error is out of sight."""
    codes = {path[3] for path in paths(prod) if path[1:3] == ["Errors", "Code"]}

    assert codes == set(CODES)


def test_what_is_shown_is_written(prod: Synthesized) -> None:
    """A graph of a metric that no function writes would be empty for ever."""
    own = {path[1] for path in paths(prod) if path[0].startswith("LiveChat/")}

    assert own <= {*UNITS, "Errors"}


def test_every_alarm_is_on_it(prod: Synthesized) -> None:
    """By their states, once each."""
    alarms = [alarm for widget in read(prod.template.to_json()).widgets for alarm in widget.alarms]

    kinds = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
    assert len(alarms) == len(set(alarms)) == sum(len(prod.resources(kind)) for kind in kinds)


def test_widgets_fit(board: Board) -> None:
    """Within the 24 columns, none over another, each with a title of its own."""
    for widget in board.widgets:
        x, _, width, _ = widget.place
        assert 0 <= x < x + width <= 24
    assert not [pair for pair in combinations(board.widgets, 2) if _overlap(*pair)]
    titles = [widget.title for widget in board.widgets]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def _overlap(a: Widget, b: Widget) -> bool:
    (ax, ay, aw, ah), (bx, by, bw, bh) = a.place, b.place
    return ax < bx + bw and bx < ax + aw and ay < by + bh and by < ay + ah


def test_every_widget_is_drawn_where_it_is(prod: Synthesized, board: Board) -> None:
    """The picture has the template's widgets, in their places, with a curve for each metric."""
    given = body(prod)["widgets"]

    drawn = cards(draw(board, title="Chat-prod"))

    assert [title for title, _ in drawn] == [it["properties"]["title"] for it in given]
    for (_, card), widget in zip(drawn, given, strict=True):
        place = re.findall(r"\d+", card.attrib["transform"])
        assert int(place[0]) // COLUMN == widget["x"]
        assert int(place[1]) == HEAD + widget["y"] * ROW
        shown = [
            metric[-1]
            for metric in widget["properties"].get("metrics", ())
            if metric[-1].get("visible", True)
        ]
        curves = [it for it in card.iter(f"{SVG}path") if it.attrib.get("class") == "line"]
        assert len(curves) == len(shown)
        assert all(it["label"] in texts(card) for it in shown)
        assert texts(card).count("Trouble") == sum("Trouble" in it for it in _states(board, card))


def _states(board: Board, card: ElementTree.Element) -> tuple[str, ...]:
    return next(it.alarms for it in board.widgets if it.title == card.attrib["data-widget"])


def test_the_picture_is_of_this_dashboard(board: Board) -> None:
    """When this fails, the dashboard has changed since: `make dashboard`, and look at it."""
    root = ElementTree.fromstring(PICTURE.read_text())  # noqa: S314 - our own

    assert root.attrib["data-structure"] == board.fingerprint
    assert [title for title, _ in cards(PICTURE.read_text())] == [it.title for it in board.widgets]


def test_the_picture_says_that_it_is_made_up() -> None:
    """Nobody may take it for a measurement."""
    assert "SAMPLE DATA, NO MEASUREMENT" in PICTURE.read_text()
    assert "(images/dashboard.svg)" in (PROJECT / "docs" / "operations.md").read_text()


def test_a_change_of_the_dashboard_is_another_fingerprint(prod: Synthesized, board: Board) -> None:
    """Else a stale picture would pass."""
    changed = json.loads(json.dumps(prod.template.to_json()).replace("Dead letters", "Lost"))

    assert read(changed).fingerprint != board.fingerprint


def test_dashboard_can_be_off(tmp_path: Path) -> None:
    """Three dollars a month are three dollars a month."""
    given: Mapping[str, Any] = CONTEXT["environments"]["prod"]
    environments = {"prod": {**given, "webHosting": False, "dashboard": False}}

    stacks = synthesize(tmp_path, environments=environments, **{"aws:cdk:bundling-stacks": []})

    assert not stacks["Chat-prod"].resources("AWS::CloudWatch::Dashboard")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("100*a/(a+b)", [25.0, None, None]),
        ("a-FILL(b,0)", [-2.0, 0.0, 5.0]),
        ("RUNNING_SUM(FILL(b,1)-a)", [2.0, 2.0, -2.0]),
        ("IF(a>=1,a,0-1)", [1.0, -1.0, 5.0]),
    ],
)
def test_metric_math(expression: str, expected: list[float | None]) -> None:
    """As CloudWatch does it: nothing with a gap is a gap, and so is nothing divided by nothing."""
    series: dict[str, list[float | None]] = {"a": [1, 0, 5], "b": [3, 0, None]}

    assert evaluate(expression, series.__getitem__, periods=3) == expected


def test_axes_have_round_steps() -> None:
    """Few, round, and over all values."""
    assert list(fitted([3, 87], low=0, high=None).ticks) == [0, 25, 50, 75, 100]
    assert [short(it) for it in (0, 0.25, 5, 99.95, 1_250, 12_500, 3_000_000)] == [
        "0",
        "0.25",
        "5",
        "99.95",
        "1,250",
        "12.5K",
        "3M",
    ]
