"""The users of the connections that this process has read."""

from chat.domain.bounded_dict import BoundedDict
from chat.domain.connection import Connection


class KnownUsers:
    """The user of each connection, so that all connections of a user count together."""

    def __init__(self) -> None:
        self._ids = BoundedDict[str]()

    def learn(self, connection: Connection) -> Connection:
        """Remember a connection's user; return the connection."""
        self._ids.put(connection.connection_id, connection.member.user_id)
        return connection

    def id_of(self, connection_id: str) -> str | None:
        """Return the user of a connection, or None if this process has not read it."""
        return self._ids.get(connection_id, "") or None

    def name_of(self, connection_id: str) -> str:
        """Return the name under which a connection counts: its user's, or its own."""
        return self._ids.get(connection_id, f"of {connection_id}")
