"""Bans from the whole chat: whoever has one cannot connect."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


class Bans:
    """The bans in the table of rooms, which outlives every connection."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def ban(self, user_id: str) -> None:
        """Let a user connect no more; once more is no error."""
        since = {"S": datetime.now(UTC).isoformat(timespec="seconds")}
        self._client.put_item(TableName=self._table, Item={**_key(user_id), "bannedAt": since})

    def lift(self, user_id: str) -> None:
        """Let them connect again; once more is no error."""
        self._client.delete_item(TableName=self._table, Key=_key(user_id))


def _key(user_id: str) -> "dict[str, AttributeValueTypeDef]":
    """As the chat has it; the contract's tests hold the two together."""
    return {"pk": {"S": f"USER#{user_id}"}, "sk": {"S": "BAN"}}
