"""The stores of one chat, on fakes or on the real adapters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from chat.domain.clock import Clock
from chat.domain.membership import MEMBERSHIPS_PER_ROOM
from chat.domain.rate_limit import Rates
from chat.dynamodb.stores import build_stores
from chat.ports import (
    Connections,
    Deletions,
    Handshakes,
    Invites,
    Memberships,
    Messages,
    RateLimiter,
    Rooms,
    RoomTransactions,
    Subscribers,
    UserConnections,
)
from ops.bans import Bans
from tests.support.fakes.connections import (
    FakeBans,
    FakeConnections,
    FakeHandshakes,
    FakeUserConnections,
)
from tests.support.fakes.invites import FakeInvites
from tests.support.fakes.memberships import FakeMemberships
from tests.support.fakes.messages import FakeDeletions, FakeMessages
from tests.support.fakes.rate_limits import FakeRateLimiter
from tests.support.fakes.rooms import FakeRooms, FakeRoomTransactions, FakeSubscribers
from tests.support.fakes.state import State

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


UNBOUNDED = Rates()


@dataclass(frozen=True)
class Stores:
    """One store for each port, on the same tables."""

    connections: Connections
    handshakes: Handshakes
    user_connections: UserConnections
    rooms: Rooms
    room_transactions: RoomTransactions
    invites: Invites
    subscribers: Subscribers
    memberships: Memberships
    messages: Messages
    deletions: Deletions
    rate_limiter: RateLimiter
    bans: Bans | FakeBans
    state: State
    """The data of the fakes; empty for the real adapters."""

    @property
    def by_port(self) -> Mapping[str, Any]:
        """Return the stores that handlers get, by their names in `Services`."""
        kept = {"bans", "state"}
        return {it.name: getattr(self, it.name) for it in fields(self) if it.name not in kept}

    @classmethod
    def fake(
        cls,
        clock: Clock,
        *,
        connections_per_user: int = 20,
        rooms_per_connection: int = 50,
        rooms_per_user: int = 100,
        retention: timedelta | None = None,
        rates: Rates = UNBOUNDED,
        memberships_per_room: int = MEMBERSHIPS_PER_ROOM,
    ) -> Self:
        """Return stores in memory."""
        state = State(clock)
        connections = FakeConnections(state)
        return cls(
            connections=connections,
            handshakes=FakeHandshakes(state, connections_per_user=connections_per_user),
            user_connections=FakeUserConnections(state),
            rooms=FakeRooms(state),
            room_transactions=FakeRoomTransactions(
                state,
                rooms_per_connection=rooms_per_connection,
                rooms_per_user=rooms_per_user,
                memberships_per_room=memberships_per_room,
            ),
            invites=FakeInvites(state),
            subscribers=FakeSubscribers(state),
            memberships=FakeMemberships(state, memberships_per_room=memberships_per_room),
            messages=FakeMessages(state, retention=retention),
            deletions=FakeDeletions(state),
            rate_limiter=FakeRateLimiter(clock, rates=rates, connections=connections),
            bans=FakeBans(state),
            state=state,
        )

    @classmethod
    def dynamo(
        cls,
        client: "DynamoDBClient",
        clock: Clock,
        *,
        tables: tuple[str, str],
        connections_per_user: int = 20,
        rooms_per_connection: int = 50,
        rooms_per_user: int = 100,
        retention: timedelta | None = None,
        text_length: int = 4_000,
        name_length: int = 64,
        rates: Rates = UNBOUNDED,
        memberships_per_room: int = MEMBERSHIPS_PER_ROOM,
    ) -> Self:
        """Return stores in the two *tables*, of connections and of rooms."""
        stores = build_stores(
            client,
            connections_table=tables[0],
            rooms_table=tables[1],
            clock=clock,
            rates=rates,
            connections_per_user=connections_per_user,
            rooms_per_connection=rooms_per_connection,
            rooms_per_user=rooms_per_user,
            retention=retention,
            text_length=text_length,
            name_length=name_length,
            memberships_per_room=memberships_per_room,
        )
        return cls(
            **{field.name: getattr(stores, field.name) for field in fields(stores)},
            bans=Bans(client, table=tables[1]),
            state=State(clock),
        )


MakeRooms = Callable[..., Rooms]


MakeStores = Callable[..., Stores]
