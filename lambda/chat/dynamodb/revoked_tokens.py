"""Tokens that were signed out: known by a digest until long after they have ended by themselves."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from chat.domain.connection import TokenId
from chat.dynamodb import item_keys, items
from chat.dynamodb.table import pack, retried
from chat.errors import Unauthorized

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

KEPT_SECONDS = 3_600
"""After a token's end: longer than any two clocks are apart."""


class RevokedTokens:
    """In the table of connections, an item a token."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, marks: Iterable[TokenId]) -> None:
        """Let tokens open and renew nothing from now on."""
        for mark in marks:
            item = {
                **item_keys.signed_out_key(mark.id),
                "expiresAt": items.epoch_seconds(mark.ends_at) + KEPT_SECONDS,
            }
            retried(partial(self._client.put_item, TableName=self._table, Item=pack(item)))

    def none_of(self, marks: Iterable[TokenId]) -> list[Mapping[str, Any]]:
        """The parts of a transaction that fail when a token was signed out, one for each."""
        return [
            {
                "ConditionCheck": {
                    "TableName": self._table,
                    "Key": pack(item_keys.signed_out_key(mark.id)),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            }
            for mark in marks
        ]


def signed_out() -> Unauthorized:
    """The token was good once."""
    return Unauthorized("this token has been signed out")
