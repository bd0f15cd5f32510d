"""The queue of shards, its dead-letter queue, and the consumer's event source."""

from collections.abc import Mapping
from typing import Any

from tests.infrastructure.synthesis import CONSUMER, Synthesized


def queues(stack: Synthesized) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the properties of the queue and of its dead-letter queue."""
    found = stack.resources("AWS::SQS::Queue")
    (dead,) = [id_ for id_ in found if "DeadLetters" in id_]
    (live,) = set(found) - {dead}
    return found[live]["Properties"], found[dead]["Properties"]


def test_waits_for_the_consumer(each_environment: Synthesized) -> None:
    """SQS delivers a shard again only after its function has ended."""
    queue, _ = queues(each_environment)

    assert queue["VisibilityTimeout"] == 6 * each_environment.function(CONSUMER)["Timeout"]


def test_keeps_failed_shards(each_environment: Synthesized) -> None:
    """After ten tries, a shard is a dead letter for 14 days, which is the maximum of SQS."""
    queue, dead = queues(each_environment)

    assert queue["RedrivePolicy"]["maxReceiveCount"] == 10
    assert dead["MessageRetentionPeriod"] == 14 * 86_400


def test_outlasts_throttles(each_environment: Synthesized) -> None:
    """A shard survives 20 minutes without a free function, and is a dead letter before it expires.

    A receive that Lambda throttles counts, as a failed one does. AWS advises five or more:
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    queue, _ = queues(each_environment)

    receives = queue["RedrivePolicy"]["maxReceiveCount"]
    assert receives >= 5
    waited = receives * queue["VisibilityTimeout"]
    assert 20 * 60 <= waited < queue["MessageRetentionPeriod"]


def test_is_encrypted_and_tls_only(each_environment: Synthesized) -> None:
    """SQS encrypts both queues with its own key, and both deny requests without TLS."""
    assert all(queue["SqsManagedSseEnabled"] for queue in queues(each_environment))
    policies = each_environment.resources("AWS::SQS::QueuePolicy").values()
    assert len(policies) == 2
    for policy in policies:
        (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_shards_run_concurrently(each_environment: Synthesized) -> None:
    """An invocation gets one shard, and at most 20 invocations run at once."""
    source = each_environment.only("AWS::Lambda::EventSourceMapping")

    assert source["BatchSize"] == 1
    assert source["ScalingConfig"] == {"MaximumConcurrency": 20}
