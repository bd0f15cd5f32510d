"""Who hears what: pushing to a room's audience, and forgetting those who are gone."""

from collections.abc import Iterable, Sequence

from chat.frames import encode
from chat.ports import Attendee, Connection, Services
from chat.protocol import AnyEvent, Member, MemberJoined, MemberLeft, MessageEvent


def members(audience: Sequence[Attendee]) -> tuple[Member, ...]:
    """The people in an audience, once each, in the order they came; their first name counts."""
    people: dict[str, Member] = {}
    for attendee in audience:
        people.setdefault(attendee.member.user_id, attendee.member)
    return tuple(people.values())


def announce_join(
    room_id: str, connection: Connection, audience: Sequence[Attendee], services: Services
) -> None:
    """Tell the others that a user is here, if this is the user's first connection in the room.

    Of two that join at once, at least one finds itself the first.
    """
    own = [a for a in audience if a.member.user_id == connection.member.user_id]
    if own and own[0].connection_id != connection.connection_id:
        return
    if len(audience) > services.limits.presence:
        return
    count = len(members(audience))
    event = MemberJoined(room_id=room_id, member=connection.member, member_count=count)
    _push(room_id, event, audience, services, besides=connection.connection_id)


def announce_message(event: MessageEvent, services: Services, *, besides: str) -> None:
    """Push a message to everyone in its room but the connection it came from."""
    room_id = event.message.room_id
    audience = services.rooms.audience(room_id)
    _push(room_id, event, audience, services, besides=besides)


def announce_leave(room_id: str, user_id: str, services: Services) -> None:
    """Tell those who stay that a user has left, if that was the user's last connection there."""
    gone = _say_left(room_id, user_id, services)
    forget([(room_id, connection_id) for connection_id in gone], services)


def hang_up(connection_id: str, services: Services) -> None:
    """Forget one connection wherever it was."""
    for room_id, user_id in _remove(None, connection_id, services):
        announce_leave(room_id, user_id, services)


def forget(gone: Iterable[tuple[str, str]], services: Services) -> None:
    """Remove connections found gone while pushing to a room, once each, and tell who stays."""
    pending, seen = list(gone), set[tuple[str, str]]()
    while pending:
        seen.update(pending)
        departures = {
            departure: None
            for room_id, connection_id in pending
            for departure in _remove(room_id, connection_id, services)
        }
        found = (
            (room_id, connection_id)
            for room_id, user_id in departures
            for connection_id in _say_left(room_id, user_id, services)
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


def _say_left(room_id: str, user_id: str, services: Services) -> Sequence[str]:
    audience = services.rooms.audience(room_id)
    people = members(audience)
    if not audience or any(member.user_id == user_id for member in people):
        return ()
    if len(audience) > services.limits.presence:
        return ()
    event = MemberLeft(room_id=room_id, user_id=user_id, member_count=len(people))
    return services.push.send([a.connection_id for a in audience], encode(event)).gone


def _push(
    room_id: str,
    event: AnyEvent,
    audience: Sequence[Attendee],
    services: Services,
    *,
    besides: str,
) -> None:
    others = [a.connection_id for a in audience if a.connection_id != besides]
    if others:
        delivery = services.push.send(others, encode(event))
        forget([(room_id, connection_id) for connection_id in delivery.gone], services)
