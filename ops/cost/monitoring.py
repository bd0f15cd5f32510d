"""CloudWatch's fixed monthly cost: metrics, alarms and the dashboard."""

from typing import get_args

from chat.errors import Code
from chat.observability.metrics import UNITS
from chat_stack.settings.identity import Guest
from chat_stack.settings.settings import Settings

METRICS = len(UNITS) + len(get_args(Code))
"""Number of the chat's own metrics, if each kind of error happens in a month."""

CANARY_METRICS = 14
"""Number of the canary's metrics, one for each step."""

COMPOSITE_ALARMS = 4
"""Number of alarms that notify, each of which combines several others."""


def metrics(settings: Settings) -> int:
    """Return the number of custom metrics."""
    return METRICS + (CANARY_METRICS if settings.canary_minutes else 0)


def alarm_metrics(settings: Settings) -> int:
    """Return the number of metrics of all alarms, because CloudWatch bills alarms by it."""
    if not settings.alarms:
        return 0
    tokens = not isinstance(settings.identity, Guest)
    shifting = 4 + tokens if settings.traffic_shift != "off" else 0
    return 32 + 2 * tokens + bool(settings.canary_minutes) + shifting
