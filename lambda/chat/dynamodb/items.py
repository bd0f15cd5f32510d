"""Conversion between the items of both tables and the values of the chat."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zlib import crc32

from chat.domain.clock import CONNECTION_KEPT, CONNECTION_LIFE, unwire, wire
from chat.domain.connection import Connection, Subscriber, TokenId
from chat.domain.membership import ROLES, Membership
from chat.dynamodb import item_keys
from chat.dynamodb.expressions import Item
from chat.dynamodb.largest_messages import LARGEST, SMALL_MESSAGE
from chat.protocol import Invite, Member, Message, Role, Room

SENT_KEPT = timedelta(days=1)
"""Time for which a repeated clientMessageId is recognized."""

ROOM_ID_KEPT = timedelta(days=90)
"""Time for which the id of a deleted room cannot be used again, from the end of its deletion."""

CREATED_ROOMS_KEPT = timedelta(days=2)
"""Time for which the rooms that a user has created on a day are counted."""

VISIT_KEPT = timedelta(days=90)
"""Time for which a visited room stays in the list of a user without a role there."""

TOKEN_EXPIRES_AT = "rightsEnd"  # noqa: S105 - the name of an attribute
"""Attribute of a connection: the expiry of its token."""

EXPIRY_INDEX = "Ending"
"""Name of the index of connections by the end of their tokens."""

EXPIRY_PARTS = 8
"""Partitions of the index. Each takes 1,000 writes a second, and a connection makes two."""


def is_live(item: Item, now: datetime) -> bool:
    """Return whether an item still counts. DynamoDB may delete it a day after its time."""
    if TOKEN_EXPIRES_AT in item and unwire(item[TOKEN_EXPIRES_AT]) <= now:
        return False
    return "expiresAt" not in item or int(item["expiresAt"]) > now.timestamp()


def epoch_seconds(moment: datetime) -> int:
    """Return a moment as the TTL attribute needs it."""
    return int(moment.timestamp())


def connection_item(connection: Connection) -> Item:
    """Return the item of a connection that has joined no room yet."""
    return {
        **item_keys.connection_key(connection.connection_id),
        "userId": connection.member.user_id,
        "name": connection.member.name,
        "connectedAt": wire(connection.connected_at),
        **expiry_attributes(connection),
        "tokens": token_marks(connection.tokens) or None,
        # Not the end of its token: the function that closes it then needs the item and its rooms.
        "expiresAt": epoch_seconds(connection.connected_at + CONNECTION_KEPT),
    }


def expiry_attributes(connection: Connection) -> Item:
    """Return when a connection's token ends.

    A token that ends before the connection's two hours also gets a place in the index.
    """
    end = connection.token_expires_at
    is_cut_short = end is not None and end < connection.connected_at + CONNECTION_LIFE
    return {
        TOKEN_EXPIRES_AT: wire(end) if end else None,
        "endsIn": expiry_part(connection.connection_id) if is_cut_short else None,
        "endsAt": epoch_seconds(end) if end and is_cut_short else None,
    }


def expiry_part(connection_id: str) -> str:
    """Return the partition of the index for a connection. It spreads the writes."""
    return str(crc32(connection_id.encode()) % EXPIRY_PARTS)


def token_marks(tokens: Iterable[TokenId]) -> set[str]:
    """Return tokens as a connection's item holds them: the end of each, and its digest."""
    return {f"{epoch_seconds(token.expires_at)}#{token.digest}" for token in tokens}


def _to_token(mark: str) -> TokenId:
    end, _, digest = mark.partition("#")
    return TokenId(digest, datetime.fromtimestamp(int(end), UTC))


def open_connection_mark(connection: Connection) -> str:
    """Return a connection as its user's item lists it: its latest possible end, and its id."""
    end = epoch_seconds(connection.connected_at + CONNECTION_KEPT)
    return f"{end}#{connection.connection_id}"


def to_connection(item: Item) -> Connection:
    """Return the connection that an item holds."""
    return Connection(
        connection_id=item_keys.connection_id_of(item),
        member=Member(user_id=item["userId"], name=item["name"]),
        connected_at=unwire(item["connectedAt"]),
        rooms=frozenset(item.get("rooms", ())),
        token_expires_at=unwire(item[TOKEN_EXPIRES_AT]) if TOKEN_EXPIRES_AT in item else None,
        tokens=frozenset(map(_to_token, item.get("tokens", ()))),
        muted={
            name.removeprefix(item_keys.MUTED_PREFIX): unwire(until)
            for name, until in item.items()
            if name.startswith(item_keys.MUTED_PREFIX)
        },
    )


def subscriber_item(
    room_id: str, connection: Connection, membership: Membership, *, joined_at: datetime
) -> Item:
    """Return the item of a connection that subscribes to a room. It ends with the connection."""
    return {
        **membership_attributes(membership),
        **item_keys.subscriber_key(room_id, connection.connection_id),
        "userId": connection.member.user_id,
        "name": membership.name,
        "joinedAt": wire(joined_at),
        "expiresAt": epoch_seconds(connection.record_expires_at),
    }


