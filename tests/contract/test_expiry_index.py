"""An index that is behind its table does not close a connection."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chat.domain.connection import Connection, TokenId
from chat.dynamodb import item_keys
from chat.dynamodb.table import pack
from chat.protocol import Member
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ALICE = Member(user_id="u-alice", name="Alice")


class LateIndexClient:
    """A DynamoDB client whose index still has one connection in each shard."""

    def __init__(self, client: "DynamoDBClient", connection_id: str) -> None:
        self._client = client
        self._key = pack(item_keys.connection_key(connection_id))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def query(self, **_: Any) -> dict[str, Any]:
        """Return the old state of the index."""
        return {"Items": [self._key]}


def test_a_late_index_closes_no_connection(
    emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> None:
    """A connection that was just renewed, or removed, is not listed as expired."""
    table, rooms = make_table(emulator_dynamodb), make_table(emulator_dynamodb)
    stores = Stores.dynamo(emulator_dynamodb, clock, tables=(table, rooms))
    alice = Connection(
        "a1=", ALICE, clock.now(), token_expires_at=clock.now() + timedelta(minutes=10)
    )
    stores.handshakes.open(alice)
    stores.connections.renew(alice, TokenId("t2", clock.now() + timedelta(minutes=60)))
    late: Any = LateIndexClient(emulator_dynamodb, "a1=")
    connections = Stores.dynamo(late, clock, tables=(table, rooms)).connections

    clock.advance(minutes=11)
    assert list(connections.expired(limit=9)) == []
    clock.advance(minutes=50)
    assert set(connections.expired(limit=9)) == {"a1="}
    stores.connections.remove("a1=")
    assert list(connections.expired(limit=9)) == []
