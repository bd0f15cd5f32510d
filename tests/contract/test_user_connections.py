"""The connections of a user in a room are found by the user or by the room.

One of the two items is enough.
"""

from typing import TYPE_CHECKING

import pytest

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.dynamodb import item_keys
from chat.dynamodb.table import pack
from chat.protocol import Member
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

BOB = Member(user_id="u-bob", name="Bob")
MUTED = FakeClock().now().replace(year=2030)


@pytest.fixture(params=["by the user", "by the room"])
def stores(
    request: pytest.FixtureRequest, emulator_dynamodb: "DynamoDBClient", clock: FakeClock
) -> Stores:
    """Stores with a connection of Bob in the tea room, from which one of two items is missing."""
    tables = (make_table(emulator_dynamodb), make_table(emulator_dynamodb))
    stores = Stores.dynamo(emulator_dynamodb, clock, tables=tables)
    bob = Connection("b1=", BOB, clock.now())
    stores.handshakes.open(bob)
    stores.room_transactions.create_room("tea", "Tea", creator=bob)
    lost = {
        "by the user": item_keys.subscriber_key("tea", "b1="),
        "by the room": item_keys.user_connections_key("u-bob"),
    }[request.param]
    emulator_dynamodb.delete_item(TableName=tables[0], Key=pack(lost))
    return stores


def test_returns_the_display_name(stores: Stores) -> None:
    """A user in the room has a display name. Another user has none."""
    assert stores.subscribers.display_name("tea", "u-bob") == "Bob"
    assert stores.subscribers.display_name("tea", "u-eve") is None


def test_unsubscribes_the_user(stores: Stores) -> None:
    """The connection of the user leaves the room."""
    assert list(stores.subscribers.unsubscribe_user("tea", "u-bob")) == ["b1="]

    assert stores.connections.get("b1=").rooms == frozenset()
    assert list(stores.subscribers.unsubscribe_user("tea", "u-bob")) == []


def test_mutes_the_user(stores: Stores) -> None:
    """The connection of the user is muted."""
    muted = Membership("tea", "u-bob", name="Bob", muted_until=MUTED)

    assert list(stores.subscribers.set_membership(muted)) == ["b1="]

    assert stores.connections.get("b1=").muted == {"tea": MUTED}
