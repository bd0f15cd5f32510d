"""The items of both tables, to and from what the chat works with."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zlib import crc32

from chat.domain.clock import CONNECTION_KEPT, CONNECTION_LIFE, unwire, wire
from chat.domain.connection import Connection, Subscriber, TokenId
from chat.domain.membership import Membership
from chat.dynamodb import item_keys
from chat.dynamodb.table import Item
from chat.protocol import Member, Message, Room

SENT_KEPT = timedelta(days=1)
"""How long a repeated clientMessageId is recognized."""

VISIT_KEPT = timedelta(days=90)
"""How long a room stays among the own ones of who has visited it and has no role there."""


ENDING = "Ending"
"""The index of connections by when their rights end."""

ENDING_PARTS = 8
"""Each takes 1,000 writes a second, and a connection is two."""


def is_live(item: Item, now: datetime) -> bool:
    """Whether an item still counts: DynamoDB may delete it a day after its time."""
    if "rightsEnd" in item and unwire(item["rightsEnd"]) <= now:
        return False
    return "expiresAt" not in item or int(item["expiresAt"]) > now.timestamp()


def epoch_seconds(moment: datetime) -> int:
    """A moment as the TTL attribute wants it."""
    return int(moment.timestamp())


def connection_item(connection: Connection) -> Item:
    """A connection that has joined no room yet."""
    return {
        **item_keys.connection_key(connection.connection_id),
        "userId": connection.member.user_id,
        "name": connection.member.name,
        "connectedAt": wire(connection.connected_at),
        **ending_marks(connection),
        "tokens": token_marks(connection.tokens) or None,
        # Not at its rights' end: whoever ends it then has to find it, and the rooms it is in.
        "expiresAt": epoch_seconds(connection.connected_at + CONNECTION_KEPT),
    }


def ending_marks(connection: Connection) -> Item:
    """When a connection's rights end; and its place in the index, where that is before its life."""
    end = connection.token_expires_at
    is_cut_short = end is not None and end < connection.connected_at + CONNECTION_LIFE
    return {
        "rightsEnd": wire(end) if end else None,
        "endsIn": ending_part(connection.connection_id) if is_cut_short else None,
        "endsAt": epoch_seconds(end) if end and is_cut_short else None,
    }


def token_marks(tokens: Iterable[TokenId]) -> set[str]:
    """Tokens as a connection's item names them: by when each ends, and its digest."""
    return {f"{epoch_seconds(token.ends_at)}#{token.id}" for token in tokens}


def _to_token(mark: str) -> TokenId:
    end, _, id_ = mark.partition("#")
    return TokenId(id_, datetime.fromtimestamp(int(end), UTC))


def ending_part(connection_id: str) -> str:
    """The part of the index that a connection is in, so that no part is written too often."""
    return str(crc32(connection_id.encode()) % ENDING_PARTS)


def holding(connection: Connection) -> str:
    """A connection as its user's item names it: by when it is over at the latest, and its id."""
    end = epoch_seconds(connection.connected_at + CONNECTION_KEPT)
    return f"{end}#{connection.connection_id}"


def to_connection(item: Item) -> Connection:
    """The connection that an item holds."""
    return Connection(
        connection_id=item["pk"].removeprefix("CONNECTION#"),
        member=Member(user_id=item["userId"], name=item["name"]),
        connected_at=unwire(item["connectedAt"]),
        rooms=frozenset(item.get("rooms", ())),
        token_expires_at=unwire(item["rightsEnd"]) if "rightsEnd" in item else None,
        tokens=frozenset(map(_to_token, item.get("tokens", ()))),
        muted={
            name.removeprefix("MUTED#"): unwire(until)
            for name, until in item.items()
            if name.startswith("MUTED#")
        },
    )


