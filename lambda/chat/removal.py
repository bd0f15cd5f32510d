"""Putting a user out of a room: every connection they have there, at once, and all are told."""

from typing import Literal

from chat.domain.membership import Standing
from chat.logic.presence import announce_leave, post
from chat.ports import Services
from chat.protocol import Removed

Reason = Literal["kicked", "banned", "left", "deleted"]


def put_out(was: Standing, services: Services, *, reason: Reason, besides: str = "") -> None:
    """Take the user's connections out, tell all that they have open why, and tell those who stay.

    Who *was* nobody in particular and is not there hears nothing, as it was no room of theirs:
    they might not even know that there is one.
    """
    room_id, user_id = was.room_id, was.user_id
    inside = services.rooms.expel(room_id, user_id)
    elsewhere = services.sockets.live(user_id) if inside or was.role else ()
    told = [id_ for id_ in dict.fromkeys((*inside, *elsewhere)) if id_ != besides]
    post(room_id, told, Removed(room_id=room_id, reason=reason), services)
    if inside:
        announce_leave(room_id, user_id, services)
