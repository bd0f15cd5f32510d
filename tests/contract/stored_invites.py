"""Invites that a contract test stores."""

from datetime import datetime

from chat.domain.clock import wire
from chat.domain.invites import invite_id_of_secret
from chat.domain.membership import Membership
from chat.protocol import Invite
from tests.support.stores import Stores


def store_invite(
    stores: Stores,
    room_id: str,
    secret: str,
    *,
    expires_at: datetime,
    by: Membership,
    uses: int = 1,
) -> Invite:
    """Store an invite of the user of a membership, and return it."""
    invite = Invite(
        invite_id=invite_id_of_secret(secret),
        created_by=by.user_id,
        expires_at=wire(expires_at),
        uses=uses,
    )
    stores.invites.create(room_id, invite, by=by)
    return invite
