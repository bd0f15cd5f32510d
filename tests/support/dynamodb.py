"""DynamoDB clients of the tests, for moto or at an emulator's address."""

from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def dynamodb(url: str | None = None) -> "DynamoDBClient":
    """A client with made-up credentials; without *url*, for use within `mock_aws`."""
    return boto3.client(
        "dynamodb",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
