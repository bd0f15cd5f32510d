"""The users in a room, and the announcement of joining users."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.domain.connection import Connection, Subscriber, members_of
from chat.logic.fan_out import push_to_subscribers
from chat.ports import DeliveryServices
from chat.protocol import Member, MemberJoined


@dataclass(frozen=True, slots=True)
class RoomOccupants:
    """The users in a room: all of a small room, some of a large one, and their number."""

    subscribers: Sequence[Subscriber]
    members: Sequence[Member]
    count: int
    is_complete: bool


def occupants_of(room_id: str, services: DeliveryServices) -> RoomOccupants:
    """Return the users in a room. A large room costs no more, so 1,000 joins cost 1,000 reads."""
    limit = services.presence
    subscribers = services.subscribers.of(room_id, limit=limit + 1)
    members = members_of(subscribers)
    if len(subscribers) <= limit:
        return RoomOccupants(subscribers, members, len(members), is_complete=True)
    count = max(len(members), services.subscribers.occupancy(room_id))
    return RoomOccupants(subscribers, members, count, is_complete=False)


def announce_join(
    room_id: str, connection: Connection, occupants: RoomOccupants, services: DeliveryServices
) -> None:
    """Announce a user in a small room if this is the user's first connection there.

    Of two that join at the same time, at least one finds itself the first.
    """
    user_id = connection.member.user_id
    own = [it for it in occupants.subscribers if it.member.user_id == user_id]
    is_first = not own or own[0].connection_id == connection.connection_id
    if not occupants.is_complete or not is_first:
        return
    member = own[0].member if own else connection.member  # with the role in this room
    event = MemberJoined(room_id=room_id, member=member, member_count=occupants.count)
    push_to_subscribers(
        room_id, event, occupants.subscribers, services, except_for=connection.connection_id
    )
