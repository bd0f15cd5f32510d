"""Putting a user out of a room: every connection they have there, at once."""

from typing import Literal

from chat.ports import Services
from chat.presence import announce_leave, post
from chat.protocol import Removed

Reason = Literal["kicked", "banned", "left", "deleted"]


def put_out(
    room_id: str, user_id: str, services: Services, *, reason: Reason, besides: str = ""
) -> None:
    """Take the user's connections out, tell them why, and tell those who stay."""
    connection_ids = services.rooms.expel(room_id, user_id)
    others = [id_ for id_ in connection_ids if id_ != besides]
    post(room_id, others, Removed(room_id=room_id, reason=reason), services)
    if connection_ids:
        announce_leave(room_id, user_id, services)
