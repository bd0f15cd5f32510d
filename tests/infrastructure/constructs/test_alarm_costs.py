"""What the estimate says of alarms is what is in the templates."""

from collections.abc import Mapping
from typing import Any

import pytest

from chat_stack.settings.load import read_settings
from ops.cost import monitoring
from tests.infrastructure.all_settings import MORE
from tests.infrastructure.synthesis import CONTEXT, Synthesized

ENVIRONMENTS = {**CONTEXT["environments"], **MORE}


@pytest.mark.parametrize("name", sorted(set(ENVIRONMENTS) - {"local"}))
def test_counts_what_alarms_look_at(stacks_with_page: Mapping[str, Synthesized], name: str) -> None:
    """Each metric of each alarm, and the alarms of alarms."""
    stack = stacks_with_page[f"Chat-{name}"]
    settings = read_settings(name, ENVIRONMENTS[name])

    alarms = stack.resources("AWS::CloudWatch::Alarm").values()
    looked_at = sum(_metrics(alarm["Properties"]) for alarm in alarms)

    assert monitoring.alarm_metrics(settings) == looked_at
    assert len(stack.resources("AWS::CloudWatch::CompositeAlarm")) == monitoring.COMPOSITE_ALARMS


def _metrics(alarm: Mapping[str, Any]) -> int:
    """How many; an alarm without arithmetic looks at one."""
    return sum("MetricStat" in metric for metric in alarm.get("Metrics", ())) or 1
