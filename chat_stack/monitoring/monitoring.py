"""The alarms and the dashboard of a chat."""

from aws_cdk import CfnOutput
from aws_cdk import aws_kms as kms
from constructs import Construct

from chat_stack.functions.canary import Canary
from chat_stack.monitoring.alarm_resources import AlarmResources
from chat_stack.monitoring.dashboard import ChatDashboard
from chat_stack.monitoring.metrics import MonitoredChat
from chat_stack.settings.settings import Settings


def add_monitoring(
    scope: Construct,
    settings: Settings,
    *,
    chat: MonitoredChat,
    canary: Canary | None,
    key: kms.IKey | None,
) -> None:
    """Create the alarms and the dashboard that *settings* ask for; *key* encrypts the topic.

    It is no construct: a level of its own would rename, and so replace, the topic and its key.
    """
    alarms = None
    if settings.alarms:
        alarms = AlarmResources(scope, "Alarms", chat=chat, email=settings.alarm_email, key=key)
        arn = alarms.topic.topic_arn
        CfnOutput(scope, "AlarmTopic", value=arn, description="SNS topic that alarms notify")
    if settings.dashboard:
        ChatDashboard(
            scope,
            "Dashboard",
            chat=chat,
            memory_mb=settings.memory_mb,
            notifying=alarms.notifying if alarms else (),
            others=alarms.others if alarms else (),
            canary=canary,
        )
