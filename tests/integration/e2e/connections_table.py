"""The expiry of tokens, written into the table, so that no test waits for an hour."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from chat.domain.clock import wire
from local.deploy import client


class Table:
    """The Connections table, read and written directly."""

    def __init__(self, url: str, name: str) -> None:
        self.client = client("dynamodb", url)
        self.name = name

    def items(self) -> list[dict[str, Any]]:
        """Return all items."""
        found: list[dict[str, Any]] = self.client.scan(TableName=self.name)["Items"]
        return found

    def connections(self, user_id: str) -> list[dict[str, Any]]:
        """Return the items of a user's connections."""
        return [
            item
            for item in self.items()
            if item["sk"]["S"] == "CONNECTION" and item["userId"]["S"] == user_id
        ]

    def end(self, user_id: str, moment: datetime) -> None:
        """Set another expiry for the tokens of a user's connections."""
        marks = {":end": {"S": wire(moment)}, ":at": {"N": str(int(moment.timestamp()))}}
        for item in self.connections(user_id):
            # A connection that closes meanwhile must not be written again.
            with suppress(self.client.exceptions.ConditionalCheckFailedException):
                self.client.update_item(
                    TableName=self.name,
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="SET rightsEnd = :end, endsAt = :at",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues=marks,
                )


def run_closer(url: str) -> None:
    """Invoke the target of the schedule's rule, as the schedule does each minute."""
    events = client("events", url)
    (rule,) = [r for r in events.list_rules()["Rules"] if r.get("ScheduleExpression")]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    answer = client("lambda", url).invoke(FunctionName=target["Arn"], Payload="{}")
    assert "FunctionError" not in answer, answer["Payload"].read()
