"""Keys of the items of both tables, and attribute names that contain an id.

docs/architecture/data-model.md lists them in a table.
"""

import hashlib

from chat.dynamodb.expressions import Item

MUTED_PREFIX = "MUTED#"

STRIKES_FULL_AT = "refusalsFullAt"
"""Attribute of the bucket of strikes. Stored items have this name."""


def connection_key(connection_id: str) -> Item:
    """Return the key of a connection, in Connections."""
    return {"pk": f"CONNECTION#{connection_id}", "sk": "CONNECTION"}


def connection_id_of(key: Item) -> str:
    """Return the connection id in the key of a connection."""
    return str(key["pk"]).removeprefix("CONNECTION#")


def user_connections_key(user_id: str) -> Item:
    """Return the key of the list of a user's open connections, in Connections."""
    return {"pk": f"USER#{user_id}", "sk": "CONNECTIONS"}


def ban_key(user_id: str) -> Item:
    """Return the key of a user's ban from the whole chat, in Rooms. Operators write the item."""
    return {"pk": f"USER#{user_id}", "sk": "BAN"}


def erased_ban_key(user_id: str) -> Item:
    """Return the key of the ban of an erased user, in Rooms. It does not contain the user id."""
    digest = hashlib.sha256(user_id.encode()).hexdigest()
    return {"pk": f"BANNED#{digest}", "sk": "BAN"}


def revoked_token_key(token_id: str) -> Item:
    """Return the key of a revoked token, in Connections."""
    return {"pk": f"TOKEN#{token_id}", "sk": "SIGNED_OUT"}


def user_rate_limits_key(user_id: str) -> Item:
    """Return the key of a user's token buckets, in Connections."""
    return {"pk": f"USER#{user_id}", "sk": "RATES"}


def bucket_attribute(kind: str) -> str:
    """Return the attribute that holds when a bucket is full again, in microseconds since 1970."""
    return STRIKES_FULL_AT if kind == "strikes" else f"{kind}FullAt"


def subscriber_key(room_id: str, connection_id: str) -> Item:
    """Return the key of a room's subscriber, in Connections."""
    return {"pk": f"ROOM#{room_id}", "sk": f"CONNECTION#{connection_id}"}


def subscriber_id_of(key: Item) -> str:
    """Return the connection id in the key of a subscriber."""
    return str(key["sk"]).removeprefix("CONNECTION#")


def large_room_count_key(room_id: str) -> Item:
    """Return the key of the cached number of users in a large room, in Connections."""
    return {"pk": f"POPULATION#{room_id}", "sk": "POPULATION"}


def room_key(room_id: str) -> Item:
    """Return the key of a room, in Rooms."""
    return {"pk": f"ROOM#{room_id}", "sk": "ROOM"}


def room_id_of(key: Item) -> str:
    """Return the room id in the key of a room, a message, a membership or a subscriber."""
    return str(key["pk"]).removeprefix("ROOM#")


def message_key(room_id: str, seq: int) -> Item:
    """Return the key of a message, in Rooms. It sorts by seq."""
    return {"pk": f"ROOM#{room_id}", "sk": f"MESSAGE#{seq:016d}"}


def seq_of(key: Item) -> int:
    """Return the seq in the key of a message."""
    return int(key["sk"].removeprefix("MESSAGE#"))


def is_in_log(key: Item) -> bool:
    """Return whether a key has a seq and nothing more; a later version may write longer keys."""
    return str(key["sk"]).removeprefix("MESSAGE#").isdecimal()


def membership_key(room_id: str, user_id: str) -> Item:
    """Return the key of a user's membership of a room, in Rooms."""
    return {"pk": f"ROOM#{room_id}", "sk": f"MEMBER#{user_id}"}


def member_id_of(key: Item) -> str | None:
    """Return the user id in the key of a membership; None for the key of another item."""
    kind, _, user_id = key["sk"].partition("#")
    return user_id if kind == "MEMBER" else None


def invite_key(room_id: str, invite_id: str) -> Item:
    """Return the key of an invite, in Rooms."""
    return {"pk": f"ROOM#{room_id}", "sk": f"INVITE#{invite_id}"}


def is_invite(key: Item) -> bool:
    """Return whether a key is that of an invite."""
    return str(key["sk"]).startswith("INVITE#")


def invite_id_of(key: Item) -> str:
    """Return the invite id in the key of an invite."""
    return str(key["sk"]).removeprefix("INVITE#")


def user_key(user_id: str) -> Item:
    """Return the key of the number of rooms that a user has created, in Rooms."""
    return {"pk": f"USER#{user_id}", "sk": "USER"}


def created_rooms_key(user_id: str, day: str) -> Item:
    """Return the key of the number of rooms that a user has created on a day, in Rooms."""
    return {"pk": f"USER#{user_id}", "sk": f"CREATED#{day}"}


def own_room_key(user_id: str, room_id: str) -> Item:
    """Return the key of a room in the list of a user's rooms, in Rooms."""
    return {"pk": f"USER#{user_id}", "sk": f"ROOM#{room_id}"}


def public_room_key(room_id: str) -> Item:
    """Return the key of a room in the list of public rooms, in Rooms."""
    return {"pk": "PUBLIC", "sk": f"ROOM#{room_id}"}


def mute_attribute(room_id: str) -> str:
    """Return the attribute of a connection that holds until when its user is muted in a room."""
    return f"{MUTED_PREFIX}{room_id}"


def sent_key(room_id: str, user_id: str, client_message_id: str) -> Item:
    """Return the key of the item that makes a user's clientMessageId unique, in Rooms."""
    return {"pk": f"ROOM#{room_id}", "sk": f"SENT#{user_id}#{client_message_id}"}
