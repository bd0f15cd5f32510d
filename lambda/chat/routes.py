"""The one table: route key -> handler."""

from collections.abc import Callable, Mapping
from typing import Any

from chat.handlers import (
    ban_member,
    connect,
    create_invite,
    create_room,
    default,
    delete_message,
    delete_room,
    disconnect,
    get_history,
    hello,
    invite_member,
    join_room,
    kick_member,
    leave_room,
    list_invites,
    list_members,
    list_roles,
    list_rooms,
    mute_member,
    ping,
    renew,
    revoke_invite,
    send_message,
    set_role,
    sign_out,
    unban_member,
    update_room,
)
from chat.ports import Request, Services
from chat.protocol import Reply

Handler = Callable[[Request[Any], Services], Reply | None]

ROUTES: Mapping[str, Handler] = {
    "$connect": connect.handle,
    "$disconnect": disconnect.handle,
    "$default": default.handle,
    "hello": hello.handle,
    "createRoom": create_room.handle,
    "joinRoom": join_room.handle,
    "leaveRoom": leave_room.handle,
    "sendMessage": send_message.handle,
    "getHistory": get_history.handle,
    "listMembers": list_members.handle,
    "ping": ping.handle,
    "renew": renew.handle,
    "signOut": sign_out.handle,
    "listRooms": list_rooms.handle,
    "updateRoom": update_room.handle,
    "deleteRoom": delete_room.handle,
    "listRoles": list_roles.handle,
    "setRole": set_role.handle,
    "inviteMember": invite_member.handle,
    "createInvite": create_invite.handle,
    "listInvites": list_invites.handle,
    "revokeInvite": revoke_invite.handle,
    "kickMember": kick_member.handle,
    "banMember": ban_member.handle,
    "unbanMember": unban_member.handle,
    "muteMember": mute_member.handle,
    "deleteMessage": delete_message.handle,
}
