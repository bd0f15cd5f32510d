"""deleteRoom: end a room and delete what was said in it."""

from chat.authority import require_owner
from chat.ports import Request, Services
from chat.presence import announce
from chat.protocol import DeleteRoom, Removed, RoomDeleted

MOST_EXPELLED = 100
"""People that one request takes out, at a few requests to the database each."""


def handle(request: Request[DeleteRoom], services: Services) -> RoomDeleted:
    """End it first: from then on nobody joins or speaks there. Then put people out, then delete.

    The owner's standing goes last, so that the owner can ask again until all is deleted.
    """
    room_id = request.body.room_id
    connection = services.rooms.connection(request.connection_id)
    owner = require_owner(room_id, connection, services)

    services.directory.close(room_id)
    event = Removed(room_id=room_id, reason="deleted")
    announce(room_id, event, services, besides=request.connection_id)
    people = services.rooms.sample(room_id, limit=MOST_EXPELLED)
    for user_id in {attendee.member.user_id for attendee in people}:
        services.rooms.expel(room_id, user_id)
    empty = len(people) < MOST_EXPELLED
    complete = empty and services.directory.purge(room_id, last=owner.user_id)
    return RoomDeleted(room_id=room_id, complete=complete)
