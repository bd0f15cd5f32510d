"""How a connection comes into a room in DynamoDB: it opens it, or is let in."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat.domain.clock import wire
from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.dynamodb import item_keys, items
from chat.dynamodb.conditions import Admission, newcomer
from chat.dynamodb.table import pack, transact, unpack
from chat.errors import Forbidden, Raced, RoomExists, RoomNotFound, Unauthorized
from chat.ports import Clock
from chat.protocol import Room, Visibility

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_MAY_JOIN = "attribute_exists(pk) AND (attribute_not_exists(rooms) OR size(rooms) < :most)"


class Entrance:
    """Invariant 1: the room, the connection and the audience agree, or nothing is written."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        connections_table: str,
        admission: Admission,
        clock: Clock,
        rooms_per_connection: int,
    ) -> None:
        self._client = client
        self._connections = connections_table
        self._admission = admission
        self._clock = clock
        self._most_rooms = rooms_per_connection

    def create(
        self, room_id: str, name: str, *, creator: Connection, visibility: Visibility
    ) -> Room:
        """Open a room, its creator in it and its owner."""
        now, user, admission = self._clock.now(), creator.member, self._admission
        room = Room(
            room_id=room_id,
            name=name,
            created_by=user.user_id,
            created_at=wire(now),
            last_seq=0,
            epoch=secrets.token_hex(8),
            visibility=visibility,
        )
        nobody = Membership(room_id, user.user_id, name=user.name)
        owner = replace(nobody, role="owner")
        writes = [
            admission.opening(room),
            admission.counting(user.user_id),
            admission.granting(nobody, owner),
            admission.remembering(owner, now=now),
            *([admission.listing(room_id)] if visibility == "public" else []),
        ]
        self._enter(creator, owner, writes, {0: _room_taken(), 1: self._too_many_created()})
        return room

    def join(
        self, room_id: str, *, connection: Connection, membership: Membership, invite: str | None
    ) -> None:
        """Let a connection in; whoever has no role and no good invite comes in where all may."""
        if not invite or membership.role:
            self._join(room_id, connection, membership)
            return
        try:
            self._accept(room_id, connection, membership, invite)
        except RoomNotFound:
            try:
                self._join(room_id, connection, membership)
            except RoomNotFound:
                raise no_invite() from None

    def _join(self, room_id: str, connection: Connection, membership: Membership) -> None:
        admission = self._admission
        entering = replace(membership, name=connection.member.name)
        renamed = membership.version and entering != membership
        writes = [
            admission.present(room_id, only=None if membership.role else "public"),
            admission.granting(membership, entering)
            if renamed
            else admission.unchanged(membership),
            admission.remembering(entering, now=self._clock.now()),
        ]
        self._enter(connection, entering, writes, {1: Raced(), 0: RoomNotFound()})

    def _accept(
        self, room_id: str, connection: Connection, membership: Membership, invite: str
    ) -> None:
        now, admission = self._clock.now(), self._admission
        member = newcomer(membership, name=connection.member.name)
        writes = [
            admission.present(room_id, only="private"),
            admission.granting(membership, member),
            admission.using(room_id, invite, now=now),
            admission.remembering(member, now=now),
        ]
        self._enter(connection, member, writes, {1: Raced(), 0: RoomNotFound(), 2: RoomNotFound()})

    def _enter(
        self,
        connection: Connection,
        membership: Membership,
        gates: Sequence[Any],
        refusals: Mapping[int, Exception],
    ) -> None:
        """Write it all, or raise the first of the refusals whose write failed."""
        room_id, now = membership.room_id, self._clock.now()
        attendee = items.attendee_item(room_id, connection, membership, joined_at=now)
        put = {"TableName": self._connections, "Item": pack(attendee)}
        update = self._being_in(membership, connection)

        failed = transact(self._client, [*gates, {"Put": put}, {"Update": update}])
        for index, refusal in refusals.items():
            if index in failed:
                raise refusal
        if failed:
            self._enter(self._renewed(connection), membership, gates, refusals)

    def _being_in(self, membership: Membership, connection: Connection) -> dict[str, Any]:
        """The room among those of the connection, and whether it may speak there."""
        end = connection.token_expires_at
        as_known = "rightsEnd = :end" if end else "attribute_not_exists(rightsEnd)"
        values: dict[str, Any] = {
            **({":end": {"S": wire(end)}} if end else {}),
            ":room": {"SS": [membership.room_id]},
            ":most": {"N": str(self._most_rooms)},
        }
        mute = "REMOVE #muted"
        if membership.muted_until:
            mute = "SET #muted = :muted"
            values[":muted"] = {"S": wire(membership.muted_until)}
        return {
            "TableName": self._connections,
            "Key": pack(item_keys.connection_key(connection.connection_id)),
            "UpdateExpression": f"ADD rooms :room {mute}",
            "ConditionExpression": f"{_MAY_JOIN} AND {as_known}",
            "ExpressionAttributeNames": {"#muted": item_keys.mute_attribute(membership.room_id)},
            "ExpressionAttributeValues": values,
        }

    def _renewed(self, connection: Connection) -> Connection:
        """The connection with another end, if that is why it may not enter; raises why else."""
        key = item_keys.connection_key(connection.connection_id)
        found = self._client.get_item(
            TableName=self._connections, Key=pack(key), ConsistentRead=True
        ).get("Item")
        if found is None or not items.is_live(unpack(found), self._clock.now()):
            raise unknown_connection()
        now = items.to_connection(unpack(found))
        if now.token_expires_at != connection.token_expires_at:
            return now
        raise Forbidden(f"a connection may be in {self._most_rooms} rooms: leave one first")

    def _too_many_created(self) -> Forbidden:
        most = self._admission.most_rooms
        return Forbidden(f"a user may have created {most} rooms: delete one first")


def unknown_connection() -> Unauthorized:
    """It has ended."""
    return Unauthorized("this connection is not known any more: reconnect")


def no_invite() -> RoomNotFound:
    """What every invite hears that does not open the room."""
    return RoomNotFound("$.invite: there is no such room, or the invite does not count any more")


def _room_taken() -> RoomExists:
    return RoomExists("$.roomId: there is a room of that id: join it, or choose another")
