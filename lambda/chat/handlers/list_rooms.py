"""listRooms: the user's own rooms, or the public ones."""

from chat.ports import Request, Services
from chat.protocol import ListRooms, RoomList


def handle(request: Request[ListRooms], services: Services) -> RoomList:
    """A page of them; a private room is in the lists of its members alone."""
    body = request.body
    user_id = services.rooms.connection(request.connection_id).member.user_id
    if body.which == "mine":
        page = services.directory.mine(user_id, cursor=body.cursor, limit=body.limit)
    else:
        page = services.directory.public(cursor=body.cursor, limit=body.limit)
    return RoomList(rooms=page.entries, cursor=page.cursor)
