"""Every kind of item that the chat stores, and whether it expires.

docs/architecture/data-model.md has the same table with the reasons, and a test compares both.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Kind = str

EXPIRES: Mapping[Kind, bool] = {
    "connection": True,
    "user connections": True,
    "subscriber": True,
    "a user's buckets": True,
    "revoked token": True,
    "member count of a large room": True,
    "room": False,
    "deleted room": True,
    "role or ban": False,
    "mute": True,
    "invite": True,
    "public room": False,
    "own room with a role": False,
    "visited room": True,
    "created rooms": False,
    "created rooms of a day": True,
    "ban from the whole chat": False,
    "ban of an erased user": False,
    "message": False,
    "tombstone": True,
    "sent": True,
}
"""Whether each kind of item expires. Messages expire if there is a retention."""

_BY_KEY: Mapping[tuple[str, str], Kind] = {
    ("CONNECTION", "CONNECTION"): "connection",
    ("USER", "CONNECTIONS"): "user connections",
    ("ROOM", "CONNECTION"): "subscriber",
    ("USER", "RATES"): "a user's buckets",
    ("TOKEN", "SIGNED_OUT"): "revoked token",
    ("POPULATION", "POPULATION"): "member count of a large room",
    ("ROOM", "INVITE"): "invite",
    ("PUBLIC", "ROOM"): "public room",
    ("USER", "USER"): "created rooms",
    ("USER", "CREATED"): "created rooms of a day",
    ("USER", "BAN"): "ban from the whole chat",
    ("BANNED", "BAN"): "ban of an erased user",
    ("ROOM", "SENT"): "sent",
}


def kind_of(item: Mapping[str, Any]) -> Kind | None:
    """Return the kind of an item, whether its values are plain or in DynamoDB's notation."""
    pk, sk = (_text(item[name]).partition("#")[0] for name in ("pk", "sk"))
    match pk, sk:
        case "ROOM", "ROOM":
            return "deleted room" if "deletedAt" in item else "room"
        case "ROOM", "MEMBER":
            return "role or ban" if "role" in item or "banned" in item else "mute"
        case "USER", "ROOM":
            return "own room with a role" if "role" in item else "visited room"
        case "ROOM", "MESSAGE":
            return "tombstone" if "hole" in item else "message"
    return _BY_KEY.get((pk, sk))


def items_without_end(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the items of unknown kinds, and those that lack the expiry of their kind.

    A room whose deletion is not complete has no expiry yet.
    """
    return [
        f"{kind or 'unknown kind'}: {_text(item['pk'])} / {_text(item['sk'])}"
        for item in items
        if (kind := kind_of(item)) is None
        or (EXPIRES[kind] and kind != "deleted room" and "expiresAt" not in item)
    ]


def _text(value: Any) -> str:
    return str(value["S"] if isinstance(value, dict) else value)
