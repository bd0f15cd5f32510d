"""The table of messages: each request with its reply, and every event."""

from collections.abc import Mapping

from chat.protocol import events, replies, requests

REPLIES: Mapping[type[requests.Request], type[replies.Reply]] = {
    requests.Hello: replies.Welcome,
    requests.CreateRoom: replies.RoomCreated,
    requests.JoinRoom: replies.RoomJoined,
    requests.LeaveRoom: replies.RoomLeft,
    requests.SendMessage: replies.MessageSent,
    requests.GetHistory: replies.History,
    requests.ListMembers: replies.Members,
    requests.Ping: replies.Pong,
    requests.Renew: replies.Renewed,
    requests.SignOut: replies.SignedOut,
    requests.ListRooms: replies.RoomList,
    requests.ListRoles: replies.Roles,
    requests.UpdateRoom: replies.RoomUpdated,
    requests.DeleteRoom: replies.RoomDeleted,
    requests.InviteMember: replies.MemberInvited,
    requests.CreateInvite: replies.InviteCreated,
    requests.ListInvites: replies.Invites,
    requests.RevokeInvite: replies.InviteRevoked,
    requests.SetRole: replies.RoleSet,
    requests.KickMember: replies.MemberKicked,
    requests.BanMember: replies.MemberBanned,
    requests.UnbanMember: replies.MemberUnbanned,
    requests.MuteMember: replies.MemberMuted,
    requests.DeleteMessage: replies.MessageDeleted,
}
"""The reply to each request; an `Error` can answer all of them."""

REQUEST_TYPES: tuple[type[requests.Request], ...] = tuple(REPLIES)
REPLY_TYPES: tuple[type[replies.Reply], ...] = (*REPLIES.values(), replies.Error)
EVENT_TYPES: tuple[type[events.Event], ...] = (
    events.MessageEvent,
    events.MemberJoined,
    events.MemberLeft,
    events.MemberChanged,
    events.MessageChanged,
    events.RoomChanged,
    events.Removed,
    events.Invited,
)
