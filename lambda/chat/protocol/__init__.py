"""Every frame of protocol version 1, as typed structs: the contract.

Decoding, validation, the AsyncAPI document and the clients' types all come from here.
"""

from chat.protocol.events import (
    Event,
    Invited,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessageChanged,
    MessageEvent,
    Removed,
    RoomChanged,
)
from chat.protocol.parts import (
    ID_LENGTH,
    MAX_SEQ,
    Epoch,
    Identifier,
    InviteSecret,
    Limits,
    ListedRoom,
    Member,
    Message,
    Part,
    RequestId,
    Role,
    Room,
    Seq,
    Time,
    Token,
    UserId,
    Visibility,
)
from chat.protocol.replies import (
    Error,
    History,
    InviteCreated,
    MemberBanned,
    MemberInvited,
    MemberKicked,
    MemberMuted,
    Members,
    MemberUnbanned,
    MessageDeleted,
    MessageSent,
    Pong,
    Renewed,
    Reply,
    Roles,
    RoleSet,
    RoomCreated,
    RoomDeleted,
    RoomJoined,
    RoomLeft,
    RoomList,
    RoomUpdated,
    SignedOut,
    Welcome,
)
from chat.protocol.requests import (
    BanMember,
    CreateInvite,
    CreateRoom,
    DeleteMessage,
    DeleteRoom,
    GetHistory,
    Hello,
    InviteMember,
    JoinRoom,
    KickMember,
    LeaveRoom,
    ListMembers,
    ListRoles,
    ListRooms,
    MuteMember,
    Ping,
    Renew,
    Request,
    SendMessage,
    SetRole,
    SignOut,
    UnbanMember,
    UpdateRoom,
)

AnyRequest = (
    Hello
    | CreateRoom
    | JoinRoom
    | LeaveRoom
    | SendMessage
    | GetHistory
    | ListMembers
    | Ping
    | Renew
    | SignOut
    | ListRooms
    | ListRoles
    | UpdateRoom
    | DeleteRoom
    | InviteMember
    | CreateInvite
    | SetRole
    | KickMember
    | BanMember
    | UnbanMember
    | MuteMember
    | DeleteMessage
)
AnyReply = (
    Welcome
    | RoomCreated
    | RoomJoined
    | RoomLeft
    | MessageSent
    | History
    | Members
    | Pong
    | Renewed
    | SignedOut
    | RoomList
    | Roles
    | RoomUpdated
    | RoomDeleted
    | MemberInvited
    | InviteCreated
    | RoleSet
    | MemberKicked
    | MemberBanned
    | MemberUnbanned
    | MemberMuted
    | MessageDeleted
    | Error
)
AnyEvent = (
    MessageEvent
    | MemberJoined
    | MemberLeft
    | MemberChanged
    | MessageChanged
    | RoomChanged
    | Removed
    | Invited
)

__all__ = [
    "ID_LENGTH",
    "MAX_SEQ",
    "AnyEvent",
    "AnyReply",
    "AnyRequest",
    "BanMember",
    "CreateInvite",
    "CreateRoom",
    "DeleteMessage",
    "DeleteRoom",
    "Epoch",
    "Error",
    "Event",
    "GetHistory",
    "Hello",
    "History",
    "Identifier",
    "InviteCreated",
    "InviteMember",
    "InviteSecret",
    "Invited",
    "JoinRoom",
    "KickMember",
    "LeaveRoom",
    "Limits",
    "ListMembers",
    "ListRoles",
    "ListRooms",
    "ListedRoom",
    "Member",
    "MemberBanned",
    "MemberChanged",
    "MemberInvited",
    "MemberJoined",
    "MemberKicked",
    "MemberLeft",
    "MemberMuted",
    "MemberUnbanned",
    "Members",
    "Message",
    "MessageChanged",
    "MessageDeleted",
    "MessageEvent",
    "MessageSent",
    "MuteMember",
    "Part",
    "Ping",
    "Pong",
    "Removed",
    "Renew",
    "Renewed",
    "Reply",
    "Request",
    "RequestId",
    "Role",
    "RoleSet",
    "Roles",
    "Room",
    "RoomChanged",
    "RoomCreated",
    "RoomDeleted",
    "RoomJoined",
    "RoomLeft",
    "RoomList",
    "RoomUpdated",
    "SendMessage",
    "Seq",
    "SetRole",
    "SignOut",
    "SignedOut",
    "Time",
    "Token",
    "UnbanMember",
    "UpdateRoom",
    "UserId",
    "Visibility",
    "Welcome",
]
