"""What is watched, from where on it is too much, and why that matters."""

from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from chat_stack.monitoring.metrics import FIVE_MINUTES, MINUTE, Watched, total


@dataclass(frozen=True, slots=True)
class Watch:
    """One thing that should not be; *reason* is what it means to those who chat."""

    id: str
    metric: cloudwatch.IMetric
    threshold: float
    reason: str
    of: int = 3
    """Periods that are looked at, of which *breaching* are above the threshold in a row or not."""
    breaching: int = 2
    silence_is_bad: bool = False
    """No data is above the threshold too."""


def symptoms(watched: Watched) -> Iterator[Watch]:
    """All that is watched."""
    yield from _answers(watched)
    yield from _delivery(watched)
    yield from _store(watched)
    yield from _entry(watched)
    if watched.canary:
        yield Watch(
            "CanaryFailures",
            watched.canary.metric_errors(period=Duration.minutes(watched.canary_minutes)),
            0,
            "Two clients of our own could not chat with each other, or were not even started: "
            "whatever the reason is, it is likely that nobody can.",
            silence_is_bad=True,
        )


def _answers(watched: Watched) -> Iterator[Watch]:
    yield Watch(
        "FunctionErrors",
        watched.chat.metric_errors(period=FIVE_MINUTES),
        0,
        "The chat's function crashed or ran out of time, which its code never does by itself: "
        "clients heard nothing.",
    )
    yield Watch(
        "InternalErrors",
        watched.own("Errors", code="internal", period=FIVE_MINUTES),
        0,
        "A request or a shard met an error that nobody foresaw: its client was told `internal`.",
    )
    throttles: dict[str, cloudwatch.IMetric] = {
        name: function.metric_throttles(period=FIVE_MINUTES) for name, function in watched.functions
    }
    yield Watch(
        "FunctionThrottles",
        total(throttles, label="throttled", period=FIVE_MINUTES),
        0,
        "Lambda had no room for an invocation: the account's concurrency, or the function's, is "
        "used up, and requests fail before any code of ours runs.",
    )
    yield Watch(
        "SlowAnswers",
        watched.chat.metric_duration(statistic="p99", period=FIVE_MINUTES),
        5_000,
        "One request in a hundred takes over 5 s, which people take for broken.",
        breaching=3,
    )


def _delivery(watched: Watched) -> Iterator[Watch]:
    yield Watch(
        "LostPosts",
        watched.lost(FIVE_MINUTES, least=20),
        5,
        "Over 5 % of the posts reach nobody, though the recipients are connected: those people see "
        "messages only when they catch up.",
    )
    yield Watch(
        "SlowFanout",
        watched.own("FanoutTime", statistic="p99", period=FIVE_MINUTES),
        4_000,
        "Pushing comes near the 5 s after which a frame is given up.",
        breaching=3,
    )
    yield Watch(
        "ConsumerErrors",
        watched.consumer.metric_errors(period=FIVE_MINUTES),
        0,
        "Shards of large rooms fail as a whole, and are tried again.",
    )
    yield Watch(
        "QueueBehind",
        watched.queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
        60,
        "A shard has waited for over a minute: large rooms hear of messages that late.",
        of=5,
        breaching=5,
    )
    yield Watch(
        "DeadLetters",
        watched.dead_letters.metric_approximate_number_of_messages_visible(
            period=FIVE_MINUTES, statistic="Maximum"
        ),
        0,
        "A shard was given up after three tries: part of a large room has to catch up by itself, "
        "and the shard is kept for two weeks to say why.",
        of=1,
        breaching=1,
    )


def _store(watched: Watched) -> Iterator[Watch]:
    yield Watch(
        "StoreThrottles",
        watched.store_throttles(FIVE_MINUTES),
        10,
        "DynamoDB puts off requests: a room is hotter than one partition, or a table meets its "
        "maximum. The SDK tries again, so it is slow before it fails.",
    )
    yield Watch(
        "StoreErrors",
        watched.store_errors(FIVE_MINUTES),
        5,
        "DynamoDB fails at requests that are right: it has a bad time in this region.",
    )


def _entry(watched: Watched) -> Iterator[Watch]:
    if watched.authorizer:
        yield Watch(
            "AuthorizerFaults",
            watched.own("AuthorizerFaults", period=FIVE_MINUTES),
            0,
            "The authorizer could not tell whether tokens are good, mostly because the issuer's "
            "keys cannot be fetched: nobody new gets in.",
        )
    yield Watch(
        "GatewayErrors",
        _share(watched, "ExecutionError", least=10),
        1,
        "API Gateway fails to call the functions for over 1 % of the requests.",
    )
    yield Watch(
        "GatewayRejections",
        _share(watched, "ClientError", least=100),
        10,
        "API Gateway turns away over 10 % of the requests: the stage's throttle is met, or "
        "somebody knocks with bad tokens.",
        breaching=3,
    )

    yield Watch(
        "CloserErrors",
        watched.closer.metric_errors(period=FIVE_MINUTES),
        0,
        "The closer fails: connections whose rights have ended stay open, though they neither "
        "speak nor hear, until API Gateway ends them.",
    )


def _share(
    watched: Watched, name: str, *, least: int, period: Duration = FIVE_MINUTES
) -> cloudwatch.MathExpression:
    """How many percent of API Gateway's messages are *name*; none below *least* of them."""
    using: dict[str, cloudwatch.IMetric] = {
        "found": watched.gateway(name, label=name, period=period),
        "messages": watched.gateway("MessageCount", label="messages", period=period),
    }
    return cloudwatch.MathExpression(
        expression=f"IF(found>={least},100*found/(FILL(messages,0)+found),0)",
        using_metrics=using,
        label=f"{name}, %",
        period=period,
    )
