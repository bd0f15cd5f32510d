"""The users in a room and their number, which the protocol calls `memberCount`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    surplus: Sequence[str] = ()
    """Ids of connections that are too many for a room of few users. A join unsubscribes them."""


CONNECTIONS_PER_MEMBER = 4
"""Connections of a room for each of its `presence` users, up to which all of them are read.

A user may have many connections. They alone must not make a room large for the others.
"""

MAX_SURPLUS = 5
"""Connections above that number that are read too, and that one join unsubscribes."""


def count_members(room_id: str, services: DeliveryServices) -> CountedMembers:
    """Return the users in a room and their number.

    Reads at most `presence` + 1 subscribers, and four times as many of a room with few users. If
    there are more, the number is the stored count.
    """
    few = services.subscribers.of(room_id, limit=services.presence + 1)
    if len(few) <= services.presence:
        return _all_of(few)
    count = services.subscribers.member_count(room_id)
    found = _of_few_users(room_id, count, services)
    surplus = _surplus_of(found, services)
    if found and _is_whole(found, services):
        kept = [it for it in found if it.connection_id not in surplus]
        return replace(_all_of(kept), surplus=surplus)
    members = members_of(few)
    most = max(len(members), count)
    return CountedMembers(few, members, most, is_complete=False, surplus=surplus)


def subscribers_of_small(room_id: str, services: DeliveryServices) -> Sequence[Subscriber]:
    """Return all subscribers of a small room; empty for a large one.

    It counts no users, because the functions that close connections may not write a count.
    """
    few = services.subscribers.of(room_id, limit=services.presence + 1)
    if len(few) <= services.presence:
        return few
    found = _of_few_users(room_id, services.subscribers.last_member_count(room_id), services)
    return found if _is_whole(found, services) else ()


def _of_few_users(
    room_id: str, count: int | None, services: DeliveryServices
) -> Sequence[Subscriber]:
    """Return subscribers of a room that has few users; empty for another room.

    The *count* of its users may be old. It saves the read of a room that is large by far.
    """
    if count is None or count > services.presence:
        return ()
    found = services.subscribers.of(room_id, limit=_most_read(services) + 1)
    return found if len(members_of(found)) <= services.presence else ()


def _is_whole(found: Sequence[Subscriber], services: DeliveryServices) -> bool:
    """Return whether a read has found all subscribers of a room."""
    return len(found) <= _most_read(services)


def _most_read(services: DeliveryServices) -> int:
    return CONNECTIONS_PER_MEMBER * services.presence + MAX_SURPLUS


def _surplus_of(found: Sequence[Subscriber], services: DeliveryServices) -> Sequence[str]:
    """Return the ids of up to five connections above the limit of a room of few users.

    They are those of the users with the most connections, the oldest first. Each user keeps four.
    """
    excess = len(found) - CONNECTIONS_PER_MEMBER * services.presence
    if excess <= 0:
        return ()
    ranks, own = list[tuple[int, str]](), Counter[str]()
    for it in reversed(found):  # the newest first
        own[it.member.user_id] += 1
        ranks.append((own[it.member.user_id], it.connection_id))
    ranks.sort(reverse=True)
    surplus = ranks[: min(excess, MAX_SURPLUS)]
    return [id_ for rank, id_ in surplus if rank > CONNECTIONS_PER_MEMBER]


def _all_of(subscribers: Sequence[Subscriber]) -> CountedMembers:
    members = members_of(subscribers)
    return CountedMembers(subscribers, members, len(members), is_complete=True)
