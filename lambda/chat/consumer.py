"""The consumer's entry point, a function of its own: takes shards of large rooms from the queue."""

import os
from collections.abc import Mapping
from typing import Any

import msgspec

from chat import delivery, logs
from chat.budget import Budget, Context
from chat.services import build
from chat.shards import Shard

logs.configure(os.environ["LOG_LEVEL"])
_budget = Budget()
# It forgets who is gone, and neither reads a room nor opens a connection.
_services = build(os.environ, _budget, rooms_table="")


def handler(event: Mapping[str, Any], context: Context) -> None:
    """What the queue calls with one shard."""
    _budget.start(context.get_remaining_time_in_millis())
    for record in event["Records"]:
        delivery.take(msgspec.json.decode(record["body"], type=Shard), _services)
