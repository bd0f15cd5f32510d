"""Logs of API Gateway: an access log line for each request, and execution logs."""

import json

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as account_wide
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from chat_stack.cdk_nag import acknowledge, policy_finding
from chat_stack.settings.types import ExecutionLogs

FIELDS = {
    "requestId": "requestId",
    "connectionId": "connectionId",
    "eventType": "eventType",
    "routeKey": "routeKey",
    "status": "status",
    "requestTime": "requestTime",
    "connectedAt": "connectedAt",
    "integrationStatus": "integrationStatus",
    "integrationLatencyMs": "integrationLatency",
    "integrationError": "integrationErrorMessage",
    "authorizerStatus": "authorizer.status",
    "authorizerLatencyMs": "authorizer.latency",
    "authorizerError": "authorizer.error",
    "errorType": "error.responseType",
    "error": "error.message",
}
"""Keys of an access log line, and the context variables of their values.

No value has user content. The URL may hold a guest's key or a token, so it is not logged.
Source:
https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
"""

ADDRESS = {"ip": "identity.sourceIp"}


class GatewayLogs(Construct):
    """Access and execution logs of a stage, in log groups with a retention.

    API Gateway needs a role in the account to write them: see `GatewayAccount`.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: apigateway.WebSocketStage,
        access: bool = True,
        execution: ExecutionLogs = "error",
        ip_addresses: bool = False,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._key = key
        self._retention, self._removal = log_retention, removal_policy
        resource = stage.node.default_child
        assert isinstance(resource, apigateway.CfnStage)
        if access:
            group = self._group("Access")
            fields = FIELDS | (ADDRESS if ip_addresses else {})
            resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=Stack.of(self).format_arn(
                    service="logs", resource=f"log-group:{group.log_group_name}"
                ),
                format=json.dumps({key: f"$context.{name}" for key, name in fields.items()}),
            )
        else:
            acknowledge(stage, {"APIG1": "The settings turn access logs off."})
        if execution != "off":
            # API Gateway chooses this name. Without the group, its logs would have no retention.
            name = f"/aws/apigateway/{stage.api.api_id}/{stage.stage_name}"
            resource.node.add_dependency(self._group("Execution", name=name))
            route = "DefaultRouteSettings"
            resource.add_property_override(f"{route}.LoggingLevel", execution.upper())
            resource.add_property_override(f"{route}.DataTraceEnabled", value=False)

    def _group(self, id_: str, *, name: str | None = None) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            id_,
            log_group_name=name,
            encryption_key=self._key,
            retention=self._retention,
            removal_policy=self._removal,
        )


class GatewayAccount(Construct):
    """The role with which API Gateway writes logs, for all APIs of the account in this region.

    It is retained if the stack is deleted: APIs of other stacks may use it.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: apigateway.WebSocketStage) -> None:
        """*stage* depends on it: API Gateway refuses a stage with logs if there is no role."""
        super().__init__(scope, id_)
        policy = iam.ManagedPolicy.from_aws_managed_policy_name(
            "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            description=f"Lets API Gateway write logs in {Aws.REGION}",
            managed_policies=[policy],
        )
        why = "API Gateway requires this policy; the role is for all APIs of the account."
        acknowledge(self.role, {policy_finding(self, policy.managed_policy_arn): why})
        self.role.apply_removal_policy(RemovalPolicy.RETAIN)
        account = account_wide.CfnAccount(self, "Account", cloud_watch_role_arn=self.role.role_arn)
        account.apply_removal_policy(RemovalPolicy.RETAIN)
        stage.node.add_dependency(account)
