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


CONNECTIONS_PER_MEMBER = 4
"""Connections of a room for each of its `presence` users, up to which all of them are read.

A user may have many connections. They alone must not make a room large for the others.
"""


def count_members(room_id: str, services: DeliveryServices) -> CountedMembers:
    """Return the users in a room and their number.

    Reads at most `presence` + 1 subscribers, and four times as many of a room with few users. If
    there are more, the number is the stored count.
    """
    few = services.subscribers.of(room_id, limit=services.presence + 1)
    if len(few) <= services.presence:
        return _all_of(few)
    count = services.subscribers.member_count(room_id)
    if everyone := _of_few_users(room_id, count, services):
        return _all_of(everyone)
    members = members_of(few)
    return CountedMembers(few, members, max(len(members), count), is_complete=False)


def subscribers_of_small(room_id: str, services: DeliveryServices) -> Sequence[Subscriber]:
    """Return all subscribers of a small room; empty for a large one.

    It counts no users, because the functions that close connections may not write a count.
    """
    few = services.subscribers.of(room_id, limit=services.presence + 1)
    if len(few) <= services.presence:
        return few
    return _of_few_users(room_id, services.subscribers.last_member_count(room_id), services)


def _of_few_users(
    room_id: str, count: int | None, services: DeliveryServices
) -> Sequence[Subscriber]:
    """Return the subscribers of a room that has few users; empty for another room.

    The *count* of its users may be old. It saves the read of a room that is large by far.
    """
    if count is None or count > services.presence:
        return ()
    limit = CONNECTIONS_PER_MEMBER * services.presence
    found = services.subscribers.of(room_id, limit=limit + 1)
    is_small = len(found) <= limit and len(members_of(found)) <= services.presence
    return found if is_small else ()


def _all_of(subscribers: Sequence[Subscriber]) -> CountedMembers:
    members = members_of(subscribers)
    return CountedMembers(subscribers, members, len(members), is_complete=True)
