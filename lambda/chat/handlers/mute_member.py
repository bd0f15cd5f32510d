"""muteMember: mute a user in a room for a time, or unmute them."""

from dataclasses import replace
from datetime import timedelta

from chat.domain.membership import Membership
from chat.logic.moderation import (
    notify_change,
    require_rank,
    update_membership,
    with_display_name,
)
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import MemberMuted, MuteMember


def handle(request: Request[MuteMember], services: Services) -> MemberMuted:
    """Store the end of the mute, and copy it to the user's connections in the room."""
    body = request.body
    connection = throttle(request.connection_id, "changes", services)
    until = services.clock.now() + timedelta(seconds=body.seconds) if body.seconds else None

    def mute(actor: Membership, target: Membership) -> Membership:
        require_rank(actor, target)
        if target.muted_until == until:
            return target
        return replace(with_display_name(target, services), muted_until=until)

    before, after = update_membership(
        body.room_id, body.user_id, mute, connection, services, event="memberMuted"
    )
    notify_change(before, after, services, except_for=request.connection_id)
    return MemberMuted(room_id=body.room_id, member=with_display_name(after, services).member)
