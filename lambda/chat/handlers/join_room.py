"""joinRoom: enter a room and catch up with its log."""

from dataclasses import replace

from chat import pages
from chat.authority import ATTEMPTS
from chat.errors import Raced
from chat.ports import Connection, Page, Request, Services
from chat.presence import announce_join, company
from chat.protocol import JoinRoom, Room, RoomJoined


def handle(request: Request[JoinRoom], services: Services) -> RoomJoined:
    """Become a member first and read the log then, so that no message falls between."""
    room_id = request.body.room_id
    connection = services.floods.connection(request.connection_id, "joins")
    services.floods.user(connection.member.user_id, "joins")
    newcomer = room_id not in connection.rooms
    if newcomer:
        _enter(request.body, connection, services)

    room = services.rooms.room(room_id)
    found = company(room_id, services)
    if newcomer:
        announce_join(room_id, connection, found, services)

    shown = pages.roster(found.people, services)
    resumed, page = _catch_up(request.body, room, services, taken=pages.size(shown))
    return RoomJoined(
        room=room,
        members=shown,
        member_count=found.count,
        messages=page.messages,
        has_more=page.has_more,
        resumed=resumed,
        deleted=_deleted(request.body, services) if resumed else (),
    )


def _enter(body: JoinRoom, connection: Connection, services: Services) -> None:
    """Join as the user stands in the room; again, if that changed in the very moment."""
    for attempt in range(ATTEMPTS):
        standing = services.standings.of(body.room_id, connection.member.user_id)
        try:
            services.rooms.join(
                body.room_id,
                connection=connection,
                standing=replace(standing, name=connection.member.name),
                invite=body.invite,
            )
        except Raced:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return


def _deleted(body: JoinRoom, services: Services) -> tuple[int, ...]:
    """What the client may still show and was deleted since, or before."""
    after = body.after or 0
    return tuple(seq for seq in services.rooms.deleted(body.room_id) if seq <= after)


def _catch_up(body: JoinRoom, room: Room, services: Services, *, taken: int) -> tuple[bool, Page]:
    limit = services.limits.history_page
    budget = services.limits.history_bytes - taken
    after = body.after
    if after is not None and pages.resumes(room, after, body.epoch, services):
        return True, pages.newer(room.room_id, after, services, limit=limit, budget=budget)
    return False, pages.latest(room.room_id, services, limit=limit, budget=budget)
