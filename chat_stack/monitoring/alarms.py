"""What wakes somebody, why, and by which way it reaches them."""

import re
from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from constructs import Construct

from chat_stack.monitoring.alarm_rules import Watch, symptoms
from chat_stack.monitoring.alarm_topic import Notices
from chat_stack.monitoring.metrics import Watched

RUNBOOKS = "docs/runbooks"
"""One page an alarm, named by its id."""

DIRECT = ("DeadLetters", "CanaryFailures")
"""Symptoms that are causes by themselves."""

ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD


class Alarms(Construct):
    """One alarm a symptom, one message a cause.

    Symptoms tell nobody: composites of them do, so that a slow store is one message and not five.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        watched: Watched,
        email: str | None = None,
        key: kms.IKey | None = None,
    ) -> None:
        """*email* is asked to confirm before it gets anything; *key* encrypts what it is told."""
        super().__init__(scope, id_)
        self._symptoms = {watch.id: self._alarm(watch) for watch in symptoms(watched)}
        store = self._cause(
            "StoreTrouble",
            ["StoreThrottles", "StoreErrors"],
            "DynamoDB refuses or fails requests: whatever else is slow or failing follows from it.",
        )
        answers = self._cause(
            "AnswerTrouble",
            ["FunctionErrors", "InternalErrors", "FunctionThrottles", "SlowAnswers"],
            "Requests fail or take long, and DynamoDB is not to blame.",
            unless=store,
        )
        delivery = self._cause(
            "DeliveryTrouble",
            ["LostPosts", "SlowFanout", "ConsumerErrors", "QueueBehind"],
            "Messages are stored but reach people late or only when they catch up, and DynamoDB "
            "is not to blame.",
            unless=store,
        )
        entry = self._cause(
            "EntryTrouble",
            ["AuthorizerFaults", "GatewayErrors", "GatewayRefusals", "CloserErrors"],
            "People or their frames are turned away before the chat hears of them, or those whose "
            "rights have ended stay.",
        )
        direct = [it for name, it in self._symptoms.items() if name in DIRECT]
        self.causes = (store, answers, delivery, entry, *direct)
        self.symptoms = tuple(it for it in self._symptoms.values() if it not in self.causes)
        self.notices = Notices(self, "Notices", email=email, key=key)
        for cause in self.causes:
            cause.add_alarm_action(actions.SnsAction(self.notices.topic))
            cause.add_ok_action(actions.SnsAction(self.notices.topic))

    def _alarm(self, watch: Watch) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            watch.id,
            alarm_description=_description(watch.id, watch.reason),
            comparison_operator=ABOVE,
            datapoints_to_alarm=watch.breaching,
            evaluation_periods=watch.of,
            metric=watch.metric,
            threshold=watch.threshold,
            # Most of these have no data while all is well.
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING
            if watch.silence_is_bad
            else cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _cause(
        self,
        id_: str,
        symptoms: Sequence[str],
        reason: str,
        *,
        unless: cloudwatch.IAlarm | None = None,
    ) -> cloudwatch.CompositeAlarm:
        """An alarm while one of *symptoms* is, as far as they are watched."""
        rules = [
            cloudwatch.AlarmRule.from_alarm(self._symptoms[name], cloudwatch.AlarmState.ALARM)
            for name in symptoms
            if name in self._symptoms
        ]
        rule: cloudwatch.IAlarmRule = cloudwatch.AlarmRule.any_of(*rules)
        if unless is not None:
            other = cloudwatch.AlarmRule.from_alarm(unless, cloudwatch.AlarmState.ALARM)
            rule = cloudwatch.AlarmRule.all_of(rule, cloudwatch.AlarmRule.not_(other))
        return cloudwatch.CompositeAlarm(
            self, id_, alarm_description=_description(id_, reason), alarm_rule=rule
        )


def _description(id_: str, reason: str) -> str:
    page = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", id_).lower()
    return f"{reason} See {RUNBOOKS}/{page}.md"
