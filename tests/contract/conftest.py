"""The three implementations of the Rooms port that one suite holds to one contract."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from chat.ports import Rooms
from chat.rooms import DynamoRooms
from tests.dynamodb_client import dynamodb
from tests.fakes import FakeClock, FakeRooms

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MakeRooms = Callable[..., Rooms]


@pytest.fixture
def clock() -> FakeClock:
    """The clock that the rooms under test go by."""
    return FakeClock()


@pytest.fixture(scope="module")
def moto_dynamodb() -> Iterator["DynamoDBClient"]:
    """DynamoDB as moto plays it, in this process; one request at a time, or it loses writes."""
    with mock_aws():
        client = dynamodb()
        _one_at_a_time(client)
        yield client


def _one_at_a_time(client: Any) -> None:
    """Moto's transactions are not atomic between threads, as DynamoDB's are."""
    lock, plain = threading.Lock(), client._make_api_call

    def call(operation: str, request: dict[str, Any]) -> Any:
        with lock:
            return plain(operation, request)

    client._make_api_call = call


@pytest.fixture(scope="module")
def emulator_dynamodb(emulator_url: str) -> "DynamoDBClient":
    """DynamoDB as the laptop's emulator plays it."""
    return dynamodb(emulator_url)


@pytest.fixture(params=["fakes", "moto", "emulator"])
def make_rooms(request: pytest.FixtureRequest, clock: FakeClock) -> MakeRooms:
    """Makes empty rooms with the retention and the limit that a test asks for."""
    if request.param == "fakes":
        return lambda **options: FakeRooms(clock, **options)
    client: DynamoDBClient = request.getfixturevalue(f"{request.param}_dynamodb")

    def make(*, retention: timedelta | None = None, rooms_per_connection: int = 50) -> Rooms:
        return DynamoRooms(
            client,
            connections_table=make_table(client),
            rooms_table=make_table(client),
            clock=clock,
            rooms_per_connection=rooms_per_connection,
            retention=retention,
        )

    return make


@pytest.fixture
def rooms(make_rooms: MakeRooms) -> Rooms:
    """Empty rooms with the default settings."""
    return make_rooms()


def make_table(client: "DynamoDBClient") -> str:
    """An empty table of the stack's shape; its name."""
    name = f"table-{uuid.uuid4().hex}"
    client.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return name
