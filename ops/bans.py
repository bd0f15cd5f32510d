"""Bans from the whole chat: a banned user cannot connect, and their connections are closed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chat.dynamodb import item_keys
from chat.dynamodb.table import Table
from ops.deployment import Deployment
from tools.common import UserError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_RUNS = 10
"""Runs of the connection closer for one ban. Each takes up to 50 s."""


def ban(user_id: str, chat: Deployment) -> str:
    """Ban a user, then close their connections; return what was done.

    In this order no connection opens in between. Raises UserError if connections are left or
    could not be closed. A repeated command harms nothing.
    """
    _bans(chat).ban(user_id)
    closed = 0
    for _ in range(MAX_RUNS):
        result = _close_connections(user_id, chat)
        closed += result["forgotten"] - result["failed"]
        if not result["left"]:
            break
    if result["left"]:
        raise UserError(
            f"{user_id} is banned; {result['left']} connections are still open: repeat the command"
        )
    if result["failed"]:
        raise UserError(
            f"{user_id} is banned; {result['failed']} connections could not be closed. They can"
            " neither send nor receive, and end within two hours"
        )
    return f"{user_id} is banned from {chat.stack}; connections closed: {closed}"


def unban(user_id: str, chat: Deployment) -> str:
    """Let a user connect again; return what was done."""
    _bans(chat).lift(user_id)
    return f"{user_id} may connect to {chat.stack} again"


def _close_connections(user_id: str, chat: Deployment) -> Mapping[str, int]:
    """Run the connection closer for a user; return its counts. Raises UserError."""
    answer = chat.client("lambda").invoke(
        FunctionName=chat.outputs["CloserName"], Payload=json.dumps({"userId": user_id})
    )
    result = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise UserError(
            f"{user_id} is banned; closing their connections failed, repeat the command: {result}"
        )
    counts: Mapping[str, int] = result
    return counts


def _bans(chat: Deployment) -> "Bans":
    return Bans(chat.client("dynamodb"), table=chat.rooms_table)


class Bans:
    """The bans in the table of rooms, which outlives every connection."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._table = Table(client, table)

    def ban(self, user_id: str) -> None:
        """Let a user connect no more. A repeated ban is no error."""
        since = datetime.now(UTC).isoformat(timespec="seconds")
        self._table.put({**item_keys.ban_key(user_id), "bannedAt": since})

    def lift(self, user_id: str) -> None:
        """Let a user connect again. Lifting no ban is no error."""
        for ban in (item_keys.ban_key(user_id), item_keys.erased_ban_key(user_id)):
            self._table.delete(ban)
