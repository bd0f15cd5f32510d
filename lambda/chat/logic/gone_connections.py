"""Removal of connections that are gone, and the announcement that their users left rooms."""

import logging
from collections.abc import Iterable, Sequence
from itertools import islice

from chat.domain.connection import members_of
from chat.logic.member_count import subscribers_of_small
from chat.logic.pushing import push_event
from chat.ports import DeliveryServices
from chat.protocol import MemberLeft

log = logging.getLogger(__name__)

MAX_REMOVED = 50
"""Connections that one push removes, at a few requests each. The next push finds the others."""

RoomAndId = tuple[str, str]
"""A room id, and the id of a connection or of a user in that room."""


def remove_connection(connection_id: str, services: DeliveryServices) -> None:
    """Remove a connection, and announce in its rooms if it was its user's last there."""
    announce_leaves(_remove(connection_id, services), services)


def remove_gone(gone: Iterable[RoomAndId], services: DeliveryServices) -> None:
    """Remove up to 50 connections that a push to their room found gone, and announce it.

    Never raises: the frame is delivered, so no request may fail and no shard may be repeated. The
    next push finds the others.
    """
    left: list[RoomAndId] = []
    try:
        for room_id, connection_id in islice(gone, MAX_REMOVED):
            left += _remove(connection_id, services) or _unsubscribe(
                room_id, connection_id, services
            )
    except Exception as error:
        log.warning("not all gone connections were removed", exc_info=error)
    _announce(left, services)


def announce_leaves(left: Iterable[RoomAndId], services: DeliveryServices) -> None:
    """Announce which users have left which rooms, then remove connections found gone by it."""
    if gone := _announce(left, services):
        remove_gone(gone, services)


def _remove(connection_id: str, services: DeliveryServices) -> Sequence[RoomAndId]:
    """Remove a connection; return its rooms with its user."""
    connection = services.connections.remove(connection_id)
    if connection is None:
        return ()
    return [(room_id, connection.member.user_id) for room_id in sorted(connection.rooms)]


def _unsubscribe(
    room_id: str, connection_id: str, services: DeliveryServices
) -> Sequence[RoomAndId]:
    """Remove a subscriber whose connection is unknown; return the room with its user."""
    subscriber = services.subscribers.remove(room_id, connection_id)
    return [(room_id, subscriber.member.user_id)] if subscriber else ()


def _announce(left: Iterable[RoomAndId], services: DeliveryServices) -> Sequence[RoomAndId]:
    """Announce users who left, room by room; return the connections found gone.

    A failure in a room is logged. The other rooms are still announced.
    """
    users_by_room: dict[str, dict[str, None]] = {}
    for room_id, user_id in left:
        users_by_room.setdefault(room_id, {})[user_id] = None
    gone: list[RoomAndId] = []
    for room_id, user_ids in users_by_room.items():
        try:
            gone += [(room_id, id_) for id_ in _announce_in(room_id, user_ids, services)]
        except Exception as error:
            log.warning("a leave was not announced", exc_info=error)
    return gone


def _announce_in(
    room_id: str, user_ids: Iterable[str], services: DeliveryServices
) -> Sequence[str]:
    """Announce in a small room, read once, the users who have no connection left there.

    Returns the ids of connections found gone.
    """
    subscribers = subscribers_of_small(room_id, services)
    if not subscribers:
        return ()
    members = members_of(subscribers)
    present = {member.user_id for member in members}
    staying, gone = [it.connection_id for it in subscribers], list[str]()
    for user_id in user_ids:
        if user_id not in present:
            event = MemberLeft(room_id=room_id, user_id=user_id, member_count=len(members))
            delivery = push_event(room_id, staying, event, services)
            gone += delivery.gone
            # A connection that hangs would hang at each event. The next count it gets is right.
            unreached = {*delivery.gone, *delivery.failed}
            staying = [connection_id for connection_id in staying if connection_id not in unreached]
    return gone
