"""createRoom: create a room and subscribe to it."""

import secrets

from msgspec.structs import replace

from chat.errors import BadRequest
from chat.logic.audit import record_change
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import CreateRoom, RoomCreated
from chat.protocol.text import check_name

PRIVATE_PREFIX = "private-"
"""Prefix of the ids of private rooms. If clients chose them, `room_exists` would reveal rooms."""


def handle(request: Request[CreateRoom], services: Services) -> RoomCreated:
    """Create the room under the given id or a generated one."""
    body = request.body
    _check_id(body)
    room_id = body.room_id or _generated_id(private=body.visibility == "private")
    name = room_id if body.name is None else body.name
    check_name(name, limit=services.limits.name_length)

    creator = throttle(request.connection_id, "joins", services)
    room = services.room_transactions.create_room(
        room_id, name, creator=creator, visibility=body.visibility
    )
    record_change("roomCreated", creator, room_id=room_id, visibility=body.visibility)
    return RoomCreated(room=room, members=(replace(creator.member, role="owner"),))


def _check_id(body: CreateRoom) -> None:
    """Raise BadRequest for an id that only the server may choose."""
    if body.visibility == "private" and body.room_id:
        raise BadRequest("$.roomId: the server generates the id of a private room")
    if (body.room_id or "").startswith(PRIVATE_PREFIX):
        raise BadRequest(f"$.roomId: the server generates ids that begin with {PRIVATE_PREFIX}")


def _generated_id(*, private: bool) -> str:
    return f"{PRIVATE_PREFIX}{secrets.token_hex(16)}" if private else secrets.token_hex(6)
