"""Who hears what: pushing to a room's audience, and forgetting those who are gone."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chat.domain.connection import Connection, Subscriber, members
from chat.domain.delivery import Delivery
from chat.ports import Services
from chat.protocol import Event, Member, MemberJoined, MemberLeft
from chat.protocol.codec import encode

log = logging.getLogger(__name__)

MOST_FORGOTTEN = 50
"""Connections that one push removes, at a few requests each; the next push finds the others."""


@dataclass(frozen=True, slots=True)
class RoomOccupants:
    """Who is in a room, as much of it as may be told: in a large room some, and how many."""

    audience: Sequence[Subscriber]
    people: Sequence[Member]
    count: int
    is_complete: bool


def company(room_id: str, services: Services) -> RoomOccupants:
    """Who is in a room; costs no more in a large one, so that a thousand joins cost a thousand."""
    limit = services.limits.presence
    audience = services.rooms.sample(room_id, limit=limit + 1)
    people = members(audience)
    if len(audience) <= limit:
        return RoomOccupants(audience, people, len(people), is_complete=True)
    count = max(len(people), services.rooms.population(room_id))
    return RoomOccupants(audience, people, count, is_complete=False)


def announce_join(
    room_id: str, connection: Connection, found: RoomOccupants, services: Services
) -> None:
    """Tell the others that a user is here, if this is the user's first connection in the room.

    Of two that join at once, at least one finds itself the first.
    """
    own = [a for a in found.audience if a.member.user_id == connection.member.user_id]
    if not found.is_complete or (own and own[0].connection_id != connection.connection_id):
        return
    # As the room has them: with their role there.
    member = own[0].member if own else connection.member
    event = MemberJoined(room_id=room_id, member=member, member_count=found.count)
    _push(room_id, event, found.audience, services, besides=connection.connection_id)


def announce(
    room_id: str,
    event: Event,
    services: Services,
    *,
    besides: str,
    also: Iterable[str] = (),
) -> bool:
    """Push an event to a room, but for the connection that caused it; whether that is there.

    Connections elsewhere hear it *also*; each hears it once.
    """
    audience = services.rooms.audience(room_id)
    _push(room_id, event, audience, services, besides=besides, also=also)
    return any(attendee.connection_id == besides for attendee in audience)


def announce_leave(room_id: str, user_id: str, services: Services) -> None:
    """Tell those who stay that a user has left, if that was the user's last connection there."""
    gone = _say_left(room_id, [user_id], services)
    forget([(room_id, connection_id) for connection_id in gone], services)


def remove_connection(connection_id: str, services: Services) -> None:
    """Forget one connection wherever it was."""
    for room_id, user_id in _remove(None, connection_id, services):
        try:
            announce_leave(room_id, user_id, services)
        except Exception as error:  # the other rooms have to hear of it too
            log.warning("a leave was not announced", exc_info=error)


def forget(gone: Iterable[tuple[str, str]], services: Services) -> None:
    """Remove connections found gone while pushing to a room, as far as that goes.

    What was pushed is delivered by now, so this fails nobody's request and repeats no shard: the
    next push finds them gone again.
    """
    try:
        _forget(gone, services)
    except Exception as error:
        log.warning("not all that are gone were forgotten", exc_info=error)


def _forget(gone: Iterable[tuple[str, str]], services: Services) -> None:
    """Remove them once each, and tell who stays, of whom some may turn out to be gone too."""
    pending, seen = list(gone)[:MOST_FORGOTTEN], set[tuple[str, str]]()
    while pending and len(seen) < MOST_FORGOTTEN:
        seen.update(pending)
        departed: dict[str, dict[str, None]] = {}
        for room_id, connection_id in pending:
            for left_room_id, user_id in _remove(room_id, connection_id, services):
                departed.setdefault(left_room_id, {})[user_id] = None
        found = (
            (room_id, connection_id)
            for room_id, user_ids in departed.items()
            for connection_id in _say_left(room_id, user_ids, services)
        )
        pending = [pair for pair in dict.fromkeys(found) if pair not in seen]


def _remove(
    room_id: str | None, connection_id: str, services: Services
) -> Iterable[tuple[str, str]]:
    """Take a connection out of the tables; the (room, user) pairs that it leaves."""
    connection = services.rooms.disconnect(connection_id)
    if connection is not None:
        user_id = connection.member.user_id
        return [(joined, user_id) for joined in sorted(connection.rooms)]
    if room_id is None:
        return []
    left_over = services.rooms.evict(room_id, connection_id)
    return [(room_id, left_over.member.user_id)] if left_over else []


def _say_left(room_id: str, user_ids: Iterable[str], services: Services) -> Sequence[str]:
    """Tell a small room who has left it, reading it once; the ids that turned out to be gone."""
    limit = services.limits.presence
    audience = services.rooms.sample(room_id, limit=limit + 1)
    people = members(audience)
    if not 0 < len(audience) <= limit:
        return ()
    here = {member.user_id for member in people}
    staying, gone = [a.connection_id for a in audience], list[str]()
    for user_id in user_ids:
        if user_id not in here:
            event = MemberLeft(room_id=room_id, user_id=user_id, member_count=len(people))
            delivery = post(room_id, staying, event, services)
            gone += delivery.gone
            # Who hangs would hang again at each event; the count that they hear next tells them.
            lost = {*delivery.gone, *delivery.failed}
            staying = [connection_id for connection_id in staying if connection_id not in lost]
    return gone


def _push(
    room_id: str,
    event: Event,
    audience: Sequence[Subscriber],
    services: Services,
    *,
    besides: str,
    also: Iterable[str] = (),
) -> None:
    here = (attendee.connection_id for attendee in audience)
    others = [id_ for id_ in dict.fromkeys((*here, *also)) if id_ != besides]
    gone = post(room_id, others, event, services).gone
    forget([(room_id, connection_id) for connection_id in gone], services)


def post(room_id: str, connection_ids: Sequence[str], event: Event, services: Services) -> Delivery:
    """Push to few, and let others push to many; what became of the posts made here.

    What could not be handed over is pushed here after all: late is better than not at all.
    """
    frame = encode(event)
    if len(connection_ids) > services.inline_limit:
        connection_ids = services.relay.take(room_id, connection_ids, frame)
    if not connection_ids:
        return Delivery(delivered=0, gone=(), failed=())
    return services.push.send(connection_ids, frame)
