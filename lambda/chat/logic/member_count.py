"""The users in a room and their number, which the protocol calls `memberCount`."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.domain.connection import Subscriber, members_of
from chat.ports import DeliveryServices
from chat.protocol import Member


@dataclass(frozen=True, slots=True)
class CountedMembers:
    """The users in a room: all of a small room, some of a large one, and their number."""

    subscribers: Sequence[Subscriber]
    members: Sequence[Member]
    count: int
    is_complete: bool


def count_members(room_id: str, services: DeliveryServices) -> CountedMembers:
    """Return the users in a room and their number.

    Reads at most `presence` + 1 subscribers. If there are more, the number is the stored count.
    """
    limit = services.presence
    subscribers = services.subscribers.of(room_id, limit=limit + 1)
    members = members_of(subscribers)
    if len(subscribers) <= limit:
        return CountedMembers(subscribers, members, len(members), is_complete=True)
    count = max(len(members), services.subscribers.member_count(room_id))
    return CountedMembers(subscribers, members, count, is_complete=False)
