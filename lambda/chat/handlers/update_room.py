"""updateRoom: rename a room, or make a private one public."""

from chat.errors import BadRequest
from chat.logic.fan_out import push_to_room
from chat.logic.moderation import retry_on_conflict
from chat.logic.permissions import require_owner
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import Room, RoomChanged, RoomUpdated, UpdateRoom
from chat.protocol.text import check_name


def handle(request: Request[UpdateRoom], services: Services) -> RoomUpdated:
    """Change what was given, and push it if it is a change.

    A public room cannot become private: its messages were public.
    """
    body = request.body
    if body.name is None and body.visibility is None:
        raise BadRequest("$: expected name, visibility or both")
    if body.name is not None:
        check_name(body.name, limit=services.limits.name_length)
    connection = throttle(request.connection_id, "changes", services)
    publish = body.visibility == "public"

    def update() -> tuple[Room, bool]:
        owner = require_owner(body.room_id, connection, services)
        room = services.rooms.get(body.room_id)
        if not _changes(body, room):
            return room, False
        room = services.rooms.update(body.room_id, name=body.name, publish=publish, by=owner)
        return room, True

    room, has_changed = retry_on_conflict(update)
    if has_changed:
        event = RoomChanged(room=room)
        push_to_room(body.room_id, event, services, except_for=request.connection_id)
    return RoomUpdated(room=room)


def _changes(body: UpdateRoom, room: Room) -> bool:
    return body.name not in (None, room.name) or body.visibility not in (None, room.visibility)
