"""The audiences of rooms in DynamoDB: which connections are in which, and as whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from chat.domain.clock import wire
from chat.domain.connection import Subscriber
from chat.domain.membership import Membership
from chat.dynamodb import item_keys, items
from chat.dynamodb.table import Item, pack, query, retried, transact, unpack
from chat.dynamodb.user_connections import UserConnections
from chat.ports import Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Audiences:
    """The places of connections in rooms, in the table of connections."""

    def __init__(
        self, client: "DynamoDBClient", *, table: str, holders: UserConnections, clock: Clock
    ) -> None:
        self._client = client
        self._table = table
        self._holders = holders
        self._clock = clock

    def all(self, room_id: str) -> Sequence[Subscriber]:
        """Every live connection in the room, strongly consistent, in the order they joined."""
        return _by_arrival(self._attendees(room_id))

    def sample(self, room_id: str, *, limit: int) -> Sequence[Subscriber]:
        """At most *limit* of the audience: all of it, in its order, where it is not larger."""
        return _by_arrival(islice(self._attendees(room_id, Limit=limit), limit))

    def count(self, room_id: str) -> int:
        """How many users are in the room."""
        return len({attendee.member.user_id for attendee in self._attendees(room_id)})

    def evict(self, room_id: str, connection_id: str) -> Subscriber | None:
        """Take a connection out of one room's audience; None when it was not there."""
        deleted = retried(
            lambda: self._client.delete_item(
                TableName=self._table,
                Key=pack(item_keys.attendee_key(room_id, connection_id)),
                ReturnValues="ALL_OLD",
            )
        )
        old = deleted.get("Attributes")
        return items.to_attendee(unpack(old)) if old else None

    def expel(self, room_id: str, user_id: str) -> Sequence[str]:
        """Take every connection of a user out of a room; their ids."""
        ids = sorted(self._names(room_id, user_id))
        self.clear(room_id, ids)
        return ids

    def clear(self, room_id: str, connection_ids: Iterable[str]) -> None:
        """Take connections out of a room, each at once."""
        for id_ in connection_ids:
            place = {"TableName": self._table, "Key": pack(item_keys.attendee_key(room_id, id_))}
            update = {
                "TableName": self._table,
                "Key": pack(item_keys.connection_key(id_)),
                "UpdateExpression": "DELETE rooms :room",
                "ConditionExpression": "attribute_exists(pk)",
                "ExpressionAttributeValues": {":room": {"SS": [room_id]}},
            }
            if transact(self._client, [{"Delete": place}, {"Update": update}]):
                self.evict(room_id, id_)  # the connection has ended meanwhile

    def name(self, room_id: str, user_id: str) -> str | None:
        """What a user is called in a room; None for who is not there."""
        return next(iter(self._names(room_id, user_id).values()), None)

    def mark(self, membership: Membership) -> Sequence[str]:
        """Tell the user's connections in the room how their user stands there now; their ids."""
        until = wire(membership.muted_until) if membership.muted_until else None
        ids = sorted(self._names(membership.room_id, membership.user_id))
        for id_ in ids:
            place = item_keys.attendee_key(membership.room_id, id_)
            self._set(place, items.standing_marks(membership))
            muted = {item_keys.mute_attribute(membership.room_id): until}
            self._set(item_keys.connection_key(id_), muted)
        return ids

    def _set(self, key: Item, attributes: Item) -> None:
        """Set attributes of an item that is there; None removes one."""
        names = {f"#{i}": name for i, name in enumerate(attributes)}
        given = {f":{i}": value for i, value in enumerate(attributes.values()) if value is not None}
        sets = ", ".join(f"#{i} = :{i}" for i, v in enumerate(attributes.values()) if v is not None)
        removes = ", ".join(f"#{i}" for i, v in enumerate(attributes.values()) if v is None)
        request: Item = {
            "TableName": self._table,
            "Key": pack(key),
            "UpdateExpression": f"{sets and f'SET {sets}'} {removes and f'REMOVE {removes}'}",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": names,
        }
        if given:
            request["ExpressionAttributeValues"] = pack(given)
        try:
            retried(lambda: self._client.update_item(**request))
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # it has gone meanwhile, and there is nobody to be told

    def _names(self, room_id: str, user_id: str) -> Mapping[str, str]:
        """Every connection of a user in a room, by either table item, and its user's name.

        A renewal writes the connection first and its places then. In between, or where it broke
        off, a place is over whose connection is not.
        """
        places = map(items.to_attendee, self._places(room_id))
        names = {a.connection_id: a.member.name for a in places if a.member.user_id == user_id}
        inside = self._holders.inside(room_id, user_id)
        return names | {c.connection_id: c.member.name for c in inside}

    def _attendees(self, room_id: str, **options: Any) -> Iterator[Subscriber]:
        now = self._clock.now()
        places = self._places(room_id, **options)
        return (items.to_attendee(item) for item in places if items.is_live(item, now))

    def _places(self, room_id: str, **options: Any) -> Iterator[Item]:
        return query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="pk = :room",
            ExpressionAttributeValues={":room": item_keys.room_key(room_id)["pk"]},
            **options,
        )


def _by_arrival(attendees: Iterable[Subscriber]) -> Sequence[Subscriber]:
    return sorted(attendees, key=lambda a: (a.joined_at, a.connection_id))
