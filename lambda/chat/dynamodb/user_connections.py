"""Which connections a user has open, in DynamoDB: one item a user, so that there can be a limit.

The same item says until when the user may open none, having been cut off.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.domain.bounded_dict import BoundedDict
from chat.domain.clock import CONNECTION_KEPT
from chat.domain.connection import Connection
from chat.dynamodb import item_keys, items
from chat.dynamodb.revoked_tokens import RevokedTokens, signed_out
from chat.dynamodb.table import Item, pack, retried, transact, unpack
from chat.errors import Forbidden, RateLimited
from chat.ports import Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_BAN, _COUNTED = range(2)
_MAY_OPEN = (
    "(attribute_not_exists(#open) OR size(#open) < :most)"
    " AND (attribute_not_exists(restsUntil) OR restsUntil <= :now)"
)
_NAMES = {"#open": "open"}


class UserConnections:
    """Users and what they have open; who is banned has nothing."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        connections_table: str,
        rooms_table: str,
        clock: Clock,
        most: int,
        sign_outs: RevokedTokens,
    ) -> None:
        """*most* is how many connections a user may have open."""
        self._client = client
        self._connections = connections_table
        self._rooms = rooms_table
        self._clock = clock
        self._most = most
        self._sign_outs = sign_outs
        self._resting = BoundedDict[int]()

    def add(self, connection: Connection) -> None:
        """Write a connection, unless its user is banned, has too many, or has to rest.

        Nor is one written whose token was signed out.

        Who has to rest is known from memory the next time: trying again costs no request.
        """
        user_id = connection.member.user_id
        self._require_rested(self._resting.get(user_id, 0))
        writes = [
            self._not_banned(connection),
            self._counted(connection),
            self._put(connection),
            *self._sign_outs.none_of(connection.tokens),
        ]
        for _ in range(2):
            failed = transact(self._client, writes)
            if not failed:
                return
            if _BAN in failed:
                raise Forbidden("this user is banned")
            if max(failed) > _COUNTED:
                raise signed_out()
            holder = self._holder(user_id)
            self._resting.put(user_id, rests_until := int(holder.get("restsUntil", 0)))
            self._require_rested(rests_until)
            if not self._purge(user_id, holder):
                break
        raise RateLimited(f"a user may have {self._most} connections open: close one first")

    def remove(self, connection: Connection) -> None:
        """Take a connection out of its user's."""
        self._take_out(connection.member.user_id, [items.holding(connection)])

    def rest(self, user_id: str, *, until: datetime) -> None:
        """Let a user open no connection until then; the item outlives what is open."""
        seconds, kept = (
            items.epoch_seconds(it) for it in (until, self._clock.now() + CONNECTION_KEPT)
        )
        retried(
            lambda: self._client.update_item(
                TableName=self._connections,
                Key=pack(item_keys.holder_key(user_id)),
                UpdateExpression="SET restsUntil = :until, expiresAt = :kept",
                ExpressionAttributeValues=pack({":until": seconds, ":kept": kept}),
            )
        )
        self._resting.put(user_id, seconds)

    def _require_rested(self, rests_until: int) -> None:
        seconds = rests_until - items.epoch_seconds(self._clock.now())
        if seconds > 0:
            raise RateLimited(
                f"cut off for going on in spite of refusals: again in {seconds} s",
                retry_after_ms=seconds * 1_000,
            )

    def of(self, user_id: str) -> Sequence[str]:
        """The ids of the connections that a user has open, also those whose rights have ended."""
        now = self._clock.now().timestamp()
        return sorted(id_ for end, id_ in _held(self._holder(user_id)) if end > now)

    def all_of(self, user_id: str) -> Sequence[Connection]:
        """Those connections."""
        return [*map(items.to_connection, self._items(user_id))]

    def live(self, user_id: str) -> Sequence[Connection]:
        """Those of them whose rights last."""
        now = self._clock.now()
        return [items.to_connection(i) for i in self._items(user_id) if items.is_live(i, now)]

    def inside(self, room_id: str, user_id: str) -> Sequence[Connection]:
        """Those in a room, also those whose rights have ended: they may be being renewed."""
        return [it for it in self.all_of(user_id) if room_id in it.rooms]

    def _items(self, user_id: str) -> Iterator[Item]:
        for id_ in self.of(user_id):
            key = pack(item_keys.connection_key(id_))
            found = self._client.get_item(TableName=self._connections, Key=key, ConsistentRead=True)
            if "Item" in found:
                yield unpack(found["Item"])

    def _not_banned(self, connection: Connection) -> Mapping[str, Any]:
        check = {
            "TableName": self._rooms,
            "Key": pack(item_keys.ban_key(connection.member.user_id)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return {"ConditionCheck": check}

    def _counted(self, connection: Connection) -> Mapping[str, Any]:
        item = items.connection_item(connection)
        values = {
            ":most": {"N": str(self._most)},
            ":this": {"SS": [items.holding(connection)]},
            ":later": {"N": str(item["expiresAt"])},
            ":now": {"N": str(items.epoch_seconds(self._clock.now()))},
        }
        update = {
            "TableName": self._connections,
            "Key": pack(item_keys.holder_key(connection.member.user_id)),
            "UpdateExpression": "ADD #open :this SET expiresAt = :later",
            "ConditionExpression": _MAY_OPEN,
            "ExpressionAttributeNames": _NAMES,
            "ExpressionAttributeValues": values,
        }
        return {"Update": update}

    def _put(self, connection: Connection) -> Mapping[str, Any]:
        item = pack(items.connection_item(connection))
        return {"Put": {"TableName": self._connections, "Item": item}}

    def _purge(self, user_id: str, holder: Item) -> bool:
        """Take out what must be over by now, its `$disconnect` lost; whether there was any."""
        now = self._clock.now().timestamp()
        stale = [f"{end}#{id_}" for end, id_ in _held(holder) if end <= now]
        if stale:
            self._take_out(user_id, stale)
        return bool(stale)

    def _holder(self, user_id: str) -> Item:
        """What is kept of a user; empty for who has opened nothing."""
        found = self._client.get_item(
            TableName=self._connections,
            Key=pack(item_keys.holder_key(user_id)),
            ConsistentRead=True,
        )
        return unpack(found.get("Item", {}))

    def _take_out(self, user_id: str, held: Sequence[str]) -> None:
        try:
            retried(
                lambda: self._client.update_item(
                    TableName=self._connections,
                    Key=pack(item_keys.holder_key(user_id)),
                    UpdateExpression="DELETE #open :these",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeNames=_NAMES,
                    ExpressionAttributeValues={":these": {"SS": held}},
                )
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # it has expired, and all that was in it


def _held(holder: Item) -> Iterable[tuple[int, str]]:
    """The connections in a user's item, each with the time after which it cannot be open."""
    for held in holder.get("open", ()):
        end, _, id_ = held.partition("#")
        yield int(end), id_
