"""What closes connections whose rights have ended: a function, and what calls it each minute."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

TIMEOUT = Duration.seconds(50)
"""So that one run is over when the next begins."""


class EachMinute(Construct):
    """Calls a function each minute; a call that failed is not made again, for the next one is."""

    def __init__(self, scope: Construct, id_: str, *, function: lambda_.IFunction) -> None:
        super().__init__(scope, id_)
        events.Rule(
            self,
            "Rule",
            description="Connections whose tokens have ended are closed",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.LambdaFunction(function, retry_attempts=0)],
        )
