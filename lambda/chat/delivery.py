"""A shard's posts, in the function that has taken it from the queue."""

import logging

from chat.ports import Services
from chat.presence import forget
from chat.shards import Shard

log = logging.getLogger(__name__)


class NobodyReachedError(Exception):
    """Every post failed, so the fault is not the recipients': the shard is worth another try."""


def take(shard: Shard, services: Services) -> None:
    """Push to everyone in it, and forget who is gone; raises to have the queue bring it again.

    Those whose posts alone failed are left to catch up by seq: another try would send the frame
    again to all the others.
    """
    delivery = services.push.send(shard.connection_ids, shard.frame)
    counts = {
        "delivered": delivery.delivered,
        "gone": len(delivery.gone),
        "failed": len(delivery.failed),
    }
    log.info("shard", extra={"fields": counts})
    forget([(shard.room_id, id_) for id_ in delivery.gone], services)
    if delivery.failed and not delivery.delivered and not delivery.gone:
        raise NobodyReachedError(f"none of {len(delivery.failed)} connections was reached")
