"""DynamoDB behind the Rooms port: who is connected, who is in which room."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from chat import items
from chat.dynamo import Item, pack, query, retried, transact, unpack
from chat.errors import Forbidden, RoomExists, RoomNotFound, Unauthorized
from chat.log import RoomLog
from chat.population import Population
from chat.ports import Attendee, Clock, Connection, Page
from chat.protocol import Member, Message, Room, SendMessage
from chat.times import wire

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_MAY_JOIN = "attribute_exists(pk) AND (attribute_not_exists(rooms) OR size(rooms) < :most)"


class DynamoRooms:
    """The two tables, under the invariants of docs/architecture.md."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        connections_table: str,
        rooms_table: str,
        clock: Clock,
        rooms_per_connection: int,
        retention: timedelta | None,
    ) -> None:
        self._client = client
        self._connections = connections_table
        self._rooms = rooms_table
        self._clock = clock
        self._most_rooms = rooms_per_connection
        self._population = Population(client, table=connections_table, clock=clock)
        self._log = RoomLog(client, table=rooms_table, clock=clock, retention=retention)

    def connect(self, connection: Connection) -> None:
        """Remember a new connection."""
        item = pack(items.connection_item(connection))
        self._client.put_item(TableName=self._connections, Item=item)

    def connection(self, connection_id: str) -> Connection:
        """Whose connection this is; raises `Unauthorized` when it is not, or no longer, known."""
        item = self._get(self._connections, items.connection_key(connection_id))
        if item is None or not items.is_live(item, self._clock.now()):
            raise _unknown_connection()
        return items.to_connection(item)

    def disconnect(self, connection_id: str) -> Connection | None:
        """Forget a connection and take it out of its rooms; None when it was forgotten before."""
        key = items.connection_key(connection_id)
        known = self._get(self._connections, key)
        if known is None:
            return None
        # A retried delete finds nothing to return, so what was read before has to do.
        connection = items.to_connection(self._delete(key) or known)
        for room_id in sorted(connection.rooms):
            self._delete(items.attendee_key(room_id, connection_id))
        return connection

    def evict(self, room_id: str, connection_id: str) -> Attendee | None:
        """Take a connection out of one room's audience; None when it was not there."""
        old = self._delete(items.attendee_key(room_id, connection_id))
        return items.to_attendee(old) if old else None

    def room(self, room_id: str) -> Room:
        """The room as it is now; raises `RoomNotFound`."""
        item = self._get(self._rooms, items.room_key(room_id))
        if item is None:
            raise _no_room()
        return items.to_room(item)

    def create(self, room_id: str, name: str, *, creator: Connection) -> Room:
        """Open a room with its creator in it; raises `RoomExists`, `Forbidden`, `Unauthorized`."""
        room = Room(
            room_id=room_id,
            name=name,
            created_by=creator.member.user_id,
            created_at=wire(self._clock.now()),
            last_seq=0,
            epoch=secrets.token_hex(8),
        )
        put = {
            "TableName": self._rooms,
            "Item": pack(items.room_item(room)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        self._enter(room_id, creator, {"Put": put}, refusal=_room_taken())
        return room

    def join(self, room_id: str, *, connection: Connection) -> None:
        """Put a connection in a room; raises `RoomNotFound`, `Forbidden`, `Unauthorized`."""
        check = {
            "TableName": self._rooms,
            "Key": pack(items.room_key(room_id)),
            "ConditionExpression": "attribute_exists(pk)",
        }
        self._enter(room_id, connection, {"ConditionCheck": check}, refusal=_no_room())

    def leave(self, room_id: str, *, connection: Connection) -> None:
        """Take a connection out of a room it is in."""
        key = pack(items.attendee_key(room_id, connection.connection_id))
        delete = {"TableName": self._connections, "Key": key}
        update = self._update_rooms(room_id, connection, "DELETE", "attribute_exists(pk)")
        if transact(self._client, [{"Delete": delete}, {"Update": update}]):
            raise _unknown_connection()

    def append(self, said: SendMessage, *, sender: Member) -> Message:
        """Write to the log, once for each user and clientMessageId; raises `RoomNotFound`."""
        return self._log.append(said, sender=sender)

    def audience(self, room_id: str) -> Sequence[Attendee]:
        """Every live connection in the room, strongly consistent, in the order they joined."""
        return _by_arrival(self._attendees(room_id))

    def sample(self, room_id: str, *, limit: int) -> Sequence[Attendee]:
        """At most *limit* of the audience: all of it, in its order, where it is not larger."""
        return _by_arrival(islice(self._attendees(room_id, Limit=limit), limit))

    def population(self, room_id: str) -> int:
        """How many users are in the room, as of a second ago at the latest."""
        return self._population.of(
            room_id, count=lambda: len({a.member.user_id for a in self._attendees(room_id)})
        )

    def before(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The last *limit* messages below *seq*."""
        return self._log.before(room_id, seq, limit=limit)

    def after(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The first *limit* messages above *seq*."""
        return self._log.after(room_id, seq, limit=limit)

    def keeps(self, room: Room, seq: int) -> bool:
        """Whether every message above *seq* is still in the log."""
        return self._log.keeps(room.room_id, seq)

    def _attendees(self, room_id: str, **options: Any) -> Iterator[Attendee]:
        now = self._clock.now()
        found = query(
            self._client,
            TableName=self._connections,
            KeyConditionExpression="pk = :room",
            ExpressionAttributeValues={":room": items.room_key(room_id)["pk"]},
            **options,
        )
        return (items.to_attendee(item) for item in found if items.is_live(item, now))

    def _enter(
        self, room_id: str, connection: Connection, gate: Mapping[str, Any], *, refusal: Exception
    ) -> None:
        """Invariant 1: the room, the connection and the audience agree, or nothing is written."""
        attendee = items.attendee_item(room_id, connection, joined_at=self._clock.now())
        update = self._update_rooms(room_id, connection, "ADD", _MAY_JOIN)
        update["ExpressionAttributeValues"][":most"] = {"N": str(self._most_rooms)}
        put = {"TableName": self._connections, "Item": pack(attendee)}

        failed = transact(self._client, [gate, {"Put": put}, {"Update": update}])
        if 0 in failed:
            raise refusal
        if failed:
            self._refuse(connection)

    def _refuse(self, connection: Connection) -> None:
        """Say why the connection may not enter; raises `Unauthorized` when it has ended."""
        self.connection(connection.connection_id)
        raise Forbidden(f"a connection may be in {self._most_rooms} rooms: leave one first")

    def _update_rooms(
        self, room_id: str, connection: Connection, verb: str, condition: str
    ) -> dict[str, Any]:
        return {
            "TableName": self._connections,
            "Key": pack(items.connection_key(connection.connection_id)),
            "UpdateExpression": f"{verb} rooms :room",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":room": {"SS": [room_id]}},
        }

    def _get(self, table: str, key: Item) -> Item | None:
        found = self._client.get_item(TableName=table, Key=pack(key), ConsistentRead=True)
        item = found.get("Item")
        return unpack(item) if item else None

    def _delete(self, key: Item) -> Item | None:
        deleted = retried(
            lambda: self._client.delete_item(
                TableName=self._connections, Key=pack(key), ReturnValues="ALL_OLD"
            )
        )
        old = deleted.get("Attributes")
        return unpack(old) if old else None


def _by_arrival(attendees: Iterable[Attendee]) -> Sequence[Attendee]:
    return sorted(attendees, key=lambda a: (a.joined_at, a.connection_id))


def _unknown_connection() -> Unauthorized:
    return Unauthorized("this connection is not known any more: reconnect")


def _no_room() -> RoomNotFound:
    return RoomNotFound("$.roomId: there is no such room")


def _room_taken() -> RoomExists:
    return RoomExists("$.roomId: there is a room of that id: join it, or choose another")
