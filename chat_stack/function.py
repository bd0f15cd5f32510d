"""The one Lambda function, with a role and a log group of its own."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct


class ChatFunction(Construct):
    """The chat's code, which handles every route; it may write its logs and nothing else yet."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        variables: Mapping[str, str],
        handler: str = "chat.app.handler",
        memory_mb: int = 1_024,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        """*timeout* is 25 s unless told; *removal_policy* is that of the logs."""
        super().__init__(scope, id_)
        log_group = logs.LogGroup(
            self, "Logs", retention=log_retention, removal_policy=removal_policy
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        self.function = lambda_.Function(
            self,
            "Handler",
            description="Answers every route of the chat",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=handler,
            code=code,
            environment=dict(variables),
            memory_size=memory_mb,
            timeout=timeout or Duration.seconds(25),
            role=role,
            log_group=log_group,
        )
