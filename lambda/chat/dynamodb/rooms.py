"""DynamoDB behind the Directory port: lists of rooms, their names, their invites and their end."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from chat.domain.membership import Membership
from chat.domain.pages import Listing
from chat.dynamodb import item_keys, items
from chat.dynamodb.conditions import EXISTS, Admission
from chat.dynamodb.table import Item, pack, query, retried, transact, unpack
from chat.errors import Raced, RoomNotFound
from chat.ports import Clock
from chat.protocol import ListedRoom, Room

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST_PURGED = 1_000
"""Items that one call of `purge` deletes, at 25 a request: about a second."""

BATCH = 25
"""Items of one BatchWriteItem:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
"""


class DynamoDirectory:
    """The rooms there are, in the table of rooms."""

    def __init__(self, client: "DynamoDBClient", *, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._admission = Admission(table, most_rooms=0)

    def mine(self, user_id: str, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """The rooms that a user has a role in, or has visited and not left for good."""
        return self._list(item_keys.own_room_key(user_id, ""), cursor=cursor, limit=limit)

    def public(self, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """The public rooms, by roomId."""
        return self._list(item_keys.public_room_key(""), cursor=cursor, limit=limit)

    def update(self, room_id: str, *, name: str | None, publish: bool, by: Membership) -> Room:
        """Rename a room, or make it public, while *by* stands so."""
        changes = {"#name": ("name", name), "#visibility": ("visibility", publish and "public")}
        given = {alias: pair for alias, pair in changes.items() if pair[1]}
        if given:
            self._write(
                by,
                {
                    "Update": {
                        **self._room(room_id),
                        "UpdateExpression": "SET "
                        + ", ".join(f"{alias} = :{alias[1:]}" for alias in given),
                        "ExpressionAttributeNames": {a: name for a, (name, _) in given.items()},
                        "ExpressionAttributeValues": pack(
                            {f":{alias[1:]}": value for alias, (_, value) in given.items()}
                        ),
                    }
                },
                *([self._put(item_keys.public_room_key(room_id))] if publish else []),
            )
        found = self._rooms([room_id]).get(room_id)
        if found is None:
            raise RoomNotFound()
        return found

    def invite(
        self, room_id: str, secret: str, *, expires_at: datetime, uses: int, by: Membership
    ) -> None:
        """Let *secret* open a room until then, that many times, while *by* stands so."""
        kept_until = items.epoch_seconds(expires_at)
        item = {**item_keys.invite_key(room_id, secret), "uses": uses, "expiresAt": kept_until}
        self._write(by, self._admission.present(room_id), self._put(item))

    def close(self, room_id: str, *, by: Membership) -> None:
        """End a room for ever, while *by* stands so; once more is no error."""
        room = self._rooms([room_id]).get(room_id)
        if room is None:
            return
        ended = {
            **self._room(room_id),
            "UpdateExpression": "SET deletedAt = :now",
            "ExpressionAttributeValues": pack({":now": items.epoch_seconds(self._clock.now())}),
        }
        fewer = {
            "TableName": self._table,
            "Key": pack(item_keys.user_key(room.created_by)),
            "UpdateExpression": "ADD created :one",
            "ExpressionAttributeValues": pack({":one": -1}),
        }
        unlisted = {"TableName": self._table, "Key": pack(item_keys.public_room_key(room_id))}
        with suppress(RoomNotFound):  # somebody else has just ended it
            self._write(by, {"Update": ended}, {"Update": fewer}, {"Delete": unlisted})

    def purge(self, room_id: str, *, last: str) -> bool:
        """Delete a part of what a closed room has left, the standing of user *last* at the end."""
        kept = [item_keys.room_key(room_id), item_keys.membership_key(room_id, last)]
        found = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="pk = :room",
            ProjectionExpression="pk, sk",
            ExpressionAttributeValues={":room": kept[0]["pk"]},
        )
        keys = chain.from_iterable(_with_pointer(key) for key in found if key not in kept)
        left = list(islice(keys, MOST_PURGED + 1))
        for start in range(0, min(len(left), MOST_PURGED), BATCH):
            self._delete(left[start : min(start + BATCH, MOST_PURGED)])
        if len(left) > MOST_PURGED:
            return False
        self._delete([kept[1], item_keys.own_room_key(last, room_id)])
        return True

    def _list(self, prefix: Item, *, cursor: str | None, limit: int) -> Listing[ListedRoom]:
        """A page of pointers to rooms, and the rooms they point to, if there still are."""
        found = query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
            ExpressionAttributeValues={
                ":pk": prefix["pk"],
                ":low": f"{prefix['sk']}{cursor}\x00" if cursor else prefix["sk"],
                ":high": f"{prefix['sk']}~",
            },
            Limit=limit + 1,
        )
        now = self._clock.now()
        pointers = list(islice((p for p in found if items.is_live(p, now)), limit + 1))
        page = {p["sk"].removeprefix(prefix["sk"]): p.get("role") for p in pointers[:limit]}
        rooms = self._rooms(page)
        entries = (ListedRoom(room=rooms[id_], role=page[id_]) for id_ in page if id_ in rooms)
        return Listing(tuple(entries), cursor=[*page][-1] if len(pointers) > limit else None)

    def _rooms(self, room_ids: Iterable[str]) -> Mapping[str, Room]:
        """Those of up to 100 rooms that there are, as they are now."""
        keys = [pack(item_keys.room_key(room_id)) for room_id in room_ids]
        rooms: dict[str, Room] = {}
        while keys:
            request = {self._table: {"Keys": keys, "ConsistentRead": True}}
            answer: Any = self._client.batch_get_item(RequestItems=request)  # type: ignore[arg-type]  # built here
            for item in map(unpack, answer["Responses"].get(self._table, ())):
                if "deletedAt" not in item:
                    room = items.to_room(item)
                    rooms[room.room_id] = room
            keys = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
        return rooms

    def _room(self, room_id: str) -> Item:
        """The room's key, on condition that there is the room."""
        key = pack(item_keys.room_key(room_id))
        return {"TableName": self._table, "Key": key, "ConditionExpression": EXISTS}

    def _put(self, item: Item) -> Item:
        return {"Put": {"TableName": self._table, "Item": pack(item)}}

    def _write(self, by: Membership, on_room: Any, *more: Any) -> None:
        """Write on a room that is there, while *by* stands so."""
        failed = transact(self._client, [on_room, self._admission.unchanged(by), *more])
        if 0 in failed:
            raise RoomNotFound()
        if failed:
            raise Raced()

    def _delete(self, keys: Iterable[Item]) -> None:
        left: Any = [{"DeleteRequest": {"Key": pack(key)}} for key in keys]
        while left:
            request = {self._table: left}
            answer: Any = retried(lambda r=request: self._client.batch_write_item(RequestItems=r))  # type: ignore[misc]  # mypy cannot tell what r is
            left = answer.get("UnprocessedItems", {}).get(self._table, [])


def _with_pointer(key: Item) -> Iterable[Item]:
    """What a room has left, and where a member's list points to it: nobody can leave it now."""
    yield key
    if user_id := item_keys.member_of(key):
        yield item_keys.own_room_key(user_id, key["pk"].removeprefix("ROOM#"))
