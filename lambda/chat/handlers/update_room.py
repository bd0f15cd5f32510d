"""updateRoom: rename a room, or make a private one public."""

from collections.abc import Sequence

from chat.errors import BadRequest
from chat.logic.audit import AuditEvent, record_change
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

    def update() -> tuple[Room, Sequence[AuditEvent]]:
        owner = require_owner(body.room_id, connection, services)
        room = services.rooms.get(body.room_id)
        changes = _changes(body, room)
        if changes:
            room = services.rooms.update(body.room_id, name=body.name, publish=publish, by=owner)
        return room, changes

    room, changes = retry_on_conflict(update)
    for change in changes:
        record_change(change, connection, room_id=body.room_id)
    if changes:
        event = RoomChanged(room=room)
        push_to_room(body.room_id, event, services, except_for=request.connection_id)
    return RoomUpdated(room=room)


def _changes(body: UpdateRoom, room: Room) -> Sequence[AuditEvent]:
    changes: dict[AuditEvent, bool] = {
        "roomRenamed": body.name not in (None, room.name),
        "roomPublished": body.visibility not in (None, room.visibility),
    }
    return [change for change, is_made in changes.items() if is_made]
