"""CloudWatch resources of the alarms, and composite alarms that notify once for each cause."""

import re
from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from constructs import Construct

from chat_stack.monitoring.alarm_topic import AlarmTopic
from chat_stack.monitoring.alarms import AlarmDefinition, alarm_definitions
from chat_stack.monitoring.metrics import MonitoredChat

NOTIFYING = ("DeadLetters", "CanaryFailures")
"""Alarms that notify people themselves: they belong to no composite alarm."""

ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD


class AlarmResources(Construct):
    """One alarm for each definition, and one notification for each cause.

    Composite alarms notify people, not the alarms that they combine.
    A slow DynamoDB is then one message, not five.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        chat: MonitoredChat,
        email: str | None = None,
        key: kms.IKey | None = None,
    ) -> None:
        """*email* receives the alarms once it is confirmed; *key* encrypts the topic."""
        super().__init__(scope, id_)
        self._by_id = {it.id: self._alarm(it) for it in alarm_definitions(chat)}
        own = [alarm for name, alarm in self._by_id.items() if name in NOTIFYING]
        self.notifying = (*self._composites(), *own)
        self.others = tuple(it for it in self._by_id.values() if it not in self.notifying)
        # The id is part of the logical ids of the topic and its key, which must not change.
        self.topic = AlarmTopic(self, "Notices", email=email, key=key).topic
        for alarm in self.notifying:
            alarm.add_alarm_action(actions.SnsAction(self.topic))
            alarm.add_ok_action(actions.SnsAction(self.topic))

    def _composites(self) -> Sequence[cloudwatch.CompositeAlarm]:
        store = self._composite(
            "DatabaseProblem",
            ["StoreThrottles", "StoreErrors"],
            "DynamoDB throttles or fails requests. Other failures and delays follow from it.",
        )
        answers = self._composite(
            "RequestProblem",
            ["FunctionErrors", "InternalErrors", "FunctionThrottles", "SlowAnswers"],
            "Requests fail or take long, and DynamoDB is not the cause.",
            unless=store,
        )
        delivery = self._composite(
            "DeliveryProblem",
            ["LostPosts", "SlowFanout", "ConsumerErrors", "QueueBehind"],
            "Messages are stored, but clients receive them late or only when they resume. "
            "DynamoDB is not the cause.",
            unless=store,
        )
        entry = self._composite(
            "ConnectionProblem",
            ["AuthorizerFaults", "GatewayErrors", "GatewayRejections", "CloserErrors"],
            "API Gateway or the authorizer refuses clients or their frames before the chat "
            "receives them, or expired connections stay open.",
        )
        return store, answers, delivery, entry

    def _alarm(self, alarm: AlarmDefinition) -> cloudwatch.Alarm:
        # Most metrics have no data if nothing is wrong.
        missing = cloudwatch.TreatMissingData
        return cloudwatch.Alarm(
            self,
            alarm.id,
            alarm_description=_description(alarm.id, alarm.meaning),
            comparison_operator=ABOVE,
            datapoints_to_alarm=alarm.breaching,
            evaluation_periods=alarm.periods,
            metric=alarm.metric,
            threshold=alarm.threshold,
            treat_missing_data=missing.BREACHING if alarm.needs_data else missing.NOT_BREACHING,
        )

    def _composite(
        self,
        id_: str,
        alarm_ids: Sequence[str],
        meaning: str,
        *,
        unless: cloudwatch.IAlarm | None = None,
    ) -> cloudwatch.CompositeAlarm:
        """Create an alarm that combines others, and is off during the alarm *unless*."""
        in_alarm = cloudwatch.AlarmState.ALARM
        rule: cloudwatch.IAlarmRule = cloudwatch.AlarmRule.any_of(
            *(
                cloudwatch.AlarmRule.from_alarm(self._by_id[name], in_alarm)
                for name in alarm_ids
                if name in self._by_id
            )
        )
        if unless is not None:
            other = cloudwatch.AlarmRule.from_alarm(unless, in_alarm)
            rule = cloudwatch.AlarmRule.all_of(rule, cloudwatch.AlarmRule.not_(other))
        return cloudwatch.CompositeAlarm(
            self, id_, alarm_description=_description(id_, meaning), alarm_rule=rule
        )


def runbook(alarm_id: str) -> str:
    """Return the path of an alarm's runbook in the repository: `docs/runbooks/lost-posts.md`."""
    return f"docs/runbooks/{re.sub(r'(?<=[a-z])(?=[A-Z])', '-', alarm_id).lower()}.md"


def _description(alarm_id: str, meaning: str) -> str:
    return f"{meaning} See {runbook(alarm_id)}"
