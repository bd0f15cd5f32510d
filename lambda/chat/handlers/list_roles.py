"""listRoles: return the users with a role in a room, or those banned from it."""

from chat.logic import history
from chat.logic.permissions import membership_of, require_moderator
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import ListRoles, Roles
from chat.protocol.text import check_user_id_length


def handle(request: Request[ListRoles], services: Services) -> Roles:
    """Return a page of roles to every user who may know the room, or of bans to moderators."""
    body = request.body
    check_user_id_length(body.cursor or "", path="$.cursor")
    connection = throttle(request.connection_id, "reads", services)
    require = require_moderator if body.banned else membership_of
    require(body.room_id, connection, services)

    page = services.memberships.listed(body.room_id, banned=body.banned, cursor=body.cursor)
    members = tuple(membership.member for membership in page.entries)
    fitting = history.fit_list(
        members, cursor=page.cursor, cursor_of=lambda member: member.user_id, services=services
    )
    return Roles(room_id=body.room_id, members=fitting.entries, cursor=fitting.cursor)
