"""A user's devices in a room are found by the user, and by the room: either is enough."""

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
    request: pytest.FixtureRequest, moto_dynamodb: "DynamoDBClient", clock: FakeClock
) -> Stores:
    """Bob is in the tea room with one device, of which half of what is kept has been lost."""
    tables = (make_table(moto_dynamodb), make_table(moto_dynamodb))
    stores = Stores.dynamo(moto_dynamodb, clock, tables=tables)
    bob = Connection("b1=", BOB, clock.now())
    stores.handshakes.open(bob)
    stores.joins.create_room("tea", "Tea", creator=bob)
    lost = {
        "by the user": item_keys.subscriber_key("tea", "b1="),
        "by the room": item_keys.user_connections_key("u-bob"),
    }[request.param]
    moto_dynamodb.delete_item(TableName=tables[0], Key=pack(lost))
    return stores


def test_knows_the_name(stores: Stores) -> None:
    """Of who is there, and of nobody else."""
    assert stores.subscribers.display_name("tea", "u-bob") == "Bob"
    assert stores.subscribers.display_name("tea", "u-eve") is None


def test_puts_out(stores: Stores) -> None:
    """The device is not in the room any more."""
    assert list(stores.subscribers.unsubscribe_user("tea", "u-bob")) == ["b1="]

    assert stores.connections.get("b1=").rooms == frozenset()
    assert list(stores.subscribers.unsubscribe_user("tea", "u-bob")) == []


def test_marks(stores: Stores) -> None:
    """The device does not speak."""
    muted = Membership("tea", "u-bob", name="Bob", muted_until=MUTED)

    assert list(stores.subscribers.set_membership(muted)) == ["b1="]

    assert stores.connections.get("b1=").muted == {"tea": MUTED}