def attendee_item(
    room_id: str, connection: Connection, membership: Membership, *, joined_at: datetime
) -> Item:
    """A connection's place in a room's audience; it ends with the connection."""
    return {
        **standing_marks(membership),
        **item_keys.attendee_key(room_id, connection.connection_id),
        "userId": connection.member.user_id,
        "name": connection.member.name,
        "joinedAt": wire(joined_at),
        "expiresAt": epoch_seconds(connection.kept_until),
    }


def standing_marks(membership: Membership) -> Item:
    """What an attendee's item repeats of how the user stands in the room, for lists of people."""
    member = membership.member
    return {"role": member.role, "mutedUntil": member.muted_until}


def to_attendee(item: Item) -> Subscriber:
    """The attendee that an item holds."""
    return Subscriber(
        connection_id=item["sk"].removeprefix("CONNECTION#"),
        member=Member(
            user_id=item["userId"],
            name=item["name"],
            role=item.get("role"),
            muted_until=item.get("mutedUntil"),
        ),
        joined_at=item["joinedAt"],
    )


def room_item(room: Room) -> Item:
    """A room as it is created."""
    return {
        **item_keys.room_key(room.room_id),
        "name": room.name,
        "createdBy": room.created_by,
        "createdAt": room.created_at,
        "lastSeq": room.last_seq,
        "epoch": room.epoch,
        "visibility": room.visibility,
        "owners": 1,
    }


def to_room(item: Item) -> Room:
    """The room that an item holds."""
    return Room(
        room_id=item["pk"].removeprefix("ROOM#"),
        name=item["name"],
        created_by=item["createdBy"],
        created_at=item["createdAt"],
        last_seq=int(item["lastSeq"]),
        epoch=item["epoch"],
        # Of equal strings, msgspec leaves out of a frame only the one that is the default itself.
        visibility="private" if item["visibility"] == "private" else "public",
    )


def membership_item(membership: Membership, *, version: str) -> Item:
    """What a user is in a room."""
    return {
        **item_keys.membership_key(membership.room_id, membership.user_id),
        "name": membership.name,
        "role": membership.role,
        "banned": membership.banned or None,
        "mutedUntil": wire(membership.muted_until) if membership.muted_until else None,
        "version": version,
    }


def to_membership(item: Item, *, now: datetime) -> Membership:
    """The standing that an item holds; what has run out of it is left out."""
    muted_until = unwire(item["mutedUntil"]) if "mutedUntil" in item else None
    return Membership(
        room_id=item["pk"].removeprefix("ROOM#"),
        user_id=item["sk"].removeprefix("MEMBER#"),
        name=item["name"],
        role=item.get("role"),
        banned=item.get("banned", False),
        muted_until=muted_until if muted_until and muted_until > now else None,
        version=item["version"],
    )


def own_room_item(membership: Membership, *, now: datetime) -> Item:
    """A room in the list of a user's own: for good with a role, else for a while."""
    return {
        **item_keys.own_room_key(membership.user_id, membership.room_id),
        "role": membership.role,
        "expiresAt": None if membership.role else epoch_seconds(now + VISIT_KEPT),
    }


def message_item(message: Message, *, expires_at: datetime | None) -> Item:
    """A line of the log."""
    return {
        **item_keys.message_key(message.room_id, message.seq),
        "sender": {"userId": message.sender.user_id, "name": message.sender.name},
        "text": message.text,
        "sentAt": message.sent_at,
        "clientMessageId": message.client_message_id,
        "expiresAt": epoch_seconds(expires_at) if expires_at else None,
    }


def to_message(item: Item) -> Message:
    """The message that an item holds."""
    return Message(
        room_id=item["pk"].removeprefix("ROOM#"),
        seq=item_keys.seq_of(item),
        sender=Member(user_id=item["sender"]["userId"], name=item["sender"]["name"]),
        text=item["text"],
        sent_at=item["sentAt"],
        client_message_id=item.get("clientMessageId"),
        deleted_at=item.get("deletedAt"),
        deleted_by=item.get("deletedBy"),
    )
