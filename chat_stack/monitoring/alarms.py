"""The alarms: the metric and threshold of each, and what it means for users."""

from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from chat_stack.monitoring.metrics import FIVE_MINUTES, MINUTE, MonitoredChat, total


@dataclass(frozen=True, slots=True)
class AlarmDefinition:
    """A metric that must not exceed a threshold; *meaning* says what it means for users."""

    id: str
    metric: cloudwatch.IMetric
    threshold: float
    meaning: str
    periods: int = 3
    """Periods that are evaluated."""
    breaching: int = 2
    """Periods above the threshold that raise the alarm."""
    needs_data: bool = False
    """Whether missing data counts as above the threshold."""


def alarm_definitions(chat: MonitoredChat) -> Iterator[AlarmDefinition]:
    """Yield the alarms of *chat*; those of the authorizer and the canary only if it has them."""
    yield from _answers(chat)
    yield from _delivery(chat)
    yield from _store(chat)
    yield from _entry(chat)
    if chat.canary:
        yield AlarmDefinition(
            "CanaryFailures",
            chat.canary.metric_errors(period=Duration.minutes(chat.canary_minutes)),
            0,
            "The two clients of the canary could not chat with each other, or were not started. "
            "Probably no user can chat.",
            needs_data=True,
        )


def _answers(chat: MonitoredChat) -> Iterator[AlarmDefinition]:
    yield AlarmDefinition(
        "FunctionErrors",
        chat.chat.metric_errors(period=FIVE_MINUTES),
        0,
        "The chat's function crashed or timed out. Its code never does either by itself. "
        "Clients received no reply.",
    )
    yield AlarmDefinition(
        "InternalErrors",
        chat.own("Errors", code="internal", period=FIVE_MINUTES),
        0,
        "A request or a shard failed with an unexpected error. Its client received `internal`.",
    )
    throttles: dict[str, cloudwatch.IMetric] = {
        name: function.metric_throttles(period=FIVE_MINUTES) for name, function in chat.functions
    }
    yield AlarmDefinition(
        "FunctionThrottles",
        total(throttles, label="throttled", period=FIVE_MINUTES),
        0,
        "Lambda refused an invocation, because the concurrency of the account or of the function "
        "is used up. Requests fail before our code runs.",
    )
    yield AlarmDefinition(
        "SlowAnswers",
        chat.chat.metric_duration(statistic="p99", period=FIVE_MINUTES),
        5_000,
        "One request in a hundred takes over 5 s. Users think that the chat is broken.",
        breaching=3,
    )


def _delivery(chat: MonitoredChat) -> Iterator[AlarmDefinition]:
    yield AlarmDefinition(
        "LostPosts",
        chat.lost(FIVE_MINUTES, least=20),
        5,
        "Over 5 % of the posts do not reach connected recipients. "
        "These recipients see the messages only when they resume.",
    )
    yield AlarmDefinition(
        "SlowFanout",
        chat.own("FanoutTime", statistic="p99", period=FIVE_MINUTES),
        4_000,
        "Posting a frame to its recipients takes over 4 s. After 5 s, posts are abandoned.",
        breaching=3,
    )
    yield AlarmDefinition(
        "ConsumerErrors",
        chat.consumer.metric_errors(period=FIVE_MINUTES),
        0,
        "Shards of large rooms fail as a whole, and are retried.",
    )
    yield AlarmDefinition(
        "QueueBehind",
        chat.queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
        60,
        "A shard has waited for over a minute. Members of large rooms receive messages that late.",
        periods=5,
        breaching=5,
    )
    yield AlarmDefinition(
        "DeadLetters",
        chat.dead_letters.metric_approximate_number_of_messages_visible(
            period=FIVE_MINUTES, statistic="Maximum"
        ),
        0,
        "A shard failed ten times and is kept for two weeks. "
        "Its recipients in a large room see the message only when they resume.",
        periods=1,
        breaching=1,
    )


def _store(chat: MonitoredChat) -> Iterator[AlarmDefinition]:
    yield AlarmDefinition(
        "StoreThrottles",
        chat.store_throttles(FIVE_MINUTES),
        10,
        "DynamoDB throttles requests: a room exceeds one partition, or a table its maximum. "
        "The SDK retries, so requests are slow before they fail.",
    )
    yield AlarmDefinition(
        "StoreErrors",
        chat.store_errors(FIVE_MINUTES),
        5,
        "DynamoDB fails requests that are correct. The fault is DynamoDB's, in this region.",
    )


def _entry(chat: MonitoredChat) -> Iterator[AlarmDefinition]:
    if chat.authorizer:
        yield AlarmDefinition(
            "AuthorizerFaults",
            chat.own("AuthorizerFaults", period=FIVE_MINUTES),
            0,
            "The authorizer could not verify tokens, mostly because it cannot fetch the issuer's "
            "keys. No new client can connect.",
        )
    yield AlarmDefinition(
        "GatewayErrors",
        _share(chat, "ExecutionError", least=10),
        1,
        "API Gateway fails to invoke the functions for over 1 % of the requests.",
    )
    yield AlarmDefinition(
        "GatewayRejections",
        _share(chat, "ClientError", least=100),
        10,
        "API Gateway rejects over 10 % of the requests: clients exceed the stage's throttle, or "
        "connect with invalid tokens.",
        breaching=3,
    )
    yield AlarmDefinition(
        "CloserErrors",
        chat.closer.metric_errors(period=FIVE_MINUTES),
        0,
        "The closer fails. Expired connections stay open until API Gateway closes them, though "
        "they can neither send nor receive.",
    )


def _share(
    chat: MonitoredChat, name: str, *, least: int, period: Duration = FIVE_MINUTES
) -> cloudwatch.MathExpression:
    """Return the percentage of API Gateway's messages that *name* counts.

    It is 0 if *name* counts fewer than *least*.
    """
    using: dict[str, cloudwatch.IMetric] = {
        "found": chat.gateway(name, label=name, period=period),
        "messages": chat.gateway("MessageCount", label="messages", period=period),
    }
    return cloudwatch.MathExpression(
        expression=f"IF(found>={least},100*found/(FILL(messages,0)+found),0)",
        using_metrics=using,
        label=f"{name}, %",
        period=period,
    )
