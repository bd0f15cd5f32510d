"""Subscribers of rooms in DynamoDB: the connections in each room, and their members."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from chat.domain.clock import Clock, wire
from chat.domain.connection import Subscriber
from chat.domain.membership import Membership
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import EXISTS, Changes, Item
from chat.dynamodb.large_room_count import LargeRoomCount
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.dynamodb.user_connections import DynamoUserConnections

MAX_SEARCHED = 1_000
"""Subscribers of a room that are searched for those that the list of their user lacks.

It is more than `presence` allows in a small room, 800 by default. In a larger room, the user's
list alone decides for the others.
"""


class DynamoSubscribers:
    """The subscribers of rooms, in the table of connections."""

    def __init__(
        self, connections: Table, *, user_connections: DynamoUserConnections, clock: Clock
    ) -> None:
        self._table = connections
        self._user_connections = user_connections
        self._clock = clock
        self._large_room_count = LargeRoomCount(connections, clock=clock)

    def of(self, room_id: str, *, limit: int | None = None) -> Sequence[Subscriber]:
        """Return a room's live subscribers in the order they joined.

        Reads at most *limit*: in a larger room these are any of them.
        """
        options = {} if limit is None else {"Limit": limit}
        return sorted(
            islice(self._live(room_id, **options), limit),
            key=lambda it: (it.joined_at, it.connection_id),
        )

    def member_count(self, room_id: str) -> int:
        """Return the number of users in a room, at most a second old."""

        def count() -> int:
            return len({subscriber.member.user_id for subscriber in self._live(room_id)})

        return self._large_room_count.of(room_id, count=count)

    def last_member_count(self, room_id: str) -> int | None:
        """Return the last number of users that `member_count` has found in a room, if any."""
        return self._large_room_count.last_of(room_id)

    def remove(self, room_id: str, connection_id: str) -> Subscriber | None:
        """Delete a subscriber whose connection is unknown; return it, or None."""
        item = self._table.delete(item_keys.subscriber_key(room_id, connection_id))
        return items.to_subscriber(item) if item else None

    def unsubscribe_user(self, room_id: str, user_id: str) -> Sequence[str]:
        """Unsubscribe all connections of a user from a room; return their ids."""
        ids = sorted(self._names(room_id, user_id))
        self.unsubscribe_all(room_id, ids)
        return ids

    def unsubscribe_all(self, room_id: str, connection_ids: Iterable[str]) -> None:
        """Unsubscribe connections from a room, each in its own transaction."""
        for id_ in connection_ids:
            tx = Transaction(self._table.client)
            unsubscribe(tx, self._table, room_id, id_)
            try:
                tx.commit()
            except ConditionFailedError:  # the connection has ended meanwhile
                self.remove(room_id, id_)

    def display_name(self, room_id: str, user_id: str) -> str | None:
        """Return a user's name in a room, or None if they are not in it."""
        names = self._own(room_id, user_id) or self._searched(room_id, user_id)
        return next(iter(names.values()), None)

    def set_membership(self, membership: Membership) -> Sequence[str]:
        """Copy a membership to its user's connections in the room; return their ids."""
        until = wire(membership.muted_until) if membership.muted_until else None
        ids = sorted(self._names(membership.room_id, membership.user_id))
        for id_ in ids:
            subscriber = item_keys.subscriber_key(membership.room_id, id_)
            self._set(subscriber, items.membership_attributes(membership))
            muted = {item_keys.mute_attribute(membership.room_id): until}
            self._set(item_keys.connection_key(id_), muted)
        return ids

    def _set(self, key: Item, attributes: Item) -> None:
        """Set attributes of an item, unless it was deleted meanwhile. None removes one."""
        with suppress(ConditionFailedError):
            self._table.update(key, Changes(sets=attributes), condition=EXISTS)

    def _names(self, room_id: str, user_id: str) -> Mapping[str, str]:
        """Return each connection of a user in a room with the user's name, found by both items.

        A removal that failed half way may have taken a connection from the list of its user only.
        """
        return self._searched(room_id, user_id) | self._own(room_id, user_id)

    def _own(self, room_id: str, user_id: str) -> dict[str, str]:
        """Return the connections of a user's list that are in a room, with the user's name.

        A renewal writes the connection first and its subscriptions then. In between, a
        subscription may have expired although its connection has not.
        """
        own = self._user_connections.all_of(user_id)
        return {it.connection_id: it.member.name for it in own if room_id in it.rooms}

    def _searched(self, room_id: str, user_id: str) -> dict[str, str]:
        """Return the same from the first 1,000 subscribers of a room."""
        found = islice(self._all(room_id, Limit=MAX_SEARCHED), MAX_SEARCHED)
        subscribers = map(items.to_subscriber, found)
        return {s.connection_id: s.member.name for s in subscribers if s.member.user_id == user_id}

    def _live(self, room_id: str, **options: Any) -> Iterator[Subscriber]:
        now = self._clock.now()
        found = self._all(room_id, **options)
        return (items.to_subscriber(item) for item in found if items.is_live(item, now))

    def _all(self, room_id: str, **options: Any) -> Iterator[Item]:
        prefix = item_keys.subscriber_key(room_id, "")
        return self._table.query(
            "pk = :room AND begins_with(sk, :prefix)",
            {":room": prefix["pk"], ":prefix": prefix["sk"]},
            **options,
        )


def unsubscribe(tx: Transaction, connections: Table, room_id: str, connection_id: str) -> None:
    """Delete a subscription, and the room from those of the connection.

    The transaction raises ConditionFailedError if the connection is unknown.
    """
    tx.delete(connections, item_keys.subscriber_key(room_id, connection_id))
    key, mute = item_keys.connection_key(connection_id), item_keys.mute_attribute(room_id)
    changes = Changes(deletes={"rooms": {room_id}}, removes=[mute])
    tx.update(connections, key, changes, condition=EXISTS)
