"""listRoles: who has a role in a room, present or not; or who is banned from it."""

from chat.logic.permissions import membership_of, require_moderator
from chat.ports import Request, Services
from chat.protocol import ListRoles, Roles
from chat.protocol.text import check_user_id


def handle(request: Request[ListRoles], services: Services) -> Roles:
    """Roles are for everybody who may know of the room, bans for those who keep order in it."""
    body = request.body
    check_user_id(body.cursor or "", path="$.cursor")
    connection = services.rooms.connection(request.connection_id)
    may_see = require_moderator if body.banned else membership_of
    may_see(body.room_id, connection, services)

    page = services.memberships.listed(body.room_id, banned=body.banned, cursor=body.cursor)
    people = tuple(membership.member for membership in page.entries)
    return Roles(room_id=body.room_id, members=people, cursor=page.cursor)
