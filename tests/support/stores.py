"""The stores of one chat, on fakes or on the real adapters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from chat.domain.rate_limit import Rates
from chat.dynamodb.connections import DynamoSockets
from chat.dynamodb.memberships import DynamoMemberships
from chat.dynamodb.rate_limits import DynamoFloods
from chat.dynamodb.revoked_tokens import RevokedTokens
from chat.dynamodb.room_store import DynamoRooms
from chat.dynamodb.rooms import DynamoDirectory
from chat.dynamodb.user_connections import UserConnections
from chat.ports import Clock, Directory, Floods, Memberships, Rooms, Sockets
from ops.bans import Bans
from tests.support.fakes.connections import FakeBans, FakeSockets
from tests.support.fakes.memberships import FakeDirectory, FakeMemberships
from tests.support.fakes.rate_limits import FakeFloods
from tests.support.fakes.rooms import FakeRooms

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


UNBOUNDED = Rates()


@dataclass(frozen=True)
class Stores:
    """Rooms, and the other stores in the same tables."""

    rooms: Rooms
    memberships: Memberships
    directory: Directory
    sockets: Sockets
    bans: Bans | FakeBans
    floods: Floods

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
        kind: type[FakeRooms] = FakeRooms,
    ) -> Self:
        """Return stores in memory."""
        rooms = kind(
            clock,
            connections_per_user=connections_per_user,
            rooms_per_connection=rooms_per_connection,
            rooms_per_user=rooms_per_user,
            retention=retention,
        )
        return cls(
            rooms,
            FakeMemberships(rooms, clock),
            FakeDirectory(rooms, clock),
            FakeSockets(rooms, clock),
            FakeBans(rooms),
            FakeFloods(clock, rates=rates, rooms=rooms),
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
        rates: Rates = UNBOUNDED,
    ) -> Self:
        """Return stores in the two *tables*, of connections and of rooms."""
        sign_outs = RevokedTokens(client, table=tables[0])
        holders = UserConnections(
            client,
            connections_table=tables[0],
            rooms_table=tables[1],
            clock=clock,
            most=connections_per_user,
            sign_outs=sign_outs,
        )
        rooms = DynamoRooms(
            client,
            connections_table=tables[0],
            rooms_table=tables[1],
            clock=clock,
            holders=holders,
            rooms_per_connection=rooms_per_connection,
            rooms_per_user=rooms_per_user,
            retention=retention,
        )
        return cls(
            rooms,
            DynamoMemberships(client, table=tables[1], clock=clock),
            DynamoDirectory(client, table=tables[1], clock=clock),
            DynamoSockets(
                client, table=tables[0], holders=holders, sign_outs=sign_outs, clock=clock
            ),
            Bans(client, table=tables[1]),
            DynamoFloods(client, table=tables[0], clock=clock, rates=rates, rooms=rooms),
        )


MakeRooms = Callable[..., Rooms]


MakeStores = Callable[..., Stores]
