"""The dashboard: its widgets, and its picture in the documents."""

import hashlib
import json
import re
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from chat.observability.metrics import UNITS
from chat_stack.monitoring.metrics import CODES
from tests.infrastructure.synthesis import CONTEXT, PROJECT, Synthesized, synthesize
from tools.dashboard.body import dashboard_body

PICTURE = PROJECT / "docs" / "images" / "dashboard.svg"

Widget = Mapping[str, Any]


def widgets(stack: Synthesized) -> list[Widget]:
    """Return the widgets of a stack's dashboard."""
    found: list[Widget] = json.loads(dashboard_body(stack.template.to_json()))["widgets"]
    return found


def metrics(stack: Synthesized) -> list[list[Any]]:
    """Return every metric and expression of the dashboard, each with its options at the end."""
    return [metric for it in widgets(stack) for metric in it["properties"].get("metrics", ())]


def paths(stack: Synthesized) -> list[list[str]]:
    """Return the namespace, name and dimensions of every metric of the dashboard."""
    found = [[part for part in metric if isinstance(part, str)] for metric in metrics(stack)]
    return [path for path in found if path]


def test_answers_whether_the_chat_is_well(prod: Synthesized) -> None:
    """The dashboard shows users, posts, times, errors, throttles, the tables, the queue, cost."""
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
    """The graph of each time shows the median, the 95th and the 99th percentile."""
    shown = [it for it in metrics(prod) if name in it[:2] and it[-1].get("period") == 60]

    stats = {it[-1]["stat"] for it in shown}

    assert stats >= {"p50", "p95", "p99"}


def test_every_code_is_shown(prod: Synthesized) -> None:
    """The dashboard shows each error code."""
    codes = {path[3] for path in paths(prod) if path[1:3] == ["Errors", "Code"]}

    assert codes == set(CODES)


def test_functions_write_what_is_shown(prod: Synthesized) -> None:
    """A graph of a metric that no function writes would stay empty."""
    own = {path[1] for path in paths(prod) if path[0].startswith("LiveChat/")}

    assert own <= {*UNITS, "Errors"}


def test_shows_every_alarm(prod: Synthesized) -> None:
    """The dashboard shows the state of each alarm once."""
    shown = [alarm for it in widgets(prod) for alarm in it["properties"].get("alarms", ())]

    kinds = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
    assert len(shown) == len(set(shown)) == sum(len(prod.resources(kind)) for kind in kinds)


def test_widgets_fit(prod: Synthesized) -> None:
    """Widgets are inside the 24 columns, do not overlap, and have a title of their own."""
    for widget in widgets(prod):
        assert 0 <= widget["x"] < widget["x"] + widget["width"] <= 24
    assert not [pair for pair in combinations(widgets(prod), 2) if _overlap(*pair)]
    titles = [widget["properties"]["title"] for widget in widgets(prod)]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def _overlap(a: Widget, b: Widget) -> bool:
    """Return whether two widgets cover the same cell of the grid."""
    return bool(
        a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    )


def test_the_picture_is_of_this_dashboard(prod: Synthesized) -> None:
    """The picture names the digest of the dashboard. If this fails, run `make dashboard`."""
    digest = hashlib.sha256(dashboard_body(prod.template.to_json()).encode()).hexdigest()

    assert digest in PICTURE.read_text()


def test_the_picture_names_its_data_as_samples() -> None:
    """No reader takes the sample data for a measurement."""
    assert "Sample data, no measurement" in PICTURE.read_text()
    assert "(images/dashboard.svg)" in (PROJECT / "docs" / "operations.md").read_text()


def test_the_body_names_its_references(prod: Synthesized) -> None:
    """Logical ids lose their digests, so that the picture's sample data are found by name."""
    text = json.dumps(widgets(prod))

    assert '"ShardsQueue"' in text
    assert not re.search(r'[a-z][0-9A-F]{8}"', text)


def test_dashboard_can_be_off(tmp_path: Path) -> None:
    """Operators who do not want its 3 $ a month set `dashboard` to false."""
    given: Mapping[str, Any] = CONTEXT["environments"]["prod"]
    environments = {"prod": {**given, "webHosting": False, "dashboard": False}}

    stacks = synthesize(tmp_path, environments=environments)

    assert not stacks["Chat-prod"].resources("AWS::CloudWatch::Dashboard")
