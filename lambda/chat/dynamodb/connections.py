"""DynamoDB behind the Sockets port: renewing open connections, and finding those to end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from chat.domain.clock import wire
from chat.domain.connection import Connection, TokenId
from chat.dynamodb import item_keys, items
from chat.dynamodb.joins import unknown_connection
from chat.dynamodb.revoked_tokens import RevokedTokens, signed_out
from chat.dynamodb.table import Item, pack, retried, transact, unpack
from chat.dynamodb.user_connections import UserConnections
from chat.ports import Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoSockets:
    """Connections in the table of connections, and the index of those that end early."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        table: str,
        holders: UserConnections,
        sign_outs: RevokedTokens,
        clock: Clock,
    ) -> None:
        self._sign_outs = sign_outs
        self._client = client
        self._table = table
        self._holders = holders
        self._clock = clock

    def of(self, user_id: str) -> Sequence[str]:
        """The ids of every connection that a user has open, strongly consistent."""
        return self._holders.of(user_id)

    def live(self, user_id: str) -> Sequence[str]:
        """The ids of those of them that still hear."""
        return [connection.connection_id for connection in self._holders.live(user_id)]

    def rest(self, user_id: str, *, until: datetime) -> None:
        """Let a user open no connection until then."""
        self._holders.rest(user_id, until=until)

    def renew(self, connection: Connection, token: TokenId) -> Connection:
        """Let a connection last longer, then its places in rooms; again does what is left of it.

        A join that has read the end before waits for nobody, but fails if it is written after:
        then its place is either in the rooms that are found here, or is that of the new end.
        """
        renewed = self._extend(replace(connection, token_expires_at=token.ends_at), token)
        for room_id in sorted(renewed.rooms):
            self._extend_place(room_id, renewed)
        return renewed

    def ended(self, *, limit: int) -> Sequence[str]:
        """Connections whose token's time is over: those that the index names and that still are."""
        now = self._clock.now()
        share = -(-limit // items.ENDING_PARTS)
        found = [
            id_ for part in range(items.ENDING_PARTS) for id_ in self._due(str(part), now, share)
        ]
        return [id_ for id_ in found[:limit] if self._has_ended(id_, now)]

    def sign_out(self, connection: Connection) -> Sequence[str]:
        """Sign tokens out first, then look who has them: what opens meanwhile fails or is found.

        A connection that is found may have been renewed with one more, and so on.
        """
        done, tokens = frozenset[TokenId](), connection.tokens
        found: Sequence[Connection] = []
        while tokens - done:
            self._sign_outs.add(tokens - done)
            done = tokens
            own = self._holders.all_of(connection.member.user_id)
            found = [it for it in own if it.tokens & done]
            tokens = done.union(*(it.tokens for it in found))
        return [it.connection_id for it in found]

    def _extend(self, renewed: Connection, token: TokenId) -> Connection:
        """The connection as it is then, which has a later end if somebody was faster."""
        marks = items.ending_marks(renewed)
        sets = ", ".join(f"{name} = :{name}" for name, value in marks.items() if value is not None)
        removes = ", ".join(name for name, value in marks.items() if value is None)
        values = {f":{name}": value for name, value in marks.items()}
        change = f"SET {sets} {removes and f'REMOVE {removes}'}"
        if self._renewed(renewed, token, change, "rightsEnd <= :rightsEnd", values):
            return self._live(renewed.connection_id)
        # It ends later already. The token has come by this connection all the same.
        self._renewed(renewed, token, "", "attribute_exists(pk)", {})
        return self._live(renewed.connection_id)

    def _renewed(
        self, renewed: Connection, token: TokenId, change: str, condition: str, values: Item
    ) -> bool:
        """Whether a connection that has not ended was changed; raises for a signed-out token."""
        given = {":now": wire(self._clock.now()), ":tokens": items.token_marks([token])}
        update = {
            "TableName": self._table,
            "Key": pack(item_keys.connection_key(renewed.connection_id)),
            "UpdateExpression": f"{change} ADD tokens :tokens",
            "ConditionExpression": f"rightsEnd > :now AND {condition}",
            "ExpressionAttributeValues": pack({**values, **given}),
        }
        failed = transact(self._client, [{"Update": update}, *self._sign_outs.none_of([token])])
        if 1 in failed:
            raise signed_out()
        return not failed

    def _live(self, connection_id: str) -> Connection:
        item = self._get(connection_id)
        if item is None or not items.is_live(item, self._clock.now()):
            raise unknown_connection()
        return items.to_connection(item)

    def _extend_place(self, room_id: str, renewed: Connection) -> None:
        key = item_keys.attendee_key(room_id, renewed.connection_id)
        until = items.epoch_seconds(renewed.kept_until)
        try:
            retried(
                lambda: self._client.update_item(
                    TableName=self._table,
                    Key=pack(key),
                    UpdateExpression="SET expiresAt = :until",
                    ConditionExpression="expiresAt < :until",
                    ExpressionAttributeValues={":until": {"N": str(until)}},
                )
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # it has left the room, or lasts as long already

    def _due(self, part: str, now: datetime, limit: int) -> Iterator[str]:
        """What a part of the index has; it may be a moment behind its table."""
        page = self._client.query(
            TableName=self._table,
            IndexName=items.ENDING,
            KeyConditionExpression="endsIn = :part AND endsAt <= :now",
            ExpressionAttributeValues=pack({":part": part, ":now": items.epoch_seconds(now)}),
            Limit=limit,
        )
        return (item["pk"]["S"].removeprefix("CONNECTION#") for item in page["Items"])

    def _has_ended(self, connection_id: str, now: datetime) -> bool:
        item = self._get(connection_id)
        return item is not None and not items.is_live(item, now)

    def _get(self, connection_id: str) -> Item | None:
        key = pack(item_keys.connection_key(connection_id))
        found = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return unpack(found["Item"]) if "Item" in found else None
