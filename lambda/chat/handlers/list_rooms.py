"""listRooms: return the user's own rooms, or the public ones."""

from chat.logic import history
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import ListRooms, RoomList


def handle(request: Request[ListRooms], services: Services) -> RoomList:
    """Return a page of rooms. A private room is only in the lists of its members."""
    body = request.body
    user_id = throttle(request.connection_id, "reads", services).member.user_id
    if body.which == "mine":
        page = services.rooms.of_user(user_id, cursor=body.cursor, limit=body.limit)
    else:
        page = services.rooms.public(cursor=body.cursor, limit=body.limit)
    fitting = history.fit_list(
        page.entries,
        cursor=page.cursor,
        cursor_of=lambda listed: listed.room.room_id,
        services=services,
    )
    return RoomList(rooms=fitting.entries, cursor=fitting.cursor)
