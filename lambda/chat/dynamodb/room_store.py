"""DynamoDB behind the Rooms port: who is connected, who is in which room."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from chat.domain.connection import Connection, Subscriber
from chat.domain.membership import Membership
from chat.domain.pages import Page
from chat.dynamodb import item_keys, items
from chat.dynamodb.conditions import Admission
from chat.dynamodb.deletions import Deletions
from chat.dynamodb.joins import Entrance, no_invite, unknown_connection
from chat.dynamodb.messages import RoomLog
from chat.dynamodb.occupancy import Occupancy
from chat.dynamodb.subscribers import Audiences
from chat.dynamodb.table import Item, pack, retried, transact, unpack
from chat.dynamodb.user_connections import UserConnections
from chat.errors import ChatError, Forbidden, RoomNotFound
from chat.ports import Clock
from chat.protocol import Member, Message, Room, SendMessage, Visibility

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoRooms:
    """The two tables, under the invariants of docs/architecture.md."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        connections_table: str,
        rooms_table: str,
        clock: Clock,
        holders: UserConnections,
        rooms_per_connection: int,
        rooms_per_user: int = 1_000,
        retention: timedelta | None,
    ) -> None:
        self._client = client
        self._connections = connections_table
        self._rooms = rooms_table
        self._clock = clock
        self._holders = holders
        self._entrance = Entrance(
            client,
            connections_table=connections_table,
            admission=Admission(rooms_table, most_rooms=rooms_per_user),
            clock=clock,
            rooms_per_connection=rooms_per_connection,
        )
        self._audiences = Audiences(client, table=connections_table, holders=holders, clock=clock)
        self._population = Occupancy(client, table=connections_table, clock=clock)
        self._deletions = Deletions(client, table=rooms_table, clock=clock)
        self._log = RoomLog(client, table=rooms_table, clock=clock, retention=retention)

    def connect(self, connection: Connection) -> None:
        """Remember a new connection, among those of its user."""
        self._holders.add(connection)

    def connection(self, connection_id: str) -> Connection:
        """Whose connection this is; raises `Unauthorized` when it is not, or no longer, known."""
        item = self._get(self._connections, item_keys.connection_key(connection_id))
        if item is None or not items.is_live(item, self._clock.now()):
            raise unknown_connection()
        return items.to_connection(item)

    def disconnect(self, connection_id: str) -> Connection | None:
        """Forget a connection and take it out of its rooms; None when it was forgotten before."""
        key = item_keys.connection_key(connection_id)
        known = self._get(self._connections, key)
        if known is None:
            return None
        # Before the rest: what fails after this is found again by the connection's item.
        self._holders.remove(items.to_connection(known))
        # A retried delete finds nothing to return, so what was read before has to do.
        connection = items.to_connection(self._delete(key) or known)
        for room_id in sorted(connection.rooms):
            self._audiences.evict(room_id, connection_id)
        return connection

    def evict(self, room_id: str, connection_id: str) -> Subscriber | None:
        """Take a connection out of one room's audience; None when it was not there."""
        return self._audiences.evict(room_id, connection_id)

    def room(self, room_id: str) -> Room:
        """The room as it is now; raises `RoomNotFound`."""
        item = self._get(self._rooms, item_keys.room_key(room_id))
        if item is None or "deletedAt" in item:
            raise RoomNotFound()
        return items.to_room(item)

    def create(
        self, room_id: str, name: str, *, creator: Connection, visibility: Visibility = "public"
    ) -> Room:
        """Open a room, its creator in it and its owner."""
        return self._entrance.create(room_id, name, creator=creator, visibility=visibility)

    def join(
        self,
        room_id: str,
        *,
        connection: Connection,
        membership: Membership,
        invite: str | None = None,
    ) -> None:
        """Put a connection in a room, as its user stands there and as long as that holds."""
        if membership.banned:
            raise self._banned(room_id, invite)
        self._entrance.join(room_id, connection=connection, membership=membership, invite=invite)

    def expel(self, room_id: str, user_id: str) -> Sequence[str]:
        """Take every connection of a user out of a room; their ids."""
        return self._audiences.expel(room_id, user_id)

    def clear(self, room_id: str, connection_ids: Iterable[str]) -> None:
        """Take connections out of a room."""
        self._audiences.clear(room_id, connection_ids)

    def name(self, room_id: str, user_id: str) -> str | None:
        """What a user is called in a room; None for who is not there."""
        return self._audiences.name(room_id, user_id)

    def mark(self, membership: Membership) -> Sequence[str]:
        """Tell the user's connections in the room how their user stands there now; their ids."""
        return self._audiences.mark(membership)

    def leave(self, room_id: str, *, connection: Connection) -> None:
        """Take a connection out of a room it is in."""
        key = pack(item_keys.attendee_key(room_id, connection.connection_id))
        delete = {"TableName": self._connections, "Key": key}
        update = {
            "TableName": self._connections,
            "Key": pack(item_keys.connection_key(connection.connection_id)),
            "UpdateExpression": "DELETE rooms :room",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":room": {"SS": [room_id]}},
        }
        if transact(self._client, [{"Delete": delete}, {"Update": update}]):
            raise unknown_connection()

    def append(self, said: SendMessage, *, sender: Member) -> Message:
        """Write to the log, once for each user and clientMessageId; raises `RoomNotFound`."""
        return self._log.append(said, sender=sender)

    def confirm(self, message: Message) -> None:
        """Delete a message that came after its room had ended; raises `RoomNotFound` then."""
        try:
            self.room(message.room_id)
        except RoomNotFound:
            self._log.withdraw(message)
            raise

    def sent(self, said: SendMessage, *, sender: Member) -> Message | None:
        """What the log has of a message that this user has sent before under the same id."""
        return self._log.sent(said, sender=sender)

    def audience(self, room_id: str) -> Sequence[Subscriber]:
        """Every live connection in the room, strongly consistent, in the order they joined."""
        return self._audiences.all(room_id)

    def sample(self, room_id: str, *, limit: int) -> Sequence[Subscriber]:
        """At most *limit* of the audience: all of it, in its order, where it is not larger."""
        return self._audiences.sample(room_id, limit=limit)

    def population(self, room_id: str) -> int:
        """How many users are in the room, as of a second ago at the latest."""
        return self._population.of(room_id, count=lambda: self._audiences.count(room_id))

    def before(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The last *limit* messages below *seq*."""
        return self._log.before(room_id, seq, limit=limit)

    def after(self, room_id: str, seq: int, *, limit: int) -> Page:
        """The first *limit* messages above *seq*."""
        return self._log.after(room_id, seq, limit=limit)

    def keeps(self, room: Room, seq: int) -> bool:
        """Whether every message above *seq* is still in the log."""
        return self._log.keeps(room.room_id, seq)

    def message(self, room_id: str, seq: int) -> Message:
        """The message of that seq; raises `BadRequest` where there is none."""
        return self._log.message(room_id, seq)

    def take_back(self, message: Message, *, by: Membership) -> Message:
        """Delete a message's text and leave its place, once; what is left of it."""
        return self._deletions.take_back(message, by=by)

    def deleted(self, room_id: str, seq: int) -> Sequence[int] | None:
        """The seqs up to *seq* of what was deleted; None where not all of it can be told."""
        return self._deletions.since(room_id, seq)

    def _banned(self, room_id: str, invite: str | None) -> ChatError:
        """Who is banned from a private room, or one that has ended, hears what strangers hear."""
        with suppress(RoomNotFound):
            if self.room(room_id).visibility == "public":
                return Forbidden("you are banned from this room")
        return no_invite() if invite else RoomNotFound()

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
