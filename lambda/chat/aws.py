"""The AWS clients, with attempts and time-outs that leave a request time to be answered.

A call that hangs for good fails after 3 attempts of 1 s and pauses of at most 1 and 2 s between
them; `Budget` bounds the sum of a request's calls.
https://docs.aws.amazon.com/boto3/latest/guide/retries.html#standard-retry-mode
"""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from chat.budget import Budget

if TYPE_CHECKING:
    from types_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from types_boto3_dynamodb import DynamoDBClient

CONNECT_SECONDS = 1
READ_SECONDS = 1


def dynamodb(budget: Budget) -> "DynamoDBClient":
    """DynamoDB, in the region and at the endpoint that the environment names."""
    client = boto3.client("dynamodb", config=_config(pool=10, attempts=3))
    client.meta.events.register("before-send.dynamodb", budget.check)
    return client


def gateway(callback_url: str, *, pool: int) -> "ApiGatewayManagementApiClient":
    """The `@connections` API of one stage."""
    config = _config(pool=pool, attempts=2)
    return boto3.client("apigatewaymanagementapi", endpoint_url=callback_url, config=config)


def _config(*, pool: int, attempts: int) -> Config:
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=pool,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
