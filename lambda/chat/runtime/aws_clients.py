"""The AWS clients, with attempts and time-outs that leave a request time to be answered.

A call that hangs for good fails after 3 attempts of 1 s and pauses of at most 1 and 2 s between
them; `InvocationDeadline` bounds the sum of a request's calls.
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

_session = get_session()  # boto3 would add 30 ms to a start, and nothing that is used here
_CONFIG = Config(
    connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 3}
)


def dynamodb(budget: InvocationDeadline, watch: DynamoTimer) -> "DynamoDBClient":
    """DynamoDB, in the region and at the endpoint that the environment names."""
    client = cast("DynamoDBClient", _session.create_client("dynamodb", config=_CONFIG))
    client.meta.events.register("before-send.dynamodb", budget.check)
    client.meta.events.register("before-call.dynamodb", watch.begin)
    client.meta.events.register("after-call.dynamodb", watch.end)
    client.meta.events.register("after-call-error.dynamodb", watch.end)
    return client


def sqs(budget: InvocationDeadline) -> "SQSClient":
    """SQS, where DynamoDB is."""
    client = cast("SQSClient", _session.create_client("sqs", config=_CONFIG))
    client.meta.events.register("before-send.sqs", budget.check)
    return client


def functions(budget: InvocationDeadline, *, seconds: float) -> Any:
    """Lambda, to be asked once; *seconds* bound the connecting and each read, not their sum."""
    config = Config(
        connect_timeout=seconds, read_timeout=seconds, retries={"total_max_attempts": 1}
    )
    client = _session.create_client("lambda", config=config)
    client.meta.events.register("before-send.lambda", budget.check)
    return client


def credentials() -> Credentials:
    """The role's credentials as they are now; botocore finds and refreshes them."""
    found = _session.get_credentials()
    frozen = found and found.get_frozen_credentials()
    if not (frozen and frozen.access_key and frozen.secret_key):
        raise LookupError("no AWS credentials")
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)
