"""What is seen of a running chat: the gateway's logs, the dashboard, the alarms."""

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms

from chat_stack.api.gateway_logs import GatewayAccount, GatewayLogs
from chat_stack.api.websocket_api import WebSocketEndpoint
from chat_stack.functions.canary import Canary
from chat_stack.functions.log_retention import log_retention
from chat_stack.monitoring.alarms import Alarms
from chat_stack.monitoring.dashboard import ChatDashboard
from chat_stack.monitoring.metrics import Watched
from chat_stack.settings.settings import Settings


def keep_gateway_logs(
    stack: Stack, settings: Settings, endpoint: WebSocketEndpoint, *, key: kms.IKey | None
) -> None:
    """Have API Gateway log as *settings* say; *key* encrypts it."""
    GatewayLogs(
        stack,
        "GatewayLogs",
        stage=endpoint.stage,
        access=settings.access_logs,
        execution=settings.execution_logs,
        ip_addresses=settings.log_ip_addresses,
        log_retention=log_retention(settings.log_retention_days),
        removal_policy=RemovalPolicy[settings.removal_policy.upper()],
        key=key,
    )
    if settings.gateway_logs_role:
        GatewayAccount(stack, "GatewayAccount", stage=endpoint.stage)


def watch(
    stack: Stack,
    settings: Settings,
    watched: Watched,
    canary: Canary | None,
    *,
    key: kms.IKey | None,
) -> None:
    """Add the alarms and the dashboard that *settings* ask for; *key* encrypts what is told."""
    alarms = None
    if settings.alarms:
        alarms = Alarms(stack, "Alarms", watched=watched, email=settings.alarm_email, key=key)
        topic = alarms.notices.topic.topic_arn
        CfnOutput(stack, "AlarmTopic", value=topic, description="Where alarms are told")
    if settings.dashboard:
        shown = ChatDashboard(
            stack,
            "Dashboard",
            watched=watched,
            memory_mb=settings.memory_mb,
            causes=alarms.causes if alarms else (),
            symptoms=alarms.symptoms if alarms else (),
        )
        if canary:
            shown.dashboard.add_widgets(*canary.widgets())
