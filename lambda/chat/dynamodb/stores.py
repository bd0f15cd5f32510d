"""Builds the adapters of both tables, which share a client and each other."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chat.domain.clock import Clock
from chat.domain.membership import MEMBERSHIPS_PER_ROOM
from chat.domain.rate_limit import Rates
from chat.dynamodb.connections import DynamoConnections
from chat.dynamodb.deletions import DynamoDeletions
from chat.dynamodb.handshakes import DynamoHandshakes
from chat.dynamodb.invites import DynamoInvites
from chat.dynamodb.largest_messages import largest_possible
from chat.dynamodb.memberships import DynamoMemberships
from chat.dynamodb.messages import DynamoMessages
from chat.dynamodb.rate_limiter import DynamoRateLimiter
from chat.dynamodb.revoked_tokens import RevokedTokens
from chat.dynamodb.room_transactions import DynamoRoomTransactions
from chat.dynamodb.rooms import DynamoRooms
from chat.dynamodb.subscribers import DynamoSubscribers
from chat.dynamodb.table import Table
from chat.dynamodb.user_connections import DynamoUserConnections

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStores:
    """Adapters of the table of connections."""

    connections: DynamoConnections
    user_connections: DynamoUserConnections
    subscribers: DynamoSubscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoStores(ConnectionStores):
    """One adapter for each port that stores something."""

    handshakes: DynamoHandshakes
    rooms: DynamoRooms
    room_transactions: DynamoRoomTransactions
    invites: DynamoInvites
    memberships: DynamoMemberships
    messages: DynamoMessages
    deletions: DynamoDeletions
    rate_limiter: DynamoRateLimiter


def build_connection_stores(
    client: "DynamoDBClient", *, connections_table: str, clock: Clock
) -> ConnectionStores:
    """Build the adapters of a function that reads no rooms."""
    table = Table(client, connections_table)
    return _connection_stores(table, RevokedTokens(table), clock)


def build_stores(
    client: "DynamoDBClient",
    *,
    connections_table: str,
    rooms_table: str,
    clock: Clock,
    rates: Rates,
    connections_per_user: int,
    rooms_per_connection: int,
    rooms_per_user: int,
    retention: timedelta | None,
    text_length: int,
    name_length: int,
    memberships_per_room: int = MEMBERSHIPS_PER_ROOM,
) -> DynamoStores:
    """Build the adapters of both tables."""
    in_connections, in_rooms = Table(client, connections_table), Table(client, rooms_table)
    revoked_tokens = RevokedTokens(in_connections)
    shared = _connection_stores(in_connections, revoked_tokens, clock)
    return DynamoStores(
        connections=shared.connections,
        user_connections=shared.user_connections,
        subscribers=shared.subscribers,
        handshakes=DynamoHandshakes(
            in_connections,
            in_rooms,
            user_connections=shared.user_connections,
            revoked_tokens=revoked_tokens,
            clock=clock,
            connections_per_user=connections_per_user,
        ),
        rooms=DynamoRooms(in_rooms, clock=clock),
        room_transactions=DynamoRoomTransactions(
            in_connections,
            in_rooms,
            clock=clock,
            rooms_per_connection=rooms_per_connection,
            rooms_per_user=rooms_per_user,
            memberships_per_room=memberships_per_room,
        ),
        invites=DynamoInvites(in_rooms, clock=clock),
        memberships=DynamoMemberships(
            in_rooms, clock=clock, memberships_per_room=memberships_per_room
        ),
        messages=DynamoMessages(
            in_rooms,
            clock=clock,
            retention=retention,
            largest_possible=largest_possible(text_length=text_length, name_length=name_length),
        ),
        deletions=DynamoDeletions(in_rooms, clock=clock),
        rate_limiter=DynamoRateLimiter(
            in_connections, connections=shared.connections, clock=clock, rates=rates
        ),
    )


def _connection_stores(
    table: Table, revoked_tokens: RevokedTokens, clock: Clock
) -> ConnectionStores:
    user_connections = DynamoUserConnections(table, clock=clock)
    return ConnectionStores(
        connections=DynamoConnections(
            table, user_connections=user_connections, revoked_tokens=revoked_tokens, clock=clock
        ),
        user_connections=user_connections,
        subscribers=DynamoSubscribers(table, user_connections=user_connections, clock=clock),
    )
