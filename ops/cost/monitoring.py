"""What CloudWatch is paid for each month however little is said: metrics, alarms, the dashboard."""

from chat.observability.metrics import UNITS
from chat_stack.monitoring.metrics import CODES
from chat_stack.settings.identity import Guest
from chat_stack.settings.settings import Settings

METRICS = len(UNITS) + len(CODES)
"""The chat's own, if each kind of error happens in a month."""

CANARY_METRICS = 14
"""One for each step."""

COMPOSITES = 4
"""Alarms that tell people, each of several that do not."""


def metrics(settings: Settings) -> int:
    """Custom metrics."""
    return METRICS + (CANARY_METRICS if settings.canary_minutes else 0)


def alarm_metrics(settings: Settings) -> int:
    """Metrics that alarms look at, which is what CloudWatch counts."""
    if not settings.alarms:
        return 0
    tokens = not isinstance(settings.identity, Guest)
    shifting = 4 + tokens if settings.traffic_shift != "off" else 0
    return 32 + 2 * tokens + bool(settings.canary_minutes) + shifting
