"""Revoked tokens, known by a digest until an hour after they have expired."""

from collections.abc import Iterable

from chat.domain.connection import TokenId
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import IS_NEW
from chat.dynamodb.table import Table, Transaction
from chat.errors import token_revoked

KEPT_SECONDS = 3_600
"""Time after a token's end for which its item counts: longer than any two clocks differ."""


class RevokedTokens:
    """The revoked tokens in the table of connections, one item each."""

    def __init__(self, connections: Table) -> None:
        self._table = connections

    def add(self, tokens: Iterable[TokenId]) -> None:
        """Revoke tokens: from now on they open and renew no connection."""
        for token in tokens:
            kept_until = items.epoch_seconds(token.expires_at) + KEPT_SECONDS
            self._table.put({**item_keys.revoked_token_key(token.digest), "expiresAt": kept_until})

    def require_valid(self, tx: Transaction, tokens: Iterable[TokenId]) -> None:
        """Require that none of the tokens is revoked; else Unauthorized."""
        for token in tokens:
            key = item_keys.revoked_token_key(token.digest)
            tx.check(self._table, key, IS_NEW, otherwise=token_revoked)
