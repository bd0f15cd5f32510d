"""inviteMember: make a user a member of a room."""

from dataclasses import replace

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Forbidden
from chat.logic.moderation import update_membership
from chat.logic.pushing import push_event
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import Invited, InviteMember, MemberInvited
from chat.protocol.text import check_name, name_of


def handle(request: Request[InviteMember], services: Services) -> MemberInvited:
    """Store the membership, with which the user may join. A user with a role keeps it.

    It takes a token of the bucket of joins: inviting and kicking in turn could flood a user.
    """
    body = request.body
    limit = services.limits.name_length
    if body.name:
        check_name(body.name, limit=limit)
    name = body.name or name_of(body.user_id, limit=limit)
    connection = throttle(request.connection_id, "joins", services)

    def invite(_: Membership, target: Membership) -> Membership:
        if target.banned:
            raise Forbidden("this user is banned from the room: unbanMember first")
        return (
            target
            if target.stored_role
            else replace(target, name=target.name or name, role="member")
        )

    before, after = update_membership(
        body.room_id, body.user_id, invite, connection, services, event="memberInvited"
    )
    if not before.role and after.role:
        _notify(body, connection, services)
    return MemberInvited(room_id=body.room_id, user_id=body.user_id)


def _notify(body: InviteMember, inviter: Connection, services: Services) -> None:
    """Push the invitation to all connections of the new member."""
    event = Invited(room=services.rooms.get(body.room_id), by=inviter.member)
    push_event(body.room_id, services.user_connections.live_ids_of(body.user_id), event, services)
