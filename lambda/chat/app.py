"""The chat's entry point: builds the real services once, then dispatches."""

import os
from collections.abc import Mapping
from typing import Any

from chat.auth.verifier import verifier
from chat.bootstrap import build
from chat.dispatch import dispatch
from chat.domain.identity import Origins
from chat.observability import logs
from chat.observability.metrics import DynamoTimer, EmfMetrics
from chat.runtime.deadlines import Context, InvocationDeadline

_watch = DynamoTimer()
_meter = EmfMetrics(namespace=os.environ["METRICS_NAMESPACE"], function="chat", store=_watch)
logs.configure(os.environ["LOG_LEVEL"], _meter.ids)
_budget = InvocationDeadline()
_guests = os.environ["IDENTITY"] == "guest"
_services = build(
    os.environ,
    _budget,
    _watch,
    rooms_table=os.environ["ROOMS_TABLE"],
    guests=_guests,
    origins=Origins(
        frozenset(os.environ["ORIGINS"].split()), required=os.environ["ORIGIN_REQUIRED"] == "true"
    ),
    verifier=verifier(os.environ, guests=_guests),
)


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """What Lambda calls, once an event."""
    _budget.start(context.get_remaining_time_in_millis())
    with _meter.invocation(context.aws_request_id) as tally:
        return dispatch(event, _services, tally)
