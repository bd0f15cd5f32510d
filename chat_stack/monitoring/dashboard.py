"""The dashboard: usage, latency, errors, limits and cost of a chat on one page."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from chat_stack.functions.canary import Canary
from chat_stack.monitoring.metrics import CODES, FIVE_MINUTES, MINUTE, MonitoredChat, total
from chat_stack.monitoring.widgets import COLUMNS, Axis, Metrics, figure, graph, states
from chat_stack.names import metrics_namespace

CANARY_STEPS = ("Connect", "Join", "Send", "SendToReceipt", "Resume")
"""Steps of the canary that the dashboard shows."""

GREEN, RED, DARK_RED, GREY = "#2ca02c", "#d62728", "#8b0000", "#7f7f7f"


class ChatDashboard(Construct):
    """A dashboard with a row for each topic, from what users notice to what the chat costs."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        chat: MonitoredChat,
        memory_mb: int,
        notifying: Sequence[cloudwatch.IAlarm] = (),
        others: Sequence[cloudwatch.IAlarm] = (),
        canary: Canary | None = None,
    ) -> None:
        """*memory_mb* is that of the functions; *notifying* alarms notify people, *others* not."""
        super().__init__(scope, id_)
        self._chat = chat
        rows = [
            self._figures(),
            self._usage(),
            self._latency(),
            self._errors(),
            self._limits(),
            self._store(),
            self._cost(memory_mb),
        ]
        if notifying:
            rows.insert(1, _states(notifying, others))
        if canary:
            rows.append(_canary(canary))
        self.dashboard = cloudwatch.Dashboard(
            self, "Dashboard", default_interval=Duration.hours(3), widgets=rows
        )

    def _figures(self) -> list[cloudwatch.IWidget]:
        """Return the newest values of the most important metrics."""
        own = self._chat.own
        return [
            figure("Messages a minute", own("Messages", label="messages", period=MINUTE)),
            figure("Connections opened a minute", own("Connects", label="opened")),
            figure("Delivered", self._delivered()),
            figure("Pushed within, p95", own("FanoutTime", label="ms", statistic="p95")),
            figure("Internal errors", own("Errors", label="errors", code="internal")),
            figure("Dead letters", self._dead_letters()),
        ]

    def _usage(self) -> list[cloudwatch.IWidget]:
        """Return messages, connections and delivery."""
        own = self._chat.own
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
            graph(
                "Delivered, % of posts to open connections", [self._delivered()], axis=Axis(max=100)
            ),
        ]

    def _latency(self) -> list[cloudwatch.IWidget]:
        """Return how long requests and posts take."""
        chat = self._chat
        answers: Metrics = [
            chat.chat.metric_duration(statistic=p, label=p, period=MINUTE)
            for p in ("p50", "p95", "p99")
        ]
        unit = Axis(label="ms", min=0, show_units=False)
        return [
            graph(
                "Fan-out: a frame to all its recipients",
                chat.percentiles("FanoutTime"),
                axis=unit,
            ),
            graph("Replies: a request and its fan-out", answers, axis=unit),
            graph("Store: DynamoDB, of a request", chat.percentiles("StoreTime"), axis=unit),
        ]

    def _errors(self) -> list[cloudwatch.IWidget]:
        """Return errors by code, of API Gateway, and of the functions."""
        chat = self._chat
        codes: Metrics = [
            chat.own(
                "Errors",
                label=code,
                code=code,
                period=FIVE_MINUTES,
                color=DARK_RED if code == "internal" else None,
            )
            for code in CODES
        ]
        gateway: Metrics = [
            chat.gateway("ClientError", label="rejected", period=FIVE_MINUTES),
            chat.gateway("IntegrationError", label="rejected by the chat", period=FIVE_MINUTES),
            chat.gateway("ExecutionError", label="function not invoked", period=FIVE_MINUTES),
        ]
        crashes: Metrics = [
            function.metric_errors(label=name, period=FIVE_MINUTES)
            for name, function in chat.functions
            if name != "authorizer"
        ]
        if chat.authorizer:  # Lambda counts its rejections as errors
            faults = chat.own("AuthorizerFaults", label="authorizer", period=FIVE_MINUTES)
            crashes.append(faults)
        return [
            graph("Errors sent to clients, by code", codes, stacked=True),
            graph("Errors of the gateway", gateway),
            graph("Functions that failed", crashes),
        ]

    def _limits(self) -> list[cloudwatch.IWidget]:
        """Return what may come near a limit: concurrency, the queue, failed posts."""
        chat = self._chat
        throttles: Metrics = [
            function.metric_throttles(label=f"{name} throttled", period=MINUTE)
            for name, function in chat.functions
        ]
        running: Metrics = [
            function.metric(
                "ConcurrentExecutions",
                label=f"{name} running",
                statistic="Maximum",
                period=MINUTE,
            )
            for name, function in chat.functions
        ]
        queue = chat.queue
        age = queue.metric_approximate_age_of_oldest_message(
            label="oldest, s", statistic="Maximum", period=MINUTE
        )
        waiting = queue.metric_approximate_number_of_messages_visible(
            label="waiting", statistic="Maximum", period=MINUTE
        )
        posts: Metrics = [
            chat.own("Gone", label="gone"),
            chat.own("Failed", label="failed"),
            chat.own("Requeued", label="to be retried"),
        ]
        return [
            graph("Functions: concurrent, and throttled", running, right=throttles),
            graph("Queue of large rooms", [waiting, self._dead_letters()], right=[age]),
            graph("Posts that did not arrive", posts),
        ]

    def _store(self) -> list[cloudwatch.IWidget]:
        """Return usage and failures of DynamoDB."""
        chat = self._chat
        used: Metrics = [
            table.metric(
                f"Consumed{kind}CapacityUnits",
                label=f"{name}, {kind.lower()}",
                statistic="Sum",
                period=MINUTE,
            )
            for name, table in chat.tables
            for kind in ("Read", "Write")
        ]
        conflicts: Metrics = [
            table.metric("TransactionConflict", label=name, statistic="Sum", period=FIVE_MINUTES)
            for name, table in chat.tables
        ]
        return [
            graph("DynamoDB: units used", used),
            graph(
                "DynamoDB: throttled, failed",
                [chat.store_throttles(MINUTE), chat.store_errors(MINUTE)],
            ),
            graph("DynamoDB: transaction conflicts", conflicts),
        ]

    def _cost(self, memory_mb: int) -> list[cloudwatch.IWidget]:
        """Return what AWS charges for."""
        chat = self._chat
        frames = chat.gateway("MessageCount", label="messages", period=FIVE_MINUTES)
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
            for name, function in self._chat.functions
            if name != "authorizer"
        }
        return total(using, label="GB-seconds", period=FIVE_MINUTES, times=memory_mb / 1024 / 1000)

    def _units(self, kind: str) -> cloudwatch.MathExpression:
        using: dict[str, cloudwatch.IMetric] = {
            f"{name.lower()}{kind}": table.metric(
                f"Consumed{kind}CapacityUnits", statistic="Sum", period=FIVE_MINUTES
            )
            for name, table in self._chat.tables
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
            for name, function in self._chat.functions
        }
        return total(using, label="MB", period=FIVE_MINUTES, times=1e-6)

    def _delivered(self) -> cloudwatch.MathExpression:
        using: dict[str, cloudwatch.IMetric] = {"lost": self._chat.lost(MINUTE)}
        return cloudwatch.MathExpression(
            expression="100-lost", using_metrics=using, label="%", color=GREEN, period=MINUTE
        )

    def _dead_letters(self) -> cloudwatch.Metric:
        return self._chat.dead_letters.metric_approximate_number_of_messages_visible(
            label="dead letters", statistic="Maximum", color=RED, period=MINUTE
        )


def _states(
    notifying: Sequence[cloudwatch.IAlarm], others: Sequence[cloudwatch.IAlarm]
) -> list[cloudwatch.IWidget]:
    """Return the states of all alarms."""
    return [
        states("Alarms that notify", notifying, width=9),
        states("Alarms that these combine", others, width=COLUMNS - 9),
    ]


def _canary(canary: Canary) -> list[cloudwatch.IWidget]:
    """Return the runs of the canary, and how long its steps take."""
    period = Duration.minutes(canary.minutes)
    runs: Metrics = [
        canary.function.metric_errors(label="failed", period=period),
        canary.function.metric_invocations(label="runs", period=period),
    ]
    steps: Metrics = [
        cloudwatch.Metric(
            namespace=metrics_namespace(canary),
            metric_name=f"Canary{step}",
            label=step,
            statistic="Maximum",
            period=period,
        )
        for step in CANARY_STEPS
    ]
    unit = Axis(label="ms", min=0, show_units=False)
    return [graph("Canary: runs", runs), graph("Canary: steps", steps, axis=unit)]
