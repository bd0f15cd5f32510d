"""createRoom: open a room and be in it."""

import secrets

from msgspec.structs import replace

from chat.errors import BadRequest
from chat.logic.flood_control import throttle
from chat.ports import Request, Services
from chat.protocol import CreateRoom, RoomCreated
from chat.protocol.text import check_name

PRIVATE = "private-"
"""How the ids of private rooms begin: were these free to choose, `room_exists` would tell."""


def handle(request: Request[CreateRoom], services: Services) -> RoomCreated:
    """Create the room under the given or a made-up id; nobody else is there to be told."""
    private = request.body.visibility == "private"
    if private and request.body.room_id:
        raise BadRequest("$.roomId: a private room's id is made up by the server")
    if (request.body.room_id or "").startswith(PRIVATE):
        raise BadRequest(f"$.roomId: ids that begin with {PRIVATE} are made up by the server")
    made_up = f"{PRIVATE}{secrets.token_hex(16)}" if private else secrets.token_hex(6)
    room_id = request.body.room_id or made_up
    name = room_id if request.body.name is None else request.body.name
    check_name(name, limit=services.limits.name_length)

    creator = throttle(request.connection_id, "joins", services)
    room = services.rooms.create(room_id, name, creator=creator, visibility=request.body.visibility)
    return RoomCreated(room=room, members=(replace(creator.member, role="owner"),))
