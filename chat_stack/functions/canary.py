"""The canary: a function that tries the chat as its clients do, every so many minutes."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from chat_stack.cdk_nag import accept
from chat_stack.functions.function import ChatFunction
from chat_stack.monitoring.metrics import namespace
from chat_stack.monitoring.widgets import Axis, graph

ACCEPTED = {
    "SMG4": "Its users are made with it by hand, may do what any user may, and own nothing.",
}
SHOWN = ("Connect", "Join", "Send", "SendToReceipt", "Resume")
NO_ORIGIN = "https://canary.invalid"


class Canary(Construct):
    """The package `canary`, called on a schedule; it may write its logs and nothing else yet."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        url: str,
        minutes: int,
        origin: str | None = None,
        architecture: lambda_.Architecture = lambda_.Architecture.ARM_64,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        key: kms.IKey | None = None,
    ) -> None:
        """*origin* is that of a page that may connect, where only pages may."""
        super().__init__(scope, id_)
        self.minutes = minutes
        made = ChatFunction(
            self,
            "Function",
            code=code,
            handler="smoke.lambda_handler.handler",
            description="Chats with itself, to see whether it can",
            variables={"URL": url, **({"ORIGIN": origin} if origin else {})},
            architecture=architecture,
            memory_mb=256,
            timeout=Duration.seconds(50),
            log_retention=log_retention,
            removal_policy=removal_policy,
            key=key,
        )
        self.function = made.function
        events.Rule(
            self,
            "Rule",
            description="The chat is tried",
            schedule=events.Schedule.rate(Duration.minutes(minutes)),
            targets=[targets.LambdaFunction(self.function, retry_attempts=0)],
        )

    def grant_sign_in(self, pool: cognito.IUserPool, client: cognito.IUserPoolClient) -> str:
        """Let it sign in through *client*; the ARN of its users' password, which is made here."""
        password = secretsmanager.Secret(
            self,
            "Password",
            description="Of the users canary-1 and canary-2",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=32),
            removal_policy=RemovalPolicy.DESTROY,
        )
        accept(password, ACCEPTED)
        made = password.node.default_child
        assert isinstance(made, secretsmanager.CfnSecret)
        password_arn = made.attr_id  # what `Ref` is on AWS; to emulators that is the name
        # Not `Secret.grant_read`, which also grants DescribeSecret.
        for action, arn in {
            "secretsmanager:GetSecretValue": password_arn,
            "cognito-idp:AdminInitiateAuth": pool.user_pool_arn,
        }.items():
            iam.Grant.add_to_principal(grantee=self.function, actions=[action], resource_arns=[arn])
        for name, value in {
            "USER_POOL_ID": pool.user_pool_id,
            "CLIENT_ID": client.user_pool_client_id,
            "PASSWORD_SECRET": password_arn,
        }.items():
            self.function.add_environment(name, value)
        return password_arn

    def widgets(self) -> list[cloudwatch.IWidget]:
        """What it saw, for the dashboard."""
        period = Duration.minutes(self.minutes)
        runs: Mapping[str, cloudwatch.IMetric] = {
            "failed": self.function.metric_errors(label="failed", period=period),
            "runs": self.function.metric_invocations(label="runs", period=period),
        }
        steps: list[cloudwatch.IMetric] = [
            cloudwatch.Metric(
                namespace=namespace(self),
                metric_name=f"Canary{step}",
                label=step,
                statistic="Maximum",
                period=period,
            )
            for step in SHOWN
        ]
        unit = Axis(label="ms", min=0, show_units=False)
        return [graph("Canary: runs", [*runs.values()]), graph("Canary: steps", steps, axis=unit)]
