"""updateRoom: rename a room, or make a private one public."""

from chat.authority import require_owner, undisturbed
from chat.errors import BadRequest
from chat.ports import Request, Services
from chat.presence import announce
from chat.protocol import Room, RoomChanged, RoomUpdated, UpdateRoom
from chat.words import check_name


def handle(request: Request[UpdateRoom], services: Services) -> RoomUpdated:
    """Change what was given; what was said in a public room can never become private."""
    body = request.body
    if body.name is None and body.visibility is None:
        raise BadRequest("$: expected name, visibility or both")
    if body.name is not None:
        check_name(body.name, limit=services.limits.name_length)
    connection = services.rooms.connection(request.connection_id)
    publish = body.visibility == "public"

    def update() -> Room:
        owner = require_owner(body.room_id, connection, services)
        return services.directory.update(body.room_id, name=body.name, publish=publish, by=owner)

    room = undisturbed(update)
    event = RoomChanged(room=room)
    announce(body.room_id, event, services, besides=request.connection_id)
    return RoomUpdated(room=room)
