"""Bans from the whole chat: whoever has one cannot connect, and what they have open is closed."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ops.deployment import Deployment
from tools.common import UserError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


def ban(user_id: str, chat: Deployment) -> str:
    """Ban a user, then close what they have open: so nothing is opened in between; what was done.

    Raises `UserError` when connections could not be closed; to do it again harms nothing.
    """
    _bans(chat).ban(user_id)
    answer = chat.client("lambda").invoke(
        FunctionName=chat.outputs["CloserName"], Payload=json.dumps({"userId": user_id})
    )
    result = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise UserError(
            f"{user_id} is banned; closing their connections failed, repeat it: {result}"
        )
    if result["failed"]:
        raise UserError(
            f"{user_id} is banned; {result['failed']} connections could not be closed. They neither"
            " speak nor hear any more, and end within two hours"
        )
    return f"{user_id} is banned from {chat.stack}; connections closed: {result['found']}"


def unban(user_id: str, chat: Deployment) -> str:
    """Let a user connect again; what was done."""
    _bans(chat).lift(user_id)
    return f"{user_id} may connect to {chat.stack} again"


def _bans(chat: Deployment) -> "Bans":
    return Bans(chat.client("dynamodb"), table=chat.rooms_table)


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
