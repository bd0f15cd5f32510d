"""The environments of the model tests: both deployed chats, and DynamoDB emulated by moto."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.support.dynamodb import dynamodb
from tests.support.emulator import Stack

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture(params=["stack", "signed_in_stack"])
def either_stack(request: pytest.FixtureRequest) -> Stack:
    """Provide the chat of guests, and the chat of signed-in users."""
    stack: Stack = request.getfixturevalue(request.param)
    return stack


@pytest.fixture(scope="module")
def moto_dynamodb() -> Iterator["DynamoDBClient"]:
    """Provide DynamoDB in this process."""
    with mock_aws():
        yield dynamodb()
