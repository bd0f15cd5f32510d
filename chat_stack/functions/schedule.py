"""A schedule that invokes a function every minute."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

TIMEOUT = Duration.seconds(50)
"""Time-out of the function, so that one run ends before the next begins."""


class EveryMinute(Construct):
    """Invokes a function every minute; a failed run is not repeated, because the next one is."""

    def __init__(
        self, scope: Construct, id_: str, *, function: lambda_.IFunction, description: str
    ) -> None:
        super().__init__(scope, id_)
        events.Rule(
            self,
            "Rule",
            description=description,
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.LambdaFunction(function, retry_attempts=0)],
        )
