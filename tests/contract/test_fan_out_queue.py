"""The fan-out queue on SQS: the shards that two emulations accept, and rejected shards."""

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from chat.large_rooms.shards import MAX_RECIPIENTS, cut
from chat.large_rooms.sqs import SqsFanOutQueue
from tests.support.in_process import sqs_in_process

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

IDS = [f"{n:015d}=" for n in range(3 * MAX_RECIPIENTS + 7)]
SECOND = [*cut("tea", IDS, b"{}")][1]
FRAME = json.dumps({"type": "message", "text": "Zoë \uffff 🫖 " * 900}, ensure_ascii=False).encode()


@pytest.fixture(params=["moto", "emulator"])
def sqs(request: pytest.FixtureRequest) -> Any:
    """SQS of moto, and of the emulator's library."""
    if request.param == "emulator":
        yield sqs_in_process()
        return
    with mock_aws():
        yield boto3.client(
            "sqs",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


@pytest.fixture
def queue_url(sqs: "SQSClient") -> str:
    """An empty queue."""
    return sqs.create_queue(QueueName=f"shards-{uuid4().hex}")["QueueUrl"]


def receive_all(sqs: "SQSClient", queue_url: str) -> list[dict[str, Any]]:
    """Receive and return all shards in the queue."""
    found: list[dict[str, Any]] = []
    while got := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in got]
    return found


def test_queues_every_recipient_once(sqs: "SQSClient", queue_url: str) -> None:
    """The shards in the queue have the frame, and each connection id once."""
    queue = SqsFanOutQueue(lambda: sqs, queue_url=queue_url)

    left = queue.enqueue("tea", IDS, FRAME)

    bodies = receive_all(sqs, queue_url)
    assert left == []
    assert sorted(id_ for body in bodies for id_ in body["connectionIds"]) == IDS
    assert {body["roomId"] for body in bodies} == {"tea"}
    assert {base64.b64decode(body["frame"]) for body in bodies} == {FRAME}
    assert all(json.dumps(body).isascii() for body in bodies)


def test_retries_are_delayed(sqs: "SQSClient", queue_url: str) -> None:
    """A shard that was tried before is delayed."""
    queue = SqsFanOutQueue(lambda: sqs, queue_url=queue_url)

    queue.enqueue("tea", IDS[:1], FRAME, tries=1)

    attributes = sqs.get_queue_attributes(
        QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )["Attributes"]
    assert attributes == {"ApproximateNumberOfMessagesDelayed": "1"}
    assert receive_all(sqs, queue_url) == []


def test_a_missing_queue_returns_every_recipient(sqs: "SQSClient", queue_url: str) -> None:
    """If the queue does not exist, `enqueue` returns every recipient."""
    queue = SqsFanOutQueue(lambda: sqs, queue_url=queue_url + "-gone")

    assert queue.enqueue("tea", IDS, FRAME) == IDS


def reject_second(entries: list[dict[str, str]]) -> dict[str, Any]:
    """Return the reply of SQS that accepts all entries but the second."""
    return {"Failed": [{"Id": entries[1]["Id"], "SenderFault": False, "Code": "InternalError"}]}


def unreachable(_: list[dict[str, str]]) -> dict[str, Any]:
    raise EndpointConnectionError(endpoint_url="https://sqs")


@pytest.mark.parametrize(
    ("reply", "left"),
    [(reject_second, [*SECOND.connection_ids]), (unreachable, IDS)],
)
def test_rejected_shards_return_their_recipients(
    reply: Callable[[list[dict[str, str]]], dict[str, Any]], left: list[str]
) -> None:
    """If SQS rejects a shard, `enqueue` returns its recipients. The other shards are queued."""

    class Queue:
        def send_message_batch(self, *, QueueUrl: str, Entries: Any) -> Any:  # noqa: N803, ARG002 - boto3's
            """Return the reply of SQS."""
            return reply(Entries)

    queue = SqsFanOutQueue(lambda: Queue(), queue_url="q")  # type: ignore[arg-type,return-value]  # the only method that is used

    assert queue.enqueue("tea", IDS, b"{}") == left
