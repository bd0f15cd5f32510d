"""The canary: a function that tests the chat as its clients use it, on a schedule."""

from collections.abc import Mapping
from dataclasses import replace

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from chat_stack.cdk_nag import acknowledge
from chat_stack.functions.function import ChatFunction, FunctionDefaults

ACKNOWLEDGED = {
    "SMG4": "An operator creates its users with this password; they have no special permissions.",
}
NO_ORIGIN = "https://canary.invalid"
"""Origin that the canary sends if origins are required and the settings list no origin."""


class Canary(Construct):
    """The package `canary` on a schedule; it may write its logs and do nothing else yet."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        url: str,
        minutes: int,
        origin: str | None = None,
        defaults: FunctionDefaults = FunctionDefaults(),  # noqa: B008 - it is frozen
    ) -> None:
        """*minutes* is the time between runs; *origin* is sent where an origin is required."""
        super().__init__(scope, id_)
        self.minutes = minutes
        canary = ChatFunction(
            self,
            "Function",
            code=code,
            handler="smoke.lambda_handler.handler",
            description="Tests the chat as two of its clients",
            variables={"URL": url, **({"ORIGIN": origin} if origin else {})},
            timeout=Duration.seconds(50),
            defaults=replace(defaults, memory_mb=256, tracing=False, versions=False),
        )
        self.function = canary.function
        events.Rule(
            self,
            "Rule",
            description="Runs the canary",
            schedule=events.Schedule.rate(Duration.minutes(minutes)),
            targets=[targets.LambdaFunction(self.function, retry_attempts=0)],
        )

    def grant_sign_in(self, pool: cognito.IUserPool, client: cognito.IUserPoolClient) -> str:
        """Let the canary sign in through *client*, and return the ARN of its users' password.

        The password is created here.
        """
        password_arn = self._password()
        # `Secret.grant_read` would grant DescribeSecret too.
        for action, arn in {
            "secretsmanager:GetSecretValue": password_arn,
            "cognito-idp:AdminInitiateAuth": pool.user_pool_arn,
        }.items():
            iam.Grant.add_to_principal(grantee=self.function, actions=[action], resource_arns=[arn])
        variables: Mapping[str, str] = {
            "USER_POOL_ID": pool.user_pool_id,
            "CLIENT_ID": client.user_pool_client_id,
            "PASSWORD_SECRET": password_arn,
        }
        for name, value in variables.items():
            self.function.add_environment(name, value)
        return password_arn

    def _password(self) -> str:
        """Create the password's secret and return its ARN."""
        password = secretsmanager.Secret(
            self,
            "Password",
            description="Of the users canary-1 and canary-2",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=32),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(password, ACKNOWLEDGED)
        resource = password.node.default_child
        assert isinstance(resource, secretsmanager.CfnSecret)
        return resource.attr_id  # on AWS the same as `Ref`, which emulators take for the name
