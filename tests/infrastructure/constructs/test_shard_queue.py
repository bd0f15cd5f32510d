"""The queue of shards, its dead letters, and the consumer that it feeds."""

from collections.abc import Mapping
from typing import Any

from tests.infrastructure.synthesis import CONSUMER, Synthesized


def queues(stack: Synthesized) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The properties of the queue and of its dead letters'."""
    found = stack.resources("AWS::SQS::Queue")
    (dead,) = [id_ for id_ in found if "DeadLetters" in id_]
    (live,) = set(found) - {dead}
    return found[live]["Properties"], found[dead]["Properties"]


def test_waits_for_the_consumer(each: Synthesized) -> None:
    """A shard is brought again only when its function has surely ended."""
    queue, _ = queues(each)

    assert queue["VisibilityTimeout"] == 6 * each.function(CONSUMER)["Timeout"]


def test_keeps_what_fails(each: Synthesized) -> None:
    """After three tries a shard is put aside, for as long as SQS keeps anything."""
    queue, dead = queues(each)

    assert queue["RedrivePolicy"]["maxReceiveCount"] == 3
    assert dead["MessageRetentionPeriod"] == 14 * 86_400


def test_is_encrypted_and_tls_only(each: Synthesized) -> None:
    """At rest by SQS's own key; in flight nothing else is accepted."""
    assert all(queue["SqsManagedSseEnabled"] for queue in queues(each))
    policies = each.resources("AWS::SQS::QueuePolicy").values()
    assert len(policies) == 2
    for policy in policies:
        (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_shards_run_side_by_side(each: Synthesized) -> None:
    """One shard an invocation, a bounded number at once."""
    source = each.only("AWS::Lambda::EventSourceMapping")

    assert source["BatchSize"] == 1
    assert source["ScalingConfig"] == {"MaximumConcurrency": 20}
