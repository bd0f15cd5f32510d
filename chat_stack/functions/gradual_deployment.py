"""New versions, which calls go over to bit by bit, and back from when they fail."""

from collections.abc import Mapping
from typing import Literal

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack.cdk_nag import accept, policy_finding
from chat_stack.monitoring.metrics import MINUTE

TrafficShift = Literal[
    "off",
    "allAtOnce",
    "canary10Percent5Minutes",
    "canary10Percent10Minutes",
    "canary10Percent15Minutes",
    "canary10Percent30Minutes",
    "linear10PercentEvery1Minute",
    "linear10PercentEvery2Minutes",
    "linear10PercentEvery3Minutes",
    "linear10PercentEvery10Minutes",
]
"""CodeDeploy's own, by its names:

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
"""

RUNBOOK = "See docs/runbooks/rollback.md"
MANAGED = "service-role/AWSCodeDeployRoleForLambdaLimited"


class GradualDeployment(Construct):
    """Shifts the aliases of functions to new versions; an alarm in that time shifts all back."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shift: TrafficShift,
        aliases: Mapping[str, lambda_.Alias],
        internal_errors: cloudwatch.IMetric,
    ) -> None:
        """*internal_errors* counts what the code itself reports; crashes are counted by Lambda."""
        super().__init__(scope, id_)
        config = codedeploy.LambdaDeploymentConfig.from_lambda_deployment_config_name(
            self, "Config", f"CodeDeployDefault.Lambda{shift[0].upper()}{shift[1:]}"
        )
        application = codedeploy.LambdaApplication(self, "Application")
        crashes = [
            self._alarm(f"{name}Crashes", alias.metric_errors(period=MINUTE))
            for name, alias in aliases.items()
        ]
        self.alarms = [*crashes, self._alarm("InternalErrors", internal_errors)]
        for name, alias in aliases.items():
            group = codedeploy.LambdaDeploymentGroup(
                self,
                name,
                alias=alias,
                application=application,
                alarms=self.alarms,
                deployment_config=config,
            )
            self._accept_role(group.role)

    def _alarm(self, id_: str, metric: cloudwatch.IMetric) -> cloudwatch.Alarm:
        """It tells nobody: CodeDeploy looks at it, while versions change."""
        return cloudwatch.Alarm(
            self,
            id_,
            alarm_description=f"A new version is taken back while this is. {RUNBOOK}",
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            metric=metric,
            threshold=0,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _accept_role(self, role: iam.IRole) -> None:
        managed = iam.ManagedPolicy.from_aws_managed_policy_name(MANAGED).managed_policy_arn
        why = "CodeDeploy asks for this policy; it may change where aliases of functions point."
        accept(role, {policy_finding(self, managed): why})
