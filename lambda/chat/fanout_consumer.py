"""The consumer's entry point, a function of its own: takes shards of large rooms from the queue."""

import os
from collections.abc import Mapping
from typing import Any

import msgspec

from chat.bootstrap import build
from chat.large_rooms.shards import Shard
from chat.logic.shard_delivery import deliver
from chat.observability import logs
from chat.observability.invocation import counted
from chat.observability.metrics import DynamoTimer, EmfMetrics
from chat.runtime.deadlines import Context, InvocationDeadline

_watch = DynamoTimer()
_meter = EmfMetrics(namespace=os.environ["METRICS_NAMESPACE"], function="consumer", store=_watch)
logs.configure(os.environ["LOG_LEVEL"], _meter.ids)
_budget = InvocationDeadline()
# It forgets who is gone, and neither reads a room nor opens a connection.
_services = build(os.environ, _budget, _watch, rooms_table="")


def handler(event: Mapping[str, Any], context: Context) -> None:
    """What the queue calls with one shard."""
    _budget.start(context.get_remaining_time_in_millis())
    with _meter.invocation(context.aws_request_id) as tally:
        for record in event["Records"]:
            shard = msgspec.json.decode(record["body"], type=Shard)
            tally.room_id = shard.room_id
            deliver(
                shard.room_id,
                shard.connection_ids,
                shard.frame,
                counted(_services, tally),
                tries=shard.tries,
            )
