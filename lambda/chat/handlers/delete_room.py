"""deleteRoom: end a room and delete what was said in it."""

from chat.domain.membership import Membership
from chat.logic.moderation import retry_on_conflict
from chat.logic.permissions import require_owner
from chat.logic.presence import announce
from chat.ports import Request, Services
from chat.protocol import DeleteRoom, Removed, RoomDeleted

MOST_EXPELLED = 100
"""Connections that one request takes out, at a request to the database each."""


def handle(request: Request[DeleteRoom], services: Services) -> RoomDeleted:
    """End it first: from then on nobody joins or speaks there. Then put people out, then delete.

    The owner's standing goes last, so that the owner can ask again until all is deleted.
    """
    room_id = request.body.room_id
    connection = services.rooms.connection(request.connection_id)

    def close() -> Membership:
        owner = require_owner(room_id, connection, services)
        services.directory.close(room_id, by=owner)
        return owner

    owner = retry_on_conflict(close)
    event = Removed(room_id=room_id, reason="deleted")
    announce(room_id, event, services, besides=request.connection_id)
    people = services.rooms.sample(room_id, limit=MOST_EXPELLED)
    services.rooms.clear(room_id, [attendee.connection_id for attendee in people])
    empty = len(people) < MOST_EXPELLED
    complete = empty and services.directory.purge(room_id, last=owner.user_id)
    return RoomDeleted(room_id=room_id, complete=complete)
