"""The closer's entry point, a function of its own: ends connections whose rights have ended."""

import os
from collections.abc import Mapping
from typing import Any

from chat.bootstrap import build
from chat.logic import closing
from chat.observability import logs
from chat.observability.invocation import counted
from chat.observability.metrics import DynamoTimer, EmfMetrics
from chat.runtime.deadlines import Context, InvocationDeadline

_watch = DynamoTimer()
_meter = EmfMetrics(namespace=os.environ["METRICS_NAMESPACE"], function="closer", store=_watch)
logs.configure(os.environ["LOG_LEVEL"], _meter.ids)
_budget = InvocationDeadline()
# It knows connections and their rooms' audiences, and neither rooms nor what is said there.
_services = build(os.environ, _budget, _watch, rooms_table="")


def handler(event: Mapping[str, Any], context: Context) -> Mapping[str, int]:
    """What the schedule calls each minute, and an operator with the `userId` of who is banned."""
    _budget.start(context.get_remaining_time_in_millis())
    with _meter.invocation(context.aws_request_id) as tally:
        services = counted(_services, tally)
        if "userId" in event:
            return closing.close_user(event["userId"], services)
        return closing.close_expired(services)
