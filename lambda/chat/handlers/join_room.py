"""joinRoom: enter a room and catch up with its log."""

from collections.abc import Sequence
from functools import partial

from chat.domain.connection import Connection
from chat.domain.pages import Page
from chat.logic import history
from chat.logic.flood_control import throttle
from chat.logic.moderation import retry_on_conflict
from chat.logic.presence import announce_join, company
from chat.ports import Request, Services
from chat.protocol import JoinRoom, Room, RoomJoined


def handle(request: Request[JoinRoom], services: Services) -> RoomJoined:
    """Become a member first and read the log then, so that no message falls between."""
    room_id = request.body.room_id
    connection = throttle(request.connection_id, "joins", services)
    newcomer = room_id not in connection.rooms
    if newcomer:
        retry_on_conflict(partial(_enter, request.body, connection, services))

    room = services.rooms.room(room_id)
    found = company(room_id, services)
    if newcomer:
        announce_join(room_id, connection, found, services)

    shown = history.roster(found.people, services)
    page, deleted = _catch_up(request.body, room, services, taken=history.size(shown))
    return RoomJoined(
        room=room,
        members=shown,
        member_count=found.count,
        messages=page.messages,
        has_more=page.has_more,
        resumed=deleted is not None,
        deleted=tuple(deleted or ()),
    )


def _enter(body: JoinRoom, connection: Connection, services: Services) -> None:
    """Join as the user stands in the room."""
    membership = services.memberships.of(body.room_id, connection.member.user_id)
    services.rooms.join(
        body.room_id, connection=connection, membership=membership, invite=body.invite
    )


def _catch_up(
    body: JoinRoom, room: Room, services: Services, *, taken: int
) -> tuple[Page, Sequence[int] | None]:
    """What was said since, and what the client may still show and was deleted.

    Where it cannot be told all of both: the newest page, and None.
    """
    limit = services.limits.history_page
    budget = services.limits.history_bytes - taken
    after = body.after
    if after is not None and history.resumes(room, after, body.epoch, services):
        deleted = services.rooms.deleted(room.room_id, after)
        if deleted is not None:
            page = history.newer(room.room_id, after, services, limit=limit, budget=budget)
            return page, deleted
    return history.latest(room.room_id, services, limit=limit, budget=budget), None
