"""Frames for every action of the protocol, derived from its structs so that they are complete."""

from collections.abc import Iterator
from typing import Any

import msgspec

from chat.protocol import REQUEST_TYPES
from tests.support.harness import Frame

VALUES: dict[str, Any] = {
    "after": 0,
    "banned": True,
    "before": 9,
    "clientMessageId": "m1",
    "cursor": "c" * 64,
    "epoch": "e",
    "expiresInSeconds": 60,
    "forGood": True,
    "invite": "an-invite-that-was-only-guessed",
    "inviteId": "0" * 64,
    "limit": 1,
    "name": "Mine",
    "requestId": "r1",
    "role": "owner",
    "roomId": "tea",
    "seconds": 60,
    "seq": 1,
    "text": "hi",
    "token": "a.b.c",
    "userId": "u-owner",
    "uses": 2,
    "visibility": "public",
    "which": "public",
}
"""A valid value of each field. The tests fail until a new field has a value here."""

WITHOUT_ROOM = frozenset({"hello", "ping", "listRooms", "renew", "signOut"})
"""The actions that concern no room. They cannot reveal a private room."""


def fields_of(action: str) -> dict[str, bool]:
    """Return the fields of an action, and whether each is required."""
    (struct,) = (s for s in REQUEST_TYPES if s.__struct_config__.tag == action)
    return {field.encode_name: field.required for field in msgspec.structs.fields(struct)}


ACTIONS = sorted(str(struct.__struct_config__.tag) for struct in REQUEST_TYPES)


ALWAYS = {"updateRoom": {"name": "Mine"}}
"""Fields that an action needs although the protocol declares them optional."""


def frames(action: str) -> Iterator[Frame]:
    """Yield the shortest frame, and a frame for each optional field."""
    fields = fields_of(action)
    shortest = {name: VALUES[name] for name, required in fields.items() if required}
    shortest |= ALWAYS.get(action, {})
    yield {"action": action, **shortest}
    for name, required in fields.items():
        if not required and name not in ("roomId", *shortest):
            yield {"action": action, **shortest, name: VALUES[name]}
