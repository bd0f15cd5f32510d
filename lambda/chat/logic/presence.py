"""The announcement of joining users."""

from chat.domain.connection import Connection
from chat.logic.fan_out import push_to_subscribers
from chat.logic.member_count import CountedMembers
from chat.ports import DeliveryServices
from chat.protocol import MemberJoined


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
