"""The AWS clients, with time-outs that leave a request time to be answered."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from types_boto3_dynamodb import DynamoDBClient


def dynamodb() -> "DynamoDBClient":
    """DynamoDB, in the region and at the endpoint that the environment names."""
    return boto3.client("dynamodb", config=_config(pool=10, read_timeout=3))


def gateway(callback_url: str, *, pool: int) -> "ApiGatewayManagementApiClient":
    """The `@connections` API of one stage."""
    config = _config(pool=pool, read_timeout=3)
    return boto3.client("apigatewaymanagementapi", endpoint_url=callback_url, config=config)


def _config(*, pool: int, read_timeout: float) -> Config:
    return Config(
        connect_timeout=1,
        read_timeout=read_timeout,
        max_pool_connections=pool,
        retries={"mode": "standard", "total_max_attempts": 4},
    )
