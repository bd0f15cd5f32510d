"""listRoles: return the users with a role in a room, or those banned from it."""

from chat.logic.permissions import membership_of, require_moderator
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import ListRoles, Roles
from chat.protocol.text import check_user_id


def handle(request: Request[ListRoles], services: Services) -> Roles:
    """Return a page of roles to every user who may know the room, or of bans to moderators."""
    body = request.body
    check_user_id(body.cursor or "", path="$.cursor")
    connection = throttle(request.connection_id, "reads", services)
    require = require_moderator if body.banned else membership_of
    require(body.room_id, connection, services)

    page = services.memberships.listed(body.room_id, banned=body.banned, cursor=body.cursor)
    members = tuple(membership.member for membership in page.entries)
    return Roles(room_id=body.room_id, members=members, cursor=page.cursor)
