"""revokeInvite: make an invite open nothing more."""

from functools import partial

from chat.domain.connection import Connection
from chat.logic.audit import record_change
from chat.logic.moderation import retry_on_conflict
from chat.logic.permissions import require_unmuted_moderator
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import InviteRevoked, RevokeInvite


def handle(request: Request[RevokeInvite], services: Services) -> InviteRevoked:
    """Delete the invite. Users who joined with it stay. A repeated request changes nothing."""
    body = request.body
    connection = throttle(request.connection_id, "changes", services)
    if retry_on_conflict(partial(_revoke, body, connection, services)):
        record_change("inviteRevoked", connection, room_id=body.room_id, inviteId=body.invite_id)
    return InviteRevoked(room_id=body.room_id, invite_id=body.invite_id)


def _revoke(body: RevokeInvite, connection: Connection, services: Services) -> bool:
    actor = require_unmuted_moderator(body.room_id, connection, services)
    return services.invites.revoke(body.room_id, body.invite_id, by=actor)
