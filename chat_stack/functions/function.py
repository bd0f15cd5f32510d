"""A function of the package, with a role and a log group of its own."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from chat_stack.cdk_nag import accept
from chat_stack.monitoring.metrics import namespace


class ChatFunction(Construct):
    """The chat's code from one of its entry points; it may write its logs and nothing else yet.

    `function` is what has rights and variables; `invoked` is what callers call: its `alias`, if
    it has one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        variables: Mapping[str, str],
        handler: str = "chat.app.handler",
        description: str = "Answers every route of the chat",
        architecture: lambda_.Architecture = lambda_.Architecture.ARM_64,
        memory_mb: int = 1_024,
        reserved_concurrency: int | None = None,
        snap_start: bool = False,
        versions: bool = False,
        tracing: bool = False,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        key: kms.IKey | None = None,
    ) -> None:
        """*timeout* is 25 s unless told; *removal_policy* is that of the logs;
        *architecture* is that of the wheels in *code*.

        *versions* publishes one with every change; *snap_start* does, and starts it from a
        snapshot.
        *key* encrypts the logs.
        *tracing* sends X-Ray a sample of the invocations.
        """
        super().__init__(scope, id_)
        log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=key,
            retention=log_retention,
            removal_policy=removal_policy,
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        self.function = lambda_.Function(
            self,
            "Handler",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=architecture,
            handler=handler,
            code=code,
            environment={**variables, "METRICS_NAMESPACE": namespace(self)},
            memory_size=memory_mb,
            reserved_concurrent_executions=reserved_concurrency,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            timeout=timeout or Duration.seconds(25),
            tracing=lambda_.Tracing.ACTIVE if tracing else None,
            role=role,
            log_group=log_group,
        )
        if tracing:
            accept(role, {"IAM5[Resource::*]": "X-Ray has no resources to name in a policy."})
        self.alias = self._live() if snap_start or versions else None
        self.invoked: lambda_.IFunction = self.alias or self.function

    def _live(self) -> lambda_.Alias:
        """The newest version: snapshots are of versions, and callers need one name for them."""
        version = self.function.current_version
        return lambda_.Alias(self, "Live", alias_name="live", version=version)
