"""Pushes an event to connections: here if they are few, through the queue if they are many."""

from collections.abc import Sequence

from chat.domain.delivery import Delivery
from chat.ports import DeliveryServices
from chat.protocol import Event
from chat.protocol.codec import encode


def push_event(
    room_id: str, connection_ids: Sequence[str], event: Event, services: DeliveryServices
) -> Delivery:
    """Push an event to connections; return the outcome of the posts made here.

    Above the inline limit the queue takes the posts. Posts that it does not take are made here:
    late is better than not at all.
    """
    frame = encode(event)
    if len(connection_ids) > services.inline_limit:
        connection_ids = services.fan_out_queue.enqueue(room_id, connection_ids, frame)
    if not connection_ids:
        return Delivery(delivered=0, gone=(), failed=())
    return services.push.send(connection_ids, frame)
