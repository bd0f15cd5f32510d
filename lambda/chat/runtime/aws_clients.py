"""AWS clients whose retries and time-outs leave time to answer the request.

A call without a response fails after 3 attempts of 1 s. The pauses between them are at most 1 s
and 2 s. `InvocationDeadline` bounds the sum of a request's calls.
https://docs.aws.amazon.com/boto3/latest/guide/retries.html#standard-retry-mode
"""

from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.session import get_session

from chat.gateway.sigv4 import Credentials
from chat.observability.metrics import DynamoTimer
from chat.runtime.deadlines import InvocationDeadline

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_sqs import SQSClient

_session = get_session()  # boto3 would add 30 ms to a start
_CONFIG = Config(
    connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 3}
)


def dynamodb(deadline: InvocationDeadline, timer: DynamoTimer) -> "DynamoDBClient":
    """Return a DynamoDB client for the region and endpoint of the environment."""
    client = cast("DynamoDBClient", _session.create_client("dynamodb", config=_CONFIG))
    client.meta.events.register("before-send.dynamodb", deadline.check)
    client.meta.events.register("before-call.dynamodb", timer.begin)
    client.meta.events.register("after-call.dynamodb", timer.end)
    client.meta.events.register("after-call-error.dynamodb", timer.end)
    return client


def sqs(deadline: InvocationDeadline) -> "SQSClient":
    """Return an SQS client for the region and endpoint of the environment."""
    client = cast("SQSClient", _session.create_client("sqs", config=_CONFIG))
    client.meta.events.register("before-send.sqs", deadline.check)
    return client


def lambda_client(deadline: InvocationDeadline, *, seconds: float) -> Any:
    """Return a Lambda client without retries.

    *seconds* bound the connection and each read, but not their sum.
    """
    config = Config(
        connect_timeout=seconds, read_timeout=seconds, retries={"total_max_attempts": 1}
    )
    client = _session.create_client("lambda", config=config)
    client.meta.events.register("before-send.lambda", deadline.check)
    return client


def credentials() -> Credentials:
    """Return the role's current credentials, which botocore refreshes. Raises LookupError."""
    found = _session.get_credentials()
    frozen = found and found.get_frozen_credentials()
    if not (frozen and frozen.access_key and frozen.secret_key):
        raise LookupError("no AWS credentials")
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)
