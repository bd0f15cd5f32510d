"""Fan-out of an event to the subscribers of a room."""

from collections.abc import Iterable, Sequence

from chat.domain.connection import Subscriber
from chat.logic.gone_connections import remove_gone
from chat.logic.pushing import push_event
from chat.ports import DeliveryServices
from chat.protocol import Event


def push_to_room(
    room_id: str,
    event: Event,
    services: DeliveryServices,
    *,
    except_for: str,
    also: Iterable[str] = (),
) -> bool:
    """Push an event to a room's subscribers, except for the connection that caused it.

    Connections in *also* get it as well, each once. Returns whether no post failed.
    """
    subscribers = services.subscribers.of(room_id)
    return push_to_subscribers(
        room_id, event, subscribers, services, except_for=except_for, also=also
    )


def push_to_subscribers(
    room_id: str,
    event: Event,
    subscribers: Sequence[Subscriber],
    services: DeliveryServices,
    *,
    except_for: str,
    also: Iterable[str] = (),
) -> bool:
    """Push an event to subscribers that were read before; remove those found gone.

    Returns whether no post failed.
    """
    subscribed = (subscriber.connection_id for subscriber in subscribers)
    recipients = [id_ for id_ in dict.fromkeys((*subscribed, *also)) if id_ != except_for]
    delivery = push_event(room_id, recipients, event, services)
    remove_gone([(room_id, connection_id) for connection_id in delivery.gone], services)
    return not delivery.failed
