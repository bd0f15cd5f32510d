"""Delivery of a shard: the posts to a part of a large room, taken from the queue."""

from collections.abc import Sequence

from chat.logic.gone_connections import remove_gone
from chat.ports import DeliveryServices

MAX_TRIES = 3
"""Times that recipients which alone were not reached are queued again."""


class NobodyReachedError(Exception):
    """Every post failed, so the cause is not the recipients: the queue repeats the shard."""


def deliver(
    room_id: str,
    connection_ids: Sequence[str],
    frame: bytes,
    services: DeliveryServices,
    *,
    tries: int = 0,
) -> None:
    """Push a frame to connections, and remove those found gone; raise NobodyReachedError.

    Recipients that failed (usually because of throttling) are queued again as a smaller shard
    with a delay. Recipients that were reached do not get the frame again. After the last try the
    clients catch up by seq.
    """
    delivery = services.push.send(connection_ids, frame)
    remove_gone([(room_id, id_) for id_ in delivery.gone], services)
    if delivery.failed and not delivery.delivered and not delivery.gone and not tries:
        raise NobodyReachedError(f"none of {len(delivery.failed)} connections was reached")
    if delivery.failed and tries < MAX_TRIES:
        services.fan_out_queue.enqueue(room_id, delivery.failed, frame, tries=tries + 1)
