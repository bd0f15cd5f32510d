"""Entry point of the consumer's function: pushes shards of large rooms from the queue."""

from collections.abc import Mapping
from typing import Any

import msgspec

from chat import bootstrap
from chat.config import DeliveryConfig
from chat.large_rooms.shards import Shard
from chat.logic.shard_delivery import deliver
from chat.observability.invocation import instrument
from chat.runtime.deadlines import Context

_config = DeliveryConfig.from_env()
_runtime = bootstrap.start("consumer", _config.function)
_services = bootstrap.build_delivery(_config, _runtime)


def handler(event: Mapping[str, Any], context: Context) -> None:
    """Push the shard of one SQS event; raise for SQS to deliver the shard again."""
    with _runtime.invocation(context) as record:
        for message in event["Records"]:
            shard = msgspec.json.decode(message["body"], type=Shard)
            record.room_id = shard.room_id
            deliver(
                shard.room_id,
                shard.connection_ids,
                shard.frame,
                instrument(_services, record),
                tries=shard.tries,
            )
