"""The end of a connection's rights, brought about from behind: no test waits an hour for it."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from chat.domain.clock import wire
from local.deploy import client


class Table:
    """The Connections table, from behind."""

    def __init__(self, url: str, name: str) -> None:
        self.client = client("dynamodb", url)
        self.name = name

    def items(self) -> list[dict[str, Any]]:
        """All of it, which in a test is little."""
        found: list[dict[str, Any]] = self.client.scan(TableName=self.name)["Items"]
        return found

    def connections(self, user_id: str) -> list[dict[str, Any]]:
        """The items of a user's connections."""
        return [
            item
            for item in self.items()
            if item["sk"]["S"] == "CONNECTION" and item["userId"]["S"] == user_id
        ]

    def end(self, user_id: str, moment: datetime) -> None:
        """Let the tokens of a user's connections end at another moment."""
        marks = {":end": {"S": wire(moment)}, ":at": {"N": str(int(moment.timestamp()))}}
        for item in self.connections(user_id):
            # One that closes meanwhile is not to be written anew.
            with suppress(self.client.exceptions.ConditionalCheckFailedException):
                self.client.update_item(
                    TableName=self.name,
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="SET rightsEnd = :end, endsAt = :at",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues=marks,
                )


def sweep(url: str) -> None:
    """Do what the schedule does each minute: call the target of its rule."""
    events = client("events", url)
    (rule,) = [r for r in events.list_rules()["Rules"] if r.get("ScheduleExpression")]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    answer = client("lambda", url).invoke(FunctionName=target["Arn"], Payload="{}")
    assert "FunctionError" not in answer, answer["Payload"].read()
