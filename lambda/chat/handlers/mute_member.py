"""muteMember: let a user read and not speak for a while."""

from dataclasses import replace
from datetime import timedelta

from chat.domain.membership import Membership
from chat.logic.flood_control import throttle
from chat.logic.moderation import named, require_rank, tell, update_membership
from chat.ports import Request, Services
from chat.protocol import MemberMuted, MuteMember


def handle(request: Request[MuteMember], services: Services) -> MemberMuted:
    """Keep until when, and have the user's connections in the room know it, now or later."""
    body = request.body
    connection = throttle(request.connection_id, "changes", services)
    until = services.clock.now() + timedelta(seconds=body.seconds) if body.seconds else None

    def muted(actor: Membership, target: Membership) -> Membership:
        require_rank(actor, target)
        if target.muted_until == until:
            return target
        return replace(named(target, services), muted_until=until)

    old, new = update_membership(body.room_id, body.user_id, muted, connection, services)
    tell(old, new, services, besides=request.connection_id)
    return MemberMuted(room_id=body.room_id, member=named(new, services).member)
