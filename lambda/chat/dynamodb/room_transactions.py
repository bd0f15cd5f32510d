"""Creating, joining and leaving rooms in DynamoDB: transactions over both tables."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from chat.domain.clock import Clock, wire
from chat.domain.connection import Connection
from chat.domain.invites import invite_id_of_secret
from chat.domain.membership import Membership, places
from chat.dynamodb import item_keys, items, room_writes
from chat.dynamodb.expressions import EXISTS, Changes, Condition
from chat.dynamodb.rooms import find_room
from chat.dynamodb.subscribers import unsubscribe
from chat.dynamodb.table import ConditionFailedError, Table, Transaction
from chat.errors import (
    ChatError,
    Forbidden,
    RoomNotFound,
    invite_not_valid,
    unknown_connection,
)
from chat.protocol import Invite, Room, Visibility

CREATIONS = 2
"""Rooms that a user may create a day, as a multiple of those that the user may have."""

AddWrites = Callable[[Transaction], None]
"""Adds the writes to a transaction that are about the room and the user's membership."""


class DynamoRoomTransactions:
    """Invariant 1: the room, the connection and its subscription agree, or nothing is written."""

    def __init__(
        self,
        connections: Table,
        rooms: Table,
        *,
        clock: Clock,
        rooms_per_connection: int,
        rooms_per_user: int,
        memberships_per_room: int,
    ) -> None:
        self._connections = connections
        self._rooms = rooms
        self._clock = clock
        self._rooms_per_connection = rooms_per_connection
        self._rooms_per_user = rooms_per_user
        self._memberships_per_room = memberships_per_room

    def create_room(
        self, room_id: str, name: str, *, creator: Connection, visibility: Visibility = "public"
    ) -> Room:
        """Create a room, with its creator as owner and first subscriber."""
        now, user = self._clock.now(), creator.member
        room = Room(
            room_id=room_id,
            name=name,
            created_by=user.user_id,
            created_at=wire(now),
            last_seq=0,
            epoch=secrets.token_hex(8),
            visibility=visibility,
        )
        before = Membership(room_id, user.user_id, name=user.name)
        owner = replace(before, role="owner")

        def add_writes(tx: Transaction) -> None:
            room_writes.create_room(tx, self._rooms, room, now=now)
            self._count_creation(tx, user.user_id)
            room_writes.set_membership(tx, self._rooms, before, owner)
            room_writes.add_own_room(tx, self._rooms, owner, now=now)
            if visibility == "public":
                room_writes.add_public(tx, self._rooms, room_id)

        self._subscribe(creator, owner, add_writes)
        return room

    def join(
        self,
        room_id: str,
        *,
        connection: Connection,
        membership: Membership,
        invite: str | None = None,
    ) -> Invite | None:
        """Subscribe a connection to a room, as long as its user's membership has not changed.

        A user without a role joins by a valid invite, or a public room. Returns the invite that
        was used. Raises RoomNotFound, Conflict, Forbidden, Unauthorized.
        """
        if membership.banned:
            raise self._banned(room_id, invite)
        if not invite or membership.stored_role:
            self._join(room_id, connection, membership)
            return None
        try:
            return self._accept_invite(room_id, connection, membership, invite)
        except RoomNotFound:
            # The room is public, or the invite is not valid: try to join without it.
            try:
                self._join(room_id, connection, membership)
            except RoomNotFound:
                raise invite_not_valid() from None
            return None

    def leave(self, room_id: str, *, connection: Connection) -> None:
        """Unsubscribe a connection from a room; raise Unauthorized if it has ended."""
        tx = Transaction(self._connections.client)
        unsubscribe(tx, self._connections, room_id, connection.connection_id)
        try:
            tx.commit()
        except ConditionFailedError:
            raise unknown_connection() from None

    def _join(self, room_id: str, connection: Connection, membership: Membership) -> None:
        joined = replace(membership, name=_name_in_room(connection, membership))

        def add_writes(tx: Transaction) -> None:
            if membership.version and joined != membership:  # the user has a new name
                room_writes.set_membership(tx, self._rooms, membership, joined)
            else:
                room_writes.require_unchanged(tx, self._rooms, membership)
            visibility: Visibility | None = None if membership.role else "public"
            room_writes.require_room(tx, self._rooms, room_id, visibility=visibility)
            room_writes.add_own_room(tx, self._rooms, joined, now=self._clock.now())

        self._subscribe(connection, joined, add_writes)

    def _accept_invite(
        self, room_id: str, connection: Connection, membership: Membership, secret: str
    ) -> Invite:
        """Join as a member, if the creator of the invite may still invite; return the invite."""
        now = self._clock.now()
        invite = self._find_invite(room_id, secret)
        if invite.created_by == membership.user_id:  # the user has no role, so may not invite
            raise RoomNotFound
        member = replace(membership, role="member", name=_name_in_room(connection, membership))

        def add_writes(tx: Transaction) -> None:
            room_writes.set_membership(tx, self._rooms, membership, member)
            room_writes.use_invite(tx, self._rooms, room_id, invite, now=now)
            room_writes.count_membership(
                tx,
                self._rooms,
                membership,
                member,
                limit=places(self._memberships_per_room, for_owner=False),
                visibility="private",
            )
            room_writes.add_own_room(tx, self._rooms, member, now=now)

        self._subscribe(connection, member, add_writes)
        return invite

    def _count_creation(self, tx: Transaction, user_id: str) -> None:
        """Count a room among those that a user has, and among those of today."""
        limit = self._rooms_per_user
        room_writes.increment_created(tx, self._rooms, user_id, limit=limit)
        room_writes.count_creation(
            tx, self._rooms, user_id, limit=CREATIONS * limit, now=self._clock.now()
        )

    def _find_invite(self, room_id: str, secret: str) -> Invite:
        """Return the open invite of a secret; raise RoomNotFound."""
        item = self._rooms.get(item_keys.invite_key(room_id, invite_id_of_secret(secret)))
        invite = items.to_invite(item, now=self._clock.now()) if item else None
        if invite is None:
            raise RoomNotFound
        return invite

    def _subscribe(
        self, connection: Connection, membership: Membership, add_writes: AddWrites
    ) -> None:
        """Do the writes, write the subscription, and add the room to the connection."""
        tx = Transaction(self._connections.client)
        add_writes(tx)
        now = self._clock.now()
        subscriber = items.subscriber_item(
            membership.room_id, connection, membership, joined_at=now
        )
        tx.put(self._connections, subscriber)
        muted_until = wire(membership.muted_until) if membership.muted_until else None
        mute = item_keys.mute_attribute(membership.room_id)
        tx.update(
            self._connections,
            item_keys.connection_key(connection.connection_id),
            Changes(adds={"rooms": {membership.room_id}}, sets={mute: muted_until}),
            condition=self._may_join(connection),
        )
        try:
            tx.commit()
        except ConditionFailedError:
            self._subscribe(self._renewed(connection), membership, add_writes)

    def _may_join(self, connection: Connection) -> Condition:
        """Return the condition that a connection is below the limit and was not renewed."""
        below_limit = EXISTS & Condition(
            "(attribute_not_exists(rooms) OR size(rooms) < :limit)",
            {":limit": self._rooms_per_connection},
        )
        if connection.token_expires_at is None:
            return below_limit & Condition(f"attribute_not_exists({items.TOKEN_EXPIRES_AT})")
        return below_limit & Condition(
            f"{items.TOKEN_EXPIRES_AT} = :end", {":end": wire(connection.token_expires_at)}
        )

    def _renewed(self, connection: Connection) -> Connection:
        """Return the connection with its new end, if that is why it may not join.

        Else raises Unauthorized if it has ended, or Forbidden at the limit.
        """
        item = self._connections.get(item_keys.connection_key(connection.connection_id))
        if item is None or not items.is_live(item, self._clock.now()):
            raise unknown_connection()
        renewed = items.to_connection(item)
        if renewed.token_expires_at != connection.token_expires_at:
            return renewed
        limit = self._rooms_per_connection
        raise Forbidden(f"a connection may be in {limit} rooms: leave one first")

    def _banned(self, room_id: str, invite: str | None) -> ChatError:
        """Return the error for a banned user.

        For a private room, or one that was deleted, it is the same as for a stranger.
        """
        with suppress(RoomNotFound):
            if find_room(self._rooms, room_id).visibility == "public":
                return Forbidden("you are banned from this room")
        return invite_not_valid() if invite else RoomNotFound()


def _name_in_room(connection: Connection, membership: Membership) -> str:
    """Return the name under which a user joins.

    A muted user keeps the name that the room knows: a new name could be a message.
    """
    return membership.name if membership.muted_until else connection.member.name
