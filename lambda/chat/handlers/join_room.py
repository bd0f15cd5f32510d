"""joinRoom: enter a room and catch up with its log."""

from chat import pages
from chat.ports import Page, Request, Services
from chat.presence import announce_join, company
from chat.protocol import JoinRoom, Room, RoomJoined


def handle(request: Request[JoinRoom], services: Services) -> RoomJoined:
    """Become a member first and read the log then, so that no message falls between."""
    room_id = request.body.room_id
    connection = services.rooms.connection(request.connection_id)
    newcomer = room_id not in connection.rooms
    if newcomer:
        services.rooms.join(room_id, connection=connection)

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
    )


def _catch_up(body: JoinRoom, room: Room, services: Services, *, taken: int) -> tuple[bool, Page]:
    limit = services.limits.history_page
    budget = services.limits.history_bytes - taken
    after = body.after
    if after is not None and pages.resumes(room, after, body.epoch, services):
        return True, pages.newer(room.room_id, after, services, limit=limit, budget=budget)
    return False, pages.latest(room.room_id, services, limit=limit, budget=budget)
