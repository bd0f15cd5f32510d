"""DynamoDB for the promises, as moto plays it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.dynamodb_client import dynamodb

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def moto_dynamodb() -> Iterator["DynamoDBClient"]:
    """DynamoDB in this process."""
    with mock_aws():
        yield dynamodb()
