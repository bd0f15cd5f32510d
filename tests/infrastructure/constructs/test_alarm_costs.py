"""The cost estimate counts the alarms of the templates."""

from collections.abc import Mapping
from typing import Any

import pytest

from chat_stack.settings.load import read_settings
from ops.cost import monitoring
from tests.infrastructure.all_settings import MORE
from tests.infrastructure.synthesis import CONTEXT, Synthesized

ENVIRONMENTS = {**CONTEXT["environments"], **MORE}


@pytest.mark.parametrize("name", sorted(set(ENVIRONMENTS) - {"local"}))
def test_counts_the_metrics_of_alarms(
    stacks_with_page: Mapping[str, Synthesized], name: str
) -> None:
    """The estimate counts each metric of each alarm, and the composite alarms."""
    stack = stacks_with_page[f"Chat-{name}"]
    settings = read_settings(name, ENVIRONMENTS[name])

    alarms = stack.resources("AWS::CloudWatch::Alarm").values()
    in_alarms = sum(_metrics(alarm["Properties"]) for alarm in alarms)

    assert monitoring.alarm_metrics(settings) == in_alarms
    assert len(stack.resources("AWS::CloudWatch::CompositeAlarm")) == monitoring.COMPOSITE_ALARMS


def _metrics(alarm: Mapping[str, Any]) -> int:
    """Return the number of metrics of an alarm. An alarm without metric math has one."""
    return sum("MetricStat" in metric for metric in alarm.get("Metrics", ())) or 1
