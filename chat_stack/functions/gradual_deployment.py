"""Shifts calls to a new version step by step, and back if the new version fails."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack.cdk_nag import acknowledge, policy_finding
from chat_stack.settings.types import TrafficShift

RUNBOOK = "See docs/runbooks/rollback.md"
MANAGED = "service-role/AWSCodeDeployRoleForLambdaLimited"
AUTHORIZER = "Authorizer"
"""Name of the authorizer among the aliases."""


class GradualDeployment(Construct):
    """Shifts the aliases of functions to new versions; an alarm meanwhile shifts all back."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shift: TrafficShift,
        aliases: Mapping[str, lambda_.Alias],
        internal_errors: cloudwatch.IMetric,
        faults: cloudwatch.IMetric | None = None,
    ) -> None:
        """*internal_errors* counts what the code reports; Lambda counts crashes.

        *faults* counts those of the authorizer.
        Lambda's errors do not: each refused token is such an error, and every client can send some.
        """
        super().__init__(scope, id_)
        config = codedeploy.LambdaDeploymentConfig.from_lambda_deployment_config_name(
            self, "Config", f"CodeDeployDefault.Lambda{shift[0].upper()}{shift[1:]}"
        )
        application = codedeploy.LambdaApplication(self, "Application")
        crashes = [
            self._alarm(f"{name}Crashes", alias.metric_errors(period=Duration.minutes(1)))
            for name, alias in aliases.items()
            if name != AUTHORIZER
        ]
        of_authorizer = [self._alarm("AuthorizerFaults", faults)] if faults else []
        internal = self._alarm("InternalErrors", internal_errors)
        self.alarms = [*crashes, *of_authorizer, internal]
        for name, alias in aliases.items():
            group = codedeploy.LambdaDeploymentGroup(
                self,
                name,
                alias=alias,
                application=application,
                alarms=self.alarms,
                deployment_config=config,
            )
            self._acknowledge_role(group.role)

    def _alarm(self, id_: str, metric: cloudwatch.IMetric) -> cloudwatch.Alarm:
        """Return an alarm that notifies nobody: CodeDeploy reads it while versions change."""
        return cloudwatch.Alarm(
            self,
            id_,
            alarm_description=f"CodeDeploy rolls a new version back during this alarm. {RUNBOOK}",
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            metric=metric,
            threshold=0,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _acknowledge_role(self, role: iam.IRole) -> None:
        managed = iam.ManagedPolicy.from_aws_managed_policy_name(MANAGED).managed_policy_arn
        why = "CodeDeploy requires this policy; it may change which version an alias points to."
        acknowledge(role, {policy_finding(self, managed): why})