def membership_attributes(membership: Membership) -> Item:
    """Return what a subscriber's item repeats of the user's membership, for lists of members."""
    member = membership.member
    return {"role": member.role, "mutedUntil": member.muted_until}


def to_subscriber(item: Item) -> Subscriber:
    """Return the subscriber that an item holds."""
    return Subscriber(
        connection_id=item_keys.subscriber_id_of(item),
        member=Member(
            user_id=item["userId"],
            name=item["name"],
            role=None if (role := known_role(item)) == "member" else role,
            muted_until=item.get("mutedUntil"),
        ),
        joined_at=item["joinedAt"],
    )


def known_role(item: Item) -> Role | None:
    """Return the role that an item holds; None for a role of a later version."""
    return ROLES.get(str(item.get("role")))


def room_item(room: Room) -> Item:
    """Return the item of a new room."""
    return {
        **item_keys.room_key(room.room_id),
        "name": room.name,
        "createdBy": room.created_by,
        "createdAt": room.created_at,
        "lastSeq": room.last_seq,
        "epoch": room.epoch,
        "visibility": room.visibility,
        "owners": 1,
        "memberships": 1,
        LARGEST: SMALL_MESSAGE,
    }


def to_room(item: Item) -> Room:
    """Return the room that an item holds."""
    return Room(
        room_id=item_keys.room_id_of(item),
        name=item["name"],
        created_by=item["createdBy"],
        created_at=item["createdAt"],
        last_seq=int(item["lastSeq"]),
        epoch=item["epoch"],
        # Of equal strings, msgspec leaves out of a frame only the one that is the default itself.
        # A visibility of a later version must not open the room.
        visibility="public" if item["visibility"] == "public" else "private",
    )


def membership_item(membership: Membership, *, version: str) -> Item:
    """Return the item of a membership."""
    return {
        **item_keys.membership_key(membership.room_id, membership.user_id),
        "name": membership.name,
        "role": membership.stored_role,
        "banned": membership.banned or None,
        "mutedUntil": wire(membership.muted_until) if membership.muted_until else None,
        "version": version,
        "expiresAt": _end_of_mute(membership),
    }


def _end_of_mute(membership: Membership) -> int | None:
    """Return when a membership that is only a mute ends, as the TTL attribute needs it."""
    if membership.is_permanent or not membership.muted_until:
        return None
    return epoch_seconds(membership.muted_until)


def to_membership(item: Item, *, now: datetime) -> Membership:
    """Return the membership that an item holds, without a mute that has ended."""
    muted_until = unwire(item["mutedUntil"]) if "mutedUntil" in item else None
    role = known_role(item)
    return Membership(
        room_id=item_keys.room_id_of(item),
        user_id=item_keys.member_id_of(item) or "",
        name=item["name"],
        role=role,
        later_role="" if role else str(item.get("role", "")),
        banned=item.get("banned", False),
        muted_until=muted_until if muted_until and muted_until > now else None,
        version=item["version"],
    )


def invite_item(room_id: str, invite: Invite) -> Item:
    """Return the item of an invite."""
    return {
        **item_keys.invite_key(room_id, invite.invite_id),
        "createdBy": invite.created_by,
        "uses": invite.uses,
        "expiresAt": epoch_seconds(unwire(invite.expires_at)),
    }


def to_invite(item: Item, *, now: datetime) -> Invite | None:
    """Return the invite that an item holds; None if it is used up, expired, or incomplete.

    An invite without a creator, from before creators were stored, opens nothing. An item of
    another kind, which a later version may write under a longer key, opens nothing either.
    """
    if not {"createdBy", "uses", "expiresAt"} <= item.keys():
        return None
    if not int(item["uses"]) or not is_live(item, now):
        return None
    return Invite(
        invite_id=item_keys.invite_id_of(item),
        created_by=item["createdBy"],
        expires_at=wire(datetime.fromtimestamp(int(item["expiresAt"]), UTC)),
        uses=int(item["uses"]),
    )


def own_room_item(membership: Membership, *, now: datetime) -> Item:
    """Return a room's item in the list of a user's rooms. Without a role it expires."""
    return {
        **item_keys.own_room_key(membership.user_id, membership.room_id),
        "role": membership.stored_role,
        "expiresAt": None if membership.stored_role else epoch_seconds(now + VISIT_KEPT),
    }


def message_item(message: Message, *, expires_at: datetime | None) -> Item:
    """Return the item of a message."""
    return {
        **item_keys.message_key(message.room_id, message.seq),
        "sender": {"userId": message.sender.user_id, "name": message.sender.name},
        "text": message.text,
        "sentAt": message.sent_at,
        "clientMessageId": message.client_message_id,
        "expiresAt": epoch_seconds(expires_at) if expires_at else None,
    }


def to_message(item: Item) -> Message:
    """Return the message that an item holds."""
    return Message(
        room_id=item_keys.room_id_of(item),
        seq=item_keys.seq_of(item),
        sender=Member(user_id=item["sender"]["userId"], name=item["sender"]["name"]),
        text=item["text"],
        sent_at=item["sentAt"],
        client_message_id=item.get("clientMessageId"),
        deleted_at=item.get("deletedAt"),
        deleted_by=item.get("deletedBy"),
    )
