"""A function of the package, with its own role and log group."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from chat_stack.cdk_nag import acknowledge
from chat_stack.names import metrics_namespace
from chat_stack.settings.settings import Settings
from chat_stack.settings.types import Architecture, LogRetentionDays
from chat_stack.storage.removal import removal_policy

ARCHITECTURES: Mapping[Architecture, lambda_.Architecture] = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}
RETENTION: Mapping[LogRetentionDays, logs.RetentionDays] = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    731: logs.RetentionDays.TWO_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}
"""Days that logs are kept, and the CDK's names for them."""

RETRIES = 0
"""Attempts that Lambda adds to a failed asynchronous call. Lambda's default is 2."""

MAX_EVENT_AGE = Duration.minutes(1)
"""Time for which Lambda keeps an asynchronous call that it cannot start. The default is 6 h.

Every schedule calls again, at the earliest after a minute, which is also Lambda's minimum.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefaults:
    """Properties that the functions of a stack have in common.

    The wheels in the package are for *architecture*.
    With *versions*, every change publishes a version.
    With *tracing*, X-Ray receives a sample of the invocations.
    The logs have *removal_policy*, and *key* encrypts them.
    """

    architecture: lambda_.Architecture = lambda_.Architecture.ARM_64
    memory_mb: int = 1_024
    versions: bool = False
    tracing: bool = False
    log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH
    removal_policy: RemovalPolicy = RemovalPolicy.RETAIN
    key: kms.IKey | None = None

    @classmethod
    def of(cls, settings: Settings, key: kms.IKey | None) -> "FunctionDefaults":
        """Return the defaults that *settings* describe."""
        return cls(
            architecture=ARCHITECTURES[settings.architecture],
            memory_mb=settings.memory_mb,
            versions=settings.traffic_shift != "off",
            tracing=settings.tracing,
            log_retention=RETENTION[settings.log_retention_days],
            removal_policy=removal_policy(settings.removal_policy),
            key=key,
        )


class ChatFunction(Construct):
    """A function that may write its logs and do nothing else yet.

    `function` has the permissions and the variables.
    `invoked` is what callers invoke: the function's `alias`, if it has one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        variables: Mapping[str, str],
        handler: str = "chat.app.handler",
        description: str = "Handles every route of the chat",
        defaults: FunctionDefaults = FunctionDefaults(),
        timeout: Duration | None = None,
        reserved_concurrency: int | None = None,
        snap_start: bool = False,
    ) -> None:
        """*timeout* is 25 s by default; *snap_start* starts published versions from a snapshot."""
        super().__init__(scope, id_)
        log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=defaults.key,
            retention=defaults.log_retention,
            removal_policy=defaults.removal_policy,
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        self.function = lambda_.Function(
            self,
            "Handler",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=defaults.architecture,
            handler=handler,
            code=code,
            environment={**variables, "METRICS_NAMESPACE": metrics_namespace(self)},
            memory_size=defaults.memory_mb,
            reserved_concurrent_executions=reserved_concurrency,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            timeout=timeout or Duration.seconds(25),
            tracing=lambda_.Tracing.ACTIVE if defaults.tracing else None,
            role=role,
            log_group=log_group,
            retry_attempts=RETRIES,
            max_event_age=MAX_EVENT_AGE,
        )
        if defaults.tracing:
            acknowledge(role, {"IAM5[Resource::*]": "X-Ray has no resources to name in a policy."})
        self.alias = self._live() if snap_start or defaults.versions else None
        self.invoked: lambda_.IFunction = self.alias or self.function

    def add_variables(self, variables: Mapping[str, str]) -> None:
        """Add environment variables that depend on constructs which are created later."""
        for name, value in variables.items():
            self.function.add_environment(name, value)

    def _live(self) -> lambda_.Alias:
        """Return the alias of the newest version: snapshots and CodeDeploy need versions.

        It has the same settings for asynchronous calls, because those of the function do not apply.
        """
        return lambda_.Alias(
            self,
            "Live",
            alias_name="live",
            version=self.function.current_version,
            retry_attempts=RETRIES,
            max_event_age=MAX_EVENT_AGE,
        )
