"""The three implementations of the stores: fakes, moto and the emulator's library."""

import threading
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from chat.ports import Rooms
from tests.support.dynamodb import dynamodb, make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import MakeRooms, MakeStores, Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def clock() -> FakeClock:
    """The clock of the rooms under test."""
    return FakeClock()


@pytest.fixture(scope="module")
def moto_dynamodb() -> Iterator["DynamoDBClient"]:
    """DynamoDB of moto, in this process.

    It gets one request at a time. Moto loses writes otherwise.
    """
    with mock_aws():
        client = dynamodb()
        _one_at_a_time(client)
        yield client


def _one_at_a_time(client: Any) -> None:
    """Let *client* send one request at a time.

    The transactions of DynamoDB are atomic between threads. The transactions of moto are not.
    """
    lock, plain = threading.RLock(), client._make_api_call

    def call(operation: str, request: dict[str, Any]) -> Any:
        with lock:
            return plain(operation, request)

    client._make_api_call = call


@pytest.fixture(params=["fakes", "moto", "emulator"])
def make_stores(request: pytest.FixtureRequest, clock: FakeClock) -> MakeStores:
    """A factory of empty stores with the retention and the limits that a test needs."""
    if request.param == "fakes":
        return partial(Stores.fake, clock)
    client: DynamoDBClient = request.getfixturevalue(f"{request.param}_dynamodb")

    def make(**options: Any) -> Stores:
        tables = (make_table(client), make_table(client))
        return Stores.dynamo(client, clock, tables=tables, **options)

    return make


@pytest.fixture
def make_rooms(make_stores: MakeStores) -> MakeRooms:
    """A factory of empty rooms with the retention and the limits that a test needs."""
    return lambda **options: make_stores(**options).rooms


@pytest.fixture
def stores(make_stores: MakeStores) -> Stores:
    """Empty stores with the default settings."""
    return make_stores()


@pytest.fixture
def rooms(stores: Stores) -> Rooms:
    """Empty rooms with the default settings."""
    return stores.rooms
