"""createInvite: create a secret with which a user may join a room."""

import secrets
from datetime import timedelta

from chat.domain.clock import wire
from chat.domain.invites import invite_id_of_secret
from chat.logic.audit import record_change
from chat.logic.moderation import retry_on_conflict
from chat.logic.permissions import require_unmuted_moderator
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import CreateInvite, Invite, InviteCreated


def handle(request: Request[CreateInvite], services: Services) -> InviteCreated:
    """Create a secret of 192 random bits, of which only a hash is stored.

    It takes a token of the bucket of joins, as inviteMember does.
    """
    body = request.body
    connection = throttle(request.connection_id, "joins", services)
    secret = secrets.token_urlsafe(24)
    expires_at = services.clock.now() + timedelta(seconds=body.expires_in_seconds)
    invite = Invite(
        invite_id=invite_id_of_secret(secret),
        created_by=connection.member.user_id,
        expires_at=wire(expires_at.replace(microsecond=0)),
        uses=body.uses,
    )

    def create() -> None:
        actor = require_unmuted_moderator(body.room_id, connection, services)
        services.invites.create(body.room_id, invite, by=actor)

    retry_on_conflict(create)
    record_change(
        "inviteCreated",
        connection,
        room_id=body.room_id,
        inviteId=invite.invite_id,
        uses=invite.uses,
        expiresAt=invite.expires_at,
    )
    return InviteCreated(
        room_id=body.room_id,
        invite_id=invite.invite_id,
        invite=secret,
        expires_at=invite.expires_at,
        uses=invite.uses,
    )
