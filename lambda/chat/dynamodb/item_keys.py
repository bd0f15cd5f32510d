"""The keys of both tables' items, and the names of attributes that are made of an id.

docs/architecture/data-model.md has them in a table.
"""

import hashlib

from chat.dynamodb.table import Item


def connection_key(connection_id: str) -> Item:
    """Key of a connection, in Connections."""
    return {"pk": f"CONNECTION#{connection_id}", "sk": "CONNECTION"}


def holder_key(user_id: str) -> Item:
    """Key of the connections that a user has open, in Connections."""
    return {"pk": f"USER#{user_id}", "sk": "CONNECTIONS"}


def ban_key(user_id: str) -> Item:
    """Key of a user's ban from the whole chat, in Rooms; operators write it."""
    return {"pk": f"USER#{user_id}", "sk": "BAN"}


def signed_out_key(token_id: str) -> Item:
    """Key of a token that opens nothing more, in Connections."""
    return {"pk": f"TOKEN#{token_id}", "sk": "SIGNED_OUT"}


def rates_key(user_id: str) -> Item:
    """Key of a user's token buckets, in Connections."""
    return {"pk": f"USER#{user_id}", "sk": "RATES"}


def bucket_attribute(kind: str) -> str:
    """The attribute that says when a token bucket is full again, in microseconds since 1970."""
    return f"{kind}FullAt"


def attendee_key(room_id: str, connection_id: str) -> Item:
    """Key of a connection in a room's audience, in Connections."""
    return {"pk": f"ROOM#{room_id}", "sk": f"CONNECTION#{connection_id}"}


def population_key(room_id: str) -> Item:
    """Key of how many people are in a large room, in Connections."""
    return {"pk": f"POPULATION#{room_id}", "sk": "POPULATION"}


def room_key(room_id: str) -> Item:
    """Key of a room, in Rooms."""
    return {"pk": f"ROOM#{room_id}", "sk": "ROOM"}


def message_key(room_id: str, seq: int) -> Item:
    """Key of a message, in Rooms; sorts by seq."""
    return {"pk": f"ROOM#{room_id}", "sk": f"MESSAGE#{seq:016d}"}


def membership_key(room_id: str, user_id: str) -> Item:
    """Key of what a user is in a room, in Rooms."""
    return {"pk": f"ROOM#{room_id}", "sk": f"MEMBER#{user_id}"}


def member_of(key: Item) -> str | None:
    """Whose standing a key of a room's partition is; None for any other item's."""
    kind, _, user_id = key["sk"].partition("#")
    return user_id if kind == "MEMBER" else None


def invite_key(room_id: str, secret: str) -> Item:
    """Key of an invite, in Rooms; only who has the secret can tell it."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return {"pk": f"ROOM#{room_id}", "sk": f"INVITE#{digest}"}


def user_key(user_id: str) -> Item:
    """Key of how many rooms a user has created, in Rooms."""
    return {"pk": f"USER#{user_id}", "sk": "USER"}


def own_room_key(user_id: str, room_id: str) -> Item:
    """Key of a room in the list of a user's own, in Rooms."""
    return {"pk": f"USER#{user_id}", "sk": f"ROOM#{room_id}"}


def public_room_key(room_id: str) -> Item:
    """Key of a room in the list of the public ones, in Rooms."""
    return {"pk": "PUBLIC", "sk": f"ROOM#{room_id}"}


def mute_attribute(room_id: str) -> str:
    """The attribute of a connection that says until when it may not speak in a room."""
    return f"MUTED#{room_id}"


def seq_of(item: Item) -> int:
    """The seq of an item of the log."""
    return int(item["sk"].removeprefix("MESSAGE#"))


def sent_key(room_id: str, user_id: str, client_message_id: str) -> Item:
    """Key of what makes a user's message unique, in Rooms."""
    return {"pk": f"ROOM#{room_id}", "sk": f"SENT#{user_id}#{client_message_id}"}
