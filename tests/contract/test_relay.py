"""The relay on SQS: what moto and the emulator take, and what becomes of what they refuse."""

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from chat.large_rooms.shards import MAX_RECIPIENTS, cut
from chat.large_rooms.sqs import SqsFanOutQueue

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

IDS = [f"{n:015d}=" for n in range(3 * MAX_RECIPIENTS + 7)]
SECOND = [*cut("tea", IDS, b"{}")][1]
FRAME = json.dumps({"type": "message", "text": "Zoë \uffff 🫖 " * 900}, ensure_ascii=False).encode()


@pytest.fixture(params=["moto", "emulator"])
def sqs(request: pytest.FixtureRequest) -> Any:
    """SQS in this process, and the laptop's."""
    if request.param == "emulator":
        yield client(request.getfixturevalue("emulator_url"))
        return
    with mock_aws():
        yield client(None)


def client(url: str | None) -> "SQSClient":
    return boto3.client(
        "sqs",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
def queue_url(sqs: "SQSClient") -> str:
    """An empty queue."""
    return sqs.create_queue(QueueName="shards")["QueueUrl"]


def drained(sqs: "SQSClient", queue_url: str) -> list[dict[str, Any]]:
    """All that is in the queue."""
    found: list[dict[str, Any]] = []
    while got := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in got]
    return found


def test_queues_every_recipient_once(sqs: "SQSClient", queue_url: str) -> None:
    """The shards in the queue hold the frame and all ids, each once."""
    queue = SqsFanOutQueue(lambda: sqs, queue_url=queue_url)

    left = queue.enqueue("tea", IDS, FRAME)

    bodies = drained(sqs, queue_url)
    assert left == []
    assert sorted(id_ for body in bodies for id_ in body["connectionIds"]) == IDS
    assert {body["roomId"] for body in bodies} == {"tea"}
    assert {base64.b64decode(body["frame"]) for body in bodies} == {FRAME}
    assert all(json.dumps(body).isascii() for body in bodies)


def test_later_tries_wait(sqs: "SQSClient", queue_url: str) -> None:
    """A shard that was tried before is not there at once, and says how often it was."""
    queue = SqsFanOutQueue(lambda: sqs, queue_url=queue_url)

    queue.enqueue("tea", IDS[:1], FRAME, tries=1)

    attributes = sqs.get_queue_attributes(
        QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )["Attributes"]
    assert attributes == {"ApproximateNumberOfMessagesDelayed": "1"}
    assert drained(sqs, queue_url) == []


def test_gives_back_what_a_missing_queue_cannot_take(sqs: "SQSClient", queue_url: str) -> None:
    """Without a queue every recipient is left to the caller."""
    queue = SqsFanOutQueue(lambda: sqs, queue_url=queue_url + "-gone")

    assert queue.enqueue("tea", IDS, FRAME) == IDS


def refuse_some(entries: list[dict[str, str]]) -> dict[str, Any]:
    """SQS's answer when it takes all but the second."""
    return {"Failed": [{"Id": entries[1]["Id"], "SenderFault": False, "Code": "InternalError"}]}


def unreachable(_: list[dict[str, str]]) -> dict[str, Any]:
    raise EndpointConnectionError(endpoint_url="https://sqs")


@pytest.mark.parametrize(
    ("answer", "left"),
    [(refuse_some, [*SECOND.connection_ids]), (unreachable, IDS)],
)
def test_gives_back_what_is_refused(
    answer: Callable[[list[dict[str, str]]], dict[str, Any]], left: list[str]
) -> None:
    """A shard that SQS refuses is its recipients' again; the others are queued."""

    class Queue:
        def send_message_batch(self, *, QueueUrl: str, Entries: Any) -> Any:  # noqa: N803, ARG002 - boto3's
            """What SQS answers."""
            return answer(Entries)

    queue = SqsFanOutQueue(lambda: Queue(), queue_url="q")  # type: ignore[arg-type,return-value]  # as much of it as is used

    assert queue.enqueue("tea", IDS, b"{}") == left
