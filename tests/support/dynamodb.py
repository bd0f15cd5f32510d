"""The DynamoDB client for moto, and the tables of the tests."""

import uuid
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def dynamodb() -> "DynamoDBClient":
    """Return a client with made-up credentials, for use within `mock_aws`."""
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def make_table(client: "DynamoDBClient") -> str:
    """Create an empty table with the keys and the index of Connections; return its name."""
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
            {"AttributeName": "endsIn", "AttributeType": "S"},
            {"AttributeName": "endsAt", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "Ending",
                "KeySchema": [
                    {"AttributeName": "endsIn", "KeyType": "HASH"},
                    {"AttributeName": "endsAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return name
