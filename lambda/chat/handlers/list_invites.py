"""listInvites: return the open invites of a room."""

from chat.logic import history
from chat.logic.permissions import require_moderator
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import Invites, ListInvites


def handle(request: Request[ListInvites], services: Services) -> Invites:
    """Return a page of invites to owners and moderators, without the secrets."""
    body = request.body
    connection = throttle(request.connection_id, "reads", services)
    require_moderator(body.room_id, connection, services)
    services.rooms.get(body.room_id)

    page = services.invites.listed(body.room_id, cursor=body.cursor)
    fitting = history.fit_list(
        page.entries,
        cursor=page.cursor,
        cursor_of=lambda invite: invite.invite_id,
        services=services,
    )
    return Invites(room_id=body.room_id, invites=fitting.entries, cursor=fitting.cursor)
