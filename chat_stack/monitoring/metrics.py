"""Metrics of a chat: those that its functions write, and those of the AWS services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from chat_stack.names import metrics_namespace
from chat_stack.storage.operations import CONNECTIONS_OPERATIONS, ROOMS_OPERATIONS

CODES = (
    "internal",
    "rate_limited",
    "not_reviewed",
    "unauthorized",
    "forbidden",
    "bad_request",
    "too_large",
    "unknown_action",
    "not_a_member",
    "room_not_found",
    "room_exists",
)
"""Dimension `Code` of the metric Errors: the protocol's error codes, our own failures first."""

MONITORED_OPERATIONS: Mapping[str, Sequence[str]] = {
    "Rooms": [name for name in ROOMS_OPERATIONS if not name.startswith("Batch")],
    "Connections": CONNECTIONS_OPERATIONS,
}
"""Operations whose system errors are counted.

An alarm can have ten metrics, so batches are left out: only `listRooms`, `updateRoom` and
`deleteRoom` call them.
"""

MINUTE, FIVE_MINUTES = Duration.minutes(1), Duration.minutes(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoredChat:
    """The resources of one chat, and their metrics."""

    stage: apigateway.WebSocketStage
    chat: lambda_.Function
    consumer: lambda_.Function
    closer: lambda_.Function
    authorizer: lambda_.Function | None
    connections: dynamodb.ITable
    rooms: dynamodb.ITable
    queue: sqs.Queue
    dead_letters: sqs.Queue
    canary: lambda_.Function | None = None
    canary_minutes: int = 5

    @property
    def functions(self) -> Sequence[tuple[str, lambda_.Function]]:
        """Return each function with its label."""
        named = (
            ("chat", self.chat),
            ("consumer", self.consumer),
            ("closer", self.closer),
            ("authorizer", self.authorizer),
        )
        return [(name, function) for name, function in named if function]

    @property
    def tables(self) -> Sequence[tuple[str, dynamodb.ITable]]:
        """Return each table with its label."""
        return [("Rooms", self.rooms), ("Connections", self.connections)]

    def own(
        self,
        name: str,
        *,
        label: str = "",
        statistic: str = "Sum",
        period: Duration = MINUTE,
        code: str = "",
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """Return a metric that the functions write; see `chat/observability/metrics.py`."""
        return cloudwatch.Metric(
            namespace=metrics_namespace(self.stage),
            metric_name=name,
            dimensions_map={"Code": code} if code else None,
            label=label or name,
            color=color,
            statistic=statistic,
            period=period,
        )

    def gateway(
        self, name: str, *, label: str, statistic: str = "Sum", period: Duration = MINUTE
    ) -> cloudwatch.Metric:
        """Return a metric that API Gateway writes for the stage.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
        """
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=name,
            dimensions_map={"ApiId": self.stage.api.api_id, "Stage": self.stage.stage_name},
            label=label,
            statistic=statistic,
            period=period,
        )

    def percentiles(self, name: str) -> list[cloudwatch.IMetric]:
        """Return the median, the 95th and the 99th percentile of a metric."""
        return [self.own(name, label=p, statistic=p) for p in ("p50", "p95", "p99")]

    def lost(self, period: Duration, *, least: int = 0) -> cloudwatch.MathExpression:
        """Return the percentage of posts to open connections that failed and are not retried.

        It is 0 if fewer than *least* posts failed: a share of a few posts says little.
        """
        using: dict[str, cloudwatch.IMetric] = {
            "failed": self.own("Failed", period=period),
            "again": self.own("Requeued", period=period),
            "delivered": self.own("Delivered", period=period),
        }
        lost = "(failed-FILL(again,0))"
        share = f"100*{lost}/(FILL(delivered,0)+{lost})"
        return cloudwatch.MathExpression(
            expression=f"IF({lost}>={least},{share},0)" if least else share,
            using_metrics=using,
            label="lost",
            period=period,
        )

    def store_throttles(self, period: Duration) -> cloudwatch.MathExpression:
        """Return the throttled requests of both tables."""
        return total(
            {
                f"{name.lower()}{kind}": table.metric(
                    f"{kind}ThrottleEvents", statistic="Sum", period=period
                )
                for name, table in self.tables
                for kind in ("Read", "Write")
            },
            label="throttled",
            period=period,
        )

    def store_errors(self, period: Duration) -> cloudwatch.MathExpression:
        """Return the requests to both tables at which DynamoDB itself failed."""
        return total(
            {
                f"{name.lower()}{call}": table.metric(
                    "SystemErrors",
                    dimensions_map={"TableName": table.table_name, "Operation": call},
                    statistic="Sum",
                    period=period,
                )
                for name, table in self.tables
                for call in MONITORED_OPERATIONS[name]
            },
            label="system errors",
            period=period,
        )


def total(
    using: dict[str, cloudwatch.IMetric], *, label: str, period: Duration, times: float = 1
) -> cloudwatch.MathExpression:
    """Return the sum of metrics *times* a factor; a metric without data counts as 0."""
    added = "+".join(f"FILL({name},0)" for name in using)
    return cloudwatch.MathExpression(
        expression=added if times == 1 else f"({added})*{times:.9f}".rstrip("0"),
        using_metrics=using,
        label=label,
        period=period,
    )
