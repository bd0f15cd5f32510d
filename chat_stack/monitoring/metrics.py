"""The metrics there are: the functions' own, and those of the services that they use."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

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
"""What Errors is told apart by, ours first; the code of the runtime has the same ones."""

CALLS = {
    "Rooms": ("GetItem", "PutItem", "Query", "UpdateItem", "TransactWriteItems"),
    "Connections": ("GetItem", "PutItem", "Query", "DeleteItem", "TransactWriteItems"),
}
"""The calls of requests that people wait for; CloudWatch adds up at most ten metrics."""

MINUTE, FIVE_MINUTES = Duration.minutes(1), Duration.minutes(5)


def namespace(scope: Construct) -> str:
    """Where the functions of a stack put their metrics."""
    return f"LiveChat/{Stack.of(scope).stack_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The parts of one chat, and what is measured of them."""

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
        """Each function and what to call it."""
        named = (
            ("chat", self.chat),
            ("consumer", self.consumer),
            ("closer", self.closer),
            ("authorizer", self.authorizer),
        )
        return [(name, function) for name, function in named if function]

    @property
    def tables(self) -> Sequence[tuple[str, dynamodb.ITable]]:
        """Each table and what to call it."""
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
        """A metric of the functions' lines; see `chat/meter.py`."""
        return cloudwatch.Metric(
            namespace=namespace(self.stage),
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
        """A metric of API Gateway's for the stage.

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
        """Half of them, nearly all of them, all but one in a hundred."""
        return [self.own(name, label=p, statistic=p) for p in ("p50", "p95", "p99")]

    def lost(self, period: Duration, *, least: int = 0) -> cloudwatch.MathExpression:
        """Posts that reached nobody and are not tried again, in percent of those to the living.

        None below *least* of them: one of three is no share that says anything.
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
        """Requests that the tables put off, of both."""
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
        """Requests that DynamoDB itself failed at, of both tables."""
        return total(
            {
                f"{name.lower()}{call}": table.metric(
                    "SystemErrors",
                    dimensions_map={"TableName": table.table_name, "Operation": call},
                    statistic="Sum",
                    period=period,
                )
                for name, table in self.tables
                for call in CALLS[name]
            },
            label="system errors",
            period=period,
        )


def total(
    using: dict[str, cloudwatch.IMetric], *, label: str, period: Duration, times: float = 1
) -> cloudwatch.MathExpression:
    """The sum of metrics, of which some may have no value, *times* something."""
    added = "+".join(f"FILL({name},0)" for name in using)
    return cloudwatch.MathExpression(
        expression=added if times == 1 else f"({added})*{times:.9f}".rstrip("0"),
        using_metrics=using,
        label=label,
        period=period,
    )
