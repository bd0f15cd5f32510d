"""A chat whose pushes are unreliable and whose messages expire, and its final state."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from chat.dynamodb import items
from chat.dynamodb.table import Table
from tests.reliability.model.history_checker import Entry, Truth
from tests.reliability.model.in_memory_transport import InMemoryUser, UnreliablePush
from tests.support.dynamodb import make_table
from tests.support.harness import LIMITS, Chat
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

RETENTION = timedelta(days=1)

PAGE = 3
"""The messages in a reply: few, so that there are many pages."""


class Simulation(Chat):
    """The chat on fakes."""

    unreliable_push: UnreliablePush

    def __init__(
        self,
        *,
        page: int = PAGE,
        retention: timedelta | None = RETENTION,
        guests: bool = True,
    ) -> None:
        self.unreliable_push = UnreliablePush(now=lambda: self.clock.now().timestamp())
        self.retention = retention
        limits = replace(LIMITS, history_page=page)
        super().__init__(limits=limits, push=self.unreliable_push, guests=guests)
        self.stores = Stores.fake(self.clock, retention=retention)

    def connects(self, connection_id: str, **query: str) -> int:
        """Open a connection, with a token valid for an hour if users sign in."""
        if self.guests:
            return super().connects(connection_id, **query)
        name = connection_id.split(".")[0]
        end = int(self.clock.now().timestamp()) + 3600
        return self.is_let_in(connection_id, userId=f"u-{name}", name=name, expiresAt=str(end))

    def log(self, room_id: str) -> Sequence[Entry]:
        """Return all messages that were ever stored in a room, expired or not."""
        return [
            Entry(
                msgspec.to_builtins(kept.message),
                kept.expires_at.timestamp() if kept.expires_at else float("inf"),
            )
            for kept in self.stores.state.logs.get(room_id, ())
        ]

    def truth(self, users: Sequence[InMemoryUser], room_ids: Sequence[str]) -> Truth:
        """Return logs and subscribers as they are, and the rooms that *users* are in."""
        log = {room_id: self.log(room_id) for room_id in room_ids}
        members = {
            room_id: [a.connection_id for a in self.services.subscribers.of(room_id)]
            for room_id in room_ids
        }
        return Truth(log, members, {room_id: _inside(users, room_id) for room_id in room_ids})


class DynamoSimulation(Simulation):
    """The chat on the real adapter, with DynamoDB emulated in this process."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        page: int = PAGE,
        retention: timedelta | None = RETENTION,
        tables: tuple[str, str] | None = None,
        guests: bool = True,
    ) -> None:
        super().__init__(page=page, retention=retention, guests=guests)
        self.client = client
        self.tables = tables or (make_table(client), make_table(client))
        self.stores = Stores.dynamo(
            client,
            self.clock,
            tables=self.tables,
            rooms_per_connection=self.limits.rooms_per_connection,
            retention=retention,
        )

    def log(self, room_id: str) -> Sequence[Entry]:
        """Return the items of a room's log, without tombstones."""
        return read_log(self.client, self.tables[1], room_id)


def read_log(client: "DynamoDBClient", table: str, room_id: str) -> Sequence[Entry]:
    """Return the messages of a room in a table."""
    found = Table(client, table).query(
        "pk = :pk AND begins_with(sk, :prefix)", {":pk": f"ROOM#{room_id}", ":prefix": "MESSAGE#"}
    )
    return [
        Entry(
            msgspec.to_builtins(items.to_message(item)), float(item.get("expiresAt", float("inf")))
        )
        for item in found
        if "hole" not in item
    ]


def new_id() -> str:
    """Return a unique id."""
    return uuid.uuid4().hex


def _inside(users: Sequence[InMemoryUser], room_id: str) -> list[str]:
    return [
        user.connection_id
        for user in users
        if user.connection_id and (room := user.client.rooms.get(room_id)) and room.inside
    ]
