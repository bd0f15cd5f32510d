"""Open connections of each user, in one item a user, so that their number can be limited."""

from collections.abc import Iterable, Iterator, Sequence

from chat.domain.clock import Clock
from chat.domain.connection import Connection
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import EXISTS, Changes, Item
from chat.dynamodb.table import ConditionFailedError, Table


class DynamoUserConnections:
    """The lists of open connections, in the table of connections."""

    def __init__(self, connections: Table, *, clock: Clock) -> None:
        self._connections = connections
        self._clock = clock

    def remove(self, connection: Connection) -> None:
        """Take a connection out of its user's list."""
        self._remove(connection.member.user_id, [items.open_connection_mark(connection)])

    def ids_of(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections, also those whose token has expired."""
        now = self._clock.now().timestamp()
        return sorted(id_ for end, id_ in _open_connections(self.item_of(user_id)) if end > now)

    def live_ids_of(self, user_id: str) -> Sequence[str]:
        """Return the ids of a user's open connections whose token has not expired."""
        now = self._clock.now()
        live = (item for item in self._items(user_id) if items.is_live(item, now))
        return [item_keys.connection_id_of(item) for item in live]

    def all_of(self, user_id: str) -> Sequence[Connection]:
        """Return a user's open connections, also those whose token has expired."""
        return [*map(items.to_connection, self._items(user_id))]

    def _items(self, user_id: str) -> Iterator[Item]:
        for id_ in self.ids_of(user_id):
            if item := self._connections.get(item_keys.connection_key(id_)):
                yield item

    def item_of(self, user_id: str) -> Item:
        """Return a user's item; empty for a user without one."""
        return self._connections.get(item_keys.user_connections_key(user_id)) or {}

    def remove_expired(self, user_id: str, known: Item) -> bool:
        """Remove connections that must have ended, their `$disconnect` lost; False for none."""
        now = self._clock.now().timestamp()
        expired = [f"{end}#{id_}" for end, id_ in _open_connections(known) if end <= now]
        if expired:
            self._remove(user_id, expired)
        return bool(expired)

    def _remove(self, user_id: str, marks: Sequence[str]) -> None:
        key, changes = item_keys.user_connections_key(user_id), Changes(deletes={"open": {*marks}})
        try:
            self._connections.update(key, changes, condition=EXISTS)
        except ConditionFailedError:
            return  # the item has expired, with all that was in it


def _open_connections(item: Item) -> Iterable[tuple[int, str]]:
    """Yield the connections in a user's item: the latest possible end of each, and its id."""
    for mark in item.get("open", ()):
        end, _, id_ = mark.partition("#")
        yield int(end), id_
