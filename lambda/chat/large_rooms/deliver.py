"""A shard's posts, in the function that has taken it from the queue."""

from chat.large_rooms.shards import Shard
from chat.logic.presence import forget
from chat.ports import Services

MOST_TRIES = 3
"""Times that those who alone were not reached are tried again."""


class NobodyReachedError(Exception):
    """Every post failed, so the fault is not the recipients': the shard is worth another try."""


def take(shard: Shard, services: Services) -> None:
    """Push to everyone in it, and forget who is gone; raises to have the queue bring it again.

    Those who alone were not reached, by throttling above all, are queued again as a shard of their
    own, a little later: so the queue is the brake, and nobody else hears the frame twice. After
    the last try they are left to catch up by seq.
    """
    delivery = services.push.send(shard.connection_ids, shard.frame)
    forget([(shard.room_id, id_) for id_ in delivery.gone], services)
    if delivery.failed and not delivery.delivered and not delivery.gone and not shard.tries:
        raise NobodyReachedError(f"none of {len(delivery.failed)} connections was reached")
    if delivery.failed and shard.tries < MOST_TRIES:
        services.relay.take(shard.room_id, delivery.failed, shard.frame, tries=shard.tries + 1)
