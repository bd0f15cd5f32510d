"""Whether the chat is well, on one page."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from chat_stack.monitoring.metrics import CODES, FIVE_MINUTES, MINUTE, Watched, total
from chat_stack.monitoring.widgets import COLUMNS, Axis, Metrics, figure, graph, states

GREEN, RED, DARK_RED, GREY = "#2ca02c", "#d62728", "#8b0000", "#7f7f7f"


class ChatDashboard(Construct):
    """Rows from what people notice down to what it costs."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        watched: Watched,
        memory_mb: int,
        causes: Sequence[cloudwatch.IAlarm] = (),
        symptoms: Sequence[cloudwatch.IAlarm] = (),
    ) -> None:
        """*memory_mb* is the functions', for what they cost; *causes* and *symptoms* are alarms."""
        super().__init__(scope, id_)
        self._watched = watched
        rows = [
            self._figures(),
            self._people(),
            self._speed(),
            self._trouble(),
            self._limits(),
            self._store(),
            self._cost(memory_mb),
        ]
        if causes:
            told = states("Alarms that tell people", causes, width=9)
            rows.insert(1, [told, states("What they are made of", symptoms, width=COLUMNS - 9)])
        self.dashboard = cloudwatch.Dashboard(
            self, "Dashboard", default_interval=Duration.hours(3), widgets=rows
        )

    def _figures(self) -> list[cloudwatch.IWidget]:
        """What a glance takes in."""
        own = self._watched.own
        return [
            figure("Messages a minute", own("Messages", label="messages", period=MINUTE)),
            figure("People coming a minute", own("Connects", label="opened")),
            figure("Delivered", self._delivered()),
            figure("Pushed within, p95", own("FanoutTime", label="ms", statistic="p95")),
            figure("Internal errors", own("Errors", label="errors", code="internal")),
            figure("Dead letters", self._dead_letters()),
        ]

    def _people(self) -> list[cloudwatch.IWidget]:
        """What they do and whether it arrives."""
        own = self._watched.own
        change = cloudwatch.MathExpression(
            expression="RUNNING_SUM(FILL(opened,0)-FILL(closed,0))",
            using_metrics={"opened": own("Connects"), "closed": own("Disconnects")},
            label="net, since the left edge",
            color=GREY,
            period=MINUTE,
        )
        return [
            graph(
                "Messages, and posts for them",
                [own("Messages", label="messages")],
                right=[own("Recipients", label="posts"), own("Queued", label="queued")],
            ),
            graph(
                "Connections",
                [own("Connects", label="opened"), own("Disconnects", label="closed")],
                right=[change],
            ),
            graph("Delivered, % of posts to the living", [self._delivered()], axis=Axis(max=100)),
        ]

    def _speed(self) -> list[cloudwatch.IWidget]:
        """How long people wait."""
        watched = self._watched
        answers: Metrics = [
            watched.chat.metric_duration(statistic=p, label=p, period=MINUTE)
            for p in ("p50", "p95", "p99")
        ]
        unit = Axis(label="ms", min=0, show_units=False)
        return [
            graph(
                "Fan-out: a frame to all its recipients",
                watched.percentiles("FanoutTime"),
                axis=unit,
            ),
            graph("Answers: a request and its fan-out", answers, axis=unit),
            graph("Store: DynamoDB, of a request", watched.percentiles("StoreTime"), axis=unit),
        ]

    def _trouble(self) -> list[cloudwatch.IWidget]:
        """What went wrong, and whose it was."""
        watched = self._watched
        codes: Metrics = [
            watched.own(
                "Errors",
                label=code,
                code=code,
                period=FIVE_MINUTES,
                color=DARK_RED if code == "internal" else None,
            )
            for code in CODES
        ]
        gateway: Metrics = [
            watched.gateway("ClientError", label="turned away", period=FIVE_MINUTES),
            watched.gateway("IntegrationError", label="refused by the chat", period=FIVE_MINUTES),
            watched.gateway("ExecutionError", label="functions not reached", period=FIVE_MINUTES),
        ]
        crashes: Metrics = [
            function.metric_errors(label=name, period=FIVE_MINUTES)
            for name, function in watched.functions
            if name != "authorizer"
        ]
        if watched.authorizer:  # its refusals are errors to Lambda
            faults = watched.own("AuthorizerFaults", label="authorizer", period=FIVE_MINUTES)
            crashes.append(faults)
        return [
            graph("Errors that clients were told, by code", codes, stacked=True),
            graph("Errors of the gateway", gateway),
            graph("Functions that failed", crashes),
        ]

    def _limits(self) -> list[cloudwatch.IWidget]:
        """What is near its end."""
        watched = self._watched
        throttles: Metrics = [
            function.metric_throttles(label=f"{name} throttled", period=MINUTE)
            for name, function in watched.functions
        ]
        running: Metrics = [
            function.metric(
                "ConcurrentExecutions", label=f"{name} at once", statistic="Maximum", period=MINUTE
            )
            for name, function in watched.functions
        ]
        queue = watched.queue
        age = queue.metric_approximate_age_of_oldest_message(
            label="oldest, s", statistic="Maximum", period=MINUTE
        )
        waiting = queue.metric_approximate_number_of_messages_visible(
            label="waiting", statistic="Maximum", period=MINUTE
        )
        posts: Metrics = [
            watched.own("Gone", label="gone"),
            watched.own("Failed", label="failed"),
            watched.own("Requeued", label="to be tried again"),
        ]
        return [
            graph("Functions: at once, and throttled", running, right=throttles),
            graph("Queue of large rooms", [waiting, self._dead_letters()], right=[age]),
            graph("Posts that did not arrive", posts),
        ]

    def _store(self) -> list[cloudwatch.IWidget]:
        """DynamoDB."""
        watched = self._watched
        used: Metrics = [
            table.metric(
                f"Consumed{kind}CapacityUnits",
                label=f"{name}, {kind.lower()}",
                statistic="Sum",
                period=MINUTE,
            )
            for name, table in watched.tables
            for kind in ("Read", "Write")
        ]
        conflicts: Metrics = [
            table.metric("TransactionConflict", label=name, statistic="Sum", period=FIVE_MINUTES)
            for name, table in watched.tables
        ]
        return [
            graph("DynamoDB: units used", used),
            graph(
                "DynamoDB: throttled, failed",
                [watched.store_throttles(MINUTE), watched.store_errors(MINUTE)],
            ),
            graph("DynamoDB: transactions that met", conflicts),
        ]

    def _cost(self, memory_mb: int) -> list[cloudwatch.IWidget]:
        """What the bill is made of."""
        watched = self._watched
        frames = watched.gateway("MessageCount", label="messages", period=FIVE_MINUTES)
        return [
            graph("Bill: messages in and out, 5 min", [frames], width=6),
            graph("Bill: GB-seconds, 5 min", [self._gb_seconds(memory_mb)], width=6),
            graph(
                "Bill: DynamoDB units, 5 min", [self._units("Read"), self._units("Write")], width=6
            ),
            graph("Bill: MB of logs, 5 min", [self._log_mb()], width=6),
        ]

    def _gb_seconds(self, memory_mb: int) -> cloudwatch.MathExpression:
        using: dict[str, cloudwatch.IMetric] = {
            name: function.metric_duration(statistic="Sum", period=FIVE_MINUTES)
            for name, function in self._watched.functions
            if name != "authorizer"
        }
        return total(using, label="GB-seconds", period=FIVE_MINUTES, times=memory_mb / 1024 / 1000)

    def _units(self, kind: str) -> cloudwatch.MathExpression:
        using: dict[str, cloudwatch.IMetric] = {
            f"{name.lower()}{kind}": table.metric(
                f"Consumed{kind}CapacityUnits", statistic="Sum", period=FIVE_MINUTES
            )
            for name, table in self._watched.tables
        }
        return total(using, label=kind.lower(), period=FIVE_MINUTES)

    def _log_mb(self) -> cloudwatch.MathExpression:
        using: dict[str, cloudwatch.IMetric] = {
            name: cloudwatch.Metric(
                namespace="AWS/Logs",
                metric_name="IncomingBytes",
                dimensions_map={"LogGroupName": function.log_group.log_group_name},
                statistic="Sum",
                period=FIVE_MINUTES,
            )
            for name, function in self._watched.functions
        }
        return total(using, label="MB", period=FIVE_MINUTES, times=1e-6)

    def _delivered(self) -> cloudwatch.MathExpression:
        using: dict[str, cloudwatch.IMetric] = {"lost": self._watched.lost(MINUTE)}
        return cloudwatch.MathExpression(
            expression="100-lost", using_metrics=using, label="%", color=GREEN, period=MINUTE
        )

    def _dead_letters(self) -> cloudwatch.Metric:
        return self._watched.dead_letters.metric_approximate_number_of_messages_visible(
            label="dead letters", statistic="Maximum", color=RED, period=MINUTE
        )
