"""The deadline, the metrics and the log lines of a function's invocations."""

from collections.abc import Iterator
from contextlib import contextmanager

from chat.observability import logs
from chat.observability.invocation import InvocationRecord
from chat.observability.metrics import DynamoTimer, EmfMetrics
from chat.runtime.deadlines import Context, InvocationDeadline


class FunctionRuntime:
    """Starts the logs of a function, and times and records its invocations one after another."""

    def __init__(self, name: str, *, metrics_namespace: str, log_level: str) -> None:
        """*name* is what the function's log lines call it."""
        self.deadline = InvocationDeadline()
        self.dynamo_timer = DynamoTimer()
        self._metrics = EmfMetrics(
            namespace=metrics_namespace, function=name, store=self.dynamo_timer
        )
        logs.configure(log_level, self._metrics.ids)

    @contextmanager
    def invocation(self, context: Context) -> Iterator[InvocationRecord]:
        """Start the deadline of one invocation, and log its record at the end."""
        self.deadline.start(context.get_remaining_time_in_millis())
        with self._metrics.invocation(context.aws_request_id) as record:
            yield record
