"""Joins: their announcement, and the end of surplus connections."""

from chat.domain.connection import Connection
from chat.logic.fan_out import push_to_subscribers
from chat.logic.member_count import CountedMembers
from chat.logic.pushing import push_event
from chat.ports import DeliveryServices
from chat.protocol import MemberJoined, Removed


def announce_join(
    room_id: str, connection: Connection, counted: CountedMembers, services: DeliveryServices
) -> None:
    """Announce a user in a small room if this is the user's first connection there.

    Of two that join at the same time, at least one finds itself the first.
    """
    user_id = connection.member.user_id
    own = [it for it in counted.subscribers if it.member.user_id == user_id]
    is_first = not own or own[0].connection_id == connection.connection_id
    if not counted.is_complete or not is_first:
        return
    member = own[0].member if own else connection.member  # with the role in this room
    event = MemberJoined(room_id=room_id, member=member, member_count=counted.count)
    push_to_subscribers(
        room_id, event, counted.subscribers, services, except_for=connection.connection_id
    )


def unsubscribe_surplus(room_id: str, counted: CountedMembers, services: DeliveryServices) -> None:
    """Unsubscribe the surplus connections of a room, and notify them.

    No leave is announced, because each of their users has other connections in the room.
    """
    if counted.surplus:
        services.subscribers.unsubscribe_all(room_id, counted.surplus)
        event = Removed(room_id=room_id, reason="kicked")
        push_event(room_id, counted.surplus, event, services)
