"""inviteMember: make a user a member of a room."""

from dataclasses import replace

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import Forbidden
from chat.logic.flood_control import throttle
from chat.logic.moderation import update_membership
from chat.logic.presence import post
from chat.ports import Request, Services
from chat.protocol import Invited, InviteMember, MemberInvited
from chat.protocol.text import check_name, name_of


def handle(request: Request[InviteMember], services: Services) -> MemberInvited:
    """Keep the membership, with which the user may join; who has a role already keeps it.

    It counts as a join of who invites: or inviting and kicking would be a way to flood somebody.
    """
    body = request.body
    limit = services.limits.name_length
    if body.name:
        check_name(body.name, limit=limit)
    name = body.name or name_of(body.user_id, limit=limit)
    connection = throttle(request.connection_id, "joins", services)

    def invited(_: Membership, target: Membership) -> Membership:
        if target.banned:
            raise Forbidden("this user is banned from the room: unbanMember first")
        return target if target.role else replace(target, name=target.name or name, role="member")

    old, new = update_membership(body.room_id, body.user_id, invited, connection, services)
    if not old.role and new.role:
        _tell(body, connection, services)
    return MemberInvited(room_id=body.room_id, user_id=body.user_id)


def _tell(body: InviteMember, inviter: Connection, services: Services) -> None:
    """Let the new member know, wherever they are connected."""
    event = Invited(room=services.rooms.room(body.room_id), by=inviter.member)
    post(body.room_id, services.sockets.live(body.user_id), event, services)
