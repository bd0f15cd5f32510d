"""Every frame of protocol version 1, as typed structs: the contract.

Decoding, validation, the AsyncAPI document and the clients' types all come from here.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.errors import Code

ID_LENGTH = 64
MAX_SEQ = 10**16 - 1

# `(?![\s\S])` is "and nothing follows": `$` would let a trailing newline through.
Identifier = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{1,64}(?![\s\S])",
        description="1 to 64 characters of A-Z a-z 0-9 _ -",
        examples=["tea"],
    ),
]
RequestId = Annotated[
    str, Meta(max_length=ID_LENGTH, description="Chosen by the client; its reply echoes it.")
]
Epoch = Annotated[
    str, Meta(max_length=ID_LENGTH, description="Names one life of a room: a new one, a new log.")
]
Seq = Annotated[
    int, Meta(ge=0, le=MAX_SEQ, description="Place in the room's log: rising, not dense.")
]
Time = Annotated[
    str, Meta(description="RFC 3339, UTC, milliseconds.", examples=["2026-11-23T09:30:00.000Z"])
]

Role = Annotated[
    Literal["owner", "moderator", "member"],
    Meta(description="What a user may do in a room; an owner may all, a moderator keeps order."),
]
Visibility = Annotated[
    Literal["public", "private"],
    Meta(description="Public: listed, and open to everybody. Private: known to its members alone."),
]
UserId = Annotated[str, Meta(min_length=1, max_length=256, description="At most 256 bytes.")]
InviteSecret = Annotated[
    str, Meta(max_length=128, description="Opens a private room to a new member.")
]


Token = Annotated[str, Meta(min_length=1, max_length=8_192, description="As at the handshake.")]


class Part(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A piece of a frame."""


class Member(Part, frozen=True):
    """A person in a room, however many connections they have there."""

    user_id: str
    name: str
    role: Annotated[
        Literal["owner", "moderator"] | None, Meta(description="Absent: none in particular.")
    ] = None
    muted_until: Annotated[Time | None, Meta(description="May not speak until then.")] = None


class Room(Part, frozen=True):
    """A room, as everyone in it sees it."""

    room_id: Identifier
    name: str
    created_by: Annotated[str, Meta(description="userId of who created it.")]
    created_at: Time
    last_seq: Seq
    epoch: Epoch
    visibility: Visibility = "public"


class ListedRoom(Part, frozen=True):
    """A room of a list, and what its reader is there."""

    room: Room
    role: Annotated[Role | None, Meta(description="Absent: none, or none that lasts.")] = None


class Message(Part, frozen=True):
    """A line of a room's log; the server sets the sender, the seq and the time.

    What is left of a deleted one says when and by whom, and its text is empty.
    """

    room_id: Identifier
    seq: Seq
    sender: Member
    text: str
    sent_at: Time
    client_message_id: Identifier | None = None
    deleted_at: Time | None = None
    deleted_by: Annotated[str | None, Meta(description="userId.")] = None


class Limits(Part, frozen=True):
    """What this endpoint accepts; lengths in characters (Unicode code points)."""

    text_length: int
    name_length: int
    room_id_length: int
    history_page: Annotated[int, Meta(description="Messages in one reply, at most.")]
    history_bytes: Annotated[int, Meta(description="Bytes of lists in one reply, at most.")]
    rooms_per_connection: int
    rooms_per_user: Annotated[int, Meta(description="Rooms that a user has created, at most.")]
    presence: Annotated[
        int,
        Meta(description="Joins and leaves are announced in rooms up to this many connections."),
    ]
    messages_per_second: Annotated[
        float | None, Meta(description="Of one connection, for long. Absent: any number.")
    ] = None
    message_burst: Annotated[
        int | None, Meta(description="Messages of one connection at once. Absent: any number.")
    ] = None
    joins_per_minute: Annotated[
        int | None, Meta(description="joinRoom and createRoom of one connection. Absent: any.")
    ] = None


class Request(
    Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="action",
):
    """A client's frame; every one gets exactly one reply."""

    request_id: RequestId | None = None


class Hello(Request, frozen=True, tag="hello"):
    """Who am I here, and what are the limits?"""


class CreateRoom(Request, frozen=True, tag="createRoom"):
    """Open a room, own it, and be in it; without a roomId the server makes one up.

    A private room's id is always the server's: one that can be guessed would give it away.
    """

    room_id: Identifier | None = None
    name: str | None = None
    visibility: Visibility = "public"


class JoinRoom(Request, frozen=True, tag="joinRoom"):
    """Enter a room; `after` and `epoch` ask for what was missed since that seq."""

    room_id: Identifier
    after: Seq | None = None
    epoch: Epoch | None = None
    invite: InviteSecret | None = None


class LeaveRoom(Request, frozen=True, tag="leaveRoom"):
    """Leave a room with this connection, or for good: as a member, with every connection."""

    room_id: Identifier
    for_good: bool = False


class SendMessage(Request, frozen=True, tag="sendMessage"):
    """Say something in a room; a repeated clientMessageId is the same message."""

    room_id: Identifier
    text: Annotated[str, Meta(min_length=1)]
    client_message_id: Identifier | None = None


class GetHistory(Request, frozen=True, tag="getHistory"):
    """Read the log before or after a seq; with neither, its latest page."""

    room_id: Identifier
    before: Seq | None = None
    after: Seq | None = None
    limit: Annotated[int, Meta(ge=1)] | None = None


class ListMembers(Request, frozen=True, tag="listMembers"):
    """Who is in a room at present?"""

    room_id: Identifier


class ListRoles(Request, frozen=True, tag="listRoles"):
    """Who has a role in a room, present or not? Or, for owners and moderators: who is banned?"""

    room_id: Identifier
    banned: bool = False
    cursor: Annotated[UserId | None, Meta(description="Of the page before.")] = None


class ListRooms(Request, frozen=True, tag="listRooms"):
    """The user's own rooms, or the public ones, a page at a time."""

    which: Annotated[
        Literal["mine", "public"],
        Meta(description="`mine`: with a role, or joined within 90 days and not left for good."),
    ] = "mine"
    cursor: Annotated[Identifier | None, Meta(description="Of the page before.")] = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 100


class UpdateRoom(Request, frozen=True, tag="updateRoom"):
    """Rename a room, or make a private one public; for owners."""

    room_id: Identifier
    name: str | None = None
    visibility: Literal["public"] | None = None


class DeleteRoom(Request, frozen=True, tag="deleteRoom"):
    """End a room and delete what was said in it; for owners."""

    room_id: Identifier


class InviteMember(Request, frozen=True, tag="inviteMember"):
    """Make a user a member of a private room; for owners and moderators."""

    room_id: Identifier
    user_id: UserId
    name: Annotated[
        str | None, Meta(description="To list the user by until they come; default: the userId.")
    ] = None


class CreateInvite(Request, frozen=True, tag="createInvite"):
    """Make a secret that opens a private room to who has it; for owners and moderators."""

    room_id: Identifier
    expires_in_seconds: Annotated[int, Meta(ge=60, le=2_592_000)] = 604_800
    uses: Annotated[int, Meta(ge=1, le=1_000, description="New members, at most.")] = 1


class SetRole(Request, frozen=True, tag="setRole"):
    """Make a user owner, moderator, or neither; for owners. A room keeps one owner at least."""

    room_id: Identifier
    user_id: UserId
    role: Role


class KickMember(Request, frozen=True, tag="kickMember"):
    """Put a user out, who may come back where the room is public; for owners and moderators."""

    room_id: Identifier
    user_id: UserId


class BanMember(Request, frozen=True, tag="banMember"):
    """Put a user out for good; for owners and moderators."""

    room_id: Identifier
    user_id: UserId


class UnbanMember(Request, frozen=True, tag="unbanMember"):
    """Let a banned user come again, as nobody in particular; for owners and moderators."""

    room_id: Identifier
    user_id: UserId


class MuteMember(Request, frozen=True, tag="muteMember"):
    """Let a user read and not speak for a while; for owners and moderators."""

    room_id: Identifier
    user_id: UserId
    seconds: Annotated[
        int, Meta(ge=0, le=31_536_000, description="From now; 0 lets them speak again.")
    ]


class DeleteMessage(Request, frozen=True, tag="deleteMessage"):
    """Take a message back: one's own, or, for owners and moderators, anyone's."""

    room_id: Identifier
    seq: Seq


class Renew(Request, frozen=True, tag="renew"):
    """Let this connection last as long as a fresh token of the same user."""

    token: Token


class Ping(Request, frozen=True, tag="ping"):
    """Keep the connection from its 10 idle minutes, and tell the time."""


class Reply(
    Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, tag_field="type"
):
    """The server's answer to one request."""

    request_id: RequestId | None = None


class Welcome(Reply, frozen=True, tag="welcome"):
    """Answers `hello`."""

    user_id: str
    name: str
    server_time: Time
    expires_at: Annotated[Time, Meta(description="When this connection ends, at the latest.")]
    limits: Limits


class RoomCreated(Reply, frozen=True, tag="roomCreated"):
    """Answers `createRoom`."""

    room: Room
    members: tuple[Member, ...]


class RoomJoined(Reply, frozen=True, tag="roomJoined"):
    """Answers `joinRoom`; `resumed` says that `messages` continue from `after` without a loss."""

    room: Room
    members: tuple[Member, ...]
    member_count: int
    messages: tuple[Message, ...]
    has_more: bool
    resumed: bool
    deleted: Annotated[
        tuple[Seq, ...],
        Meta(description="When resumed: seqs up to `after` of the last 100 deletions."),
    ] = ()


class RoomLeft(Reply, frozen=True, tag="roomLeft"):
    """Answers `leaveRoom`."""

    room_id: Identifier


class MessageSent(Reply, frozen=True, tag="messageSent"):
    """Answers `sendMessage`: the message is in the log."""

    message: Message


class History(Reply, frozen=True, tag="history"):
    """Answers `getHistory`: messages in seq order; `hasMore` in the direction asked for."""

    room_id: Identifier
    messages: tuple[Message, ...]
    has_more: bool


class Members(Reply, frozen=True, tag="members"):
    """Answers `listMembers`; a list that outgrows one reply is cut, the count is not."""

    room_id: Identifier
    members: tuple[Member, ...]
    member_count: int


class Roles(Reply, frozen=True, tag="roles"):
    """Answers `listRoles`; while there is a cursor, there may be more."""

    room_id: Identifier
    members: tuple[Member, ...]
    cursor: Annotated[UserId | None, Meta(description="Where the list goes on.")] = None


class RoomList(Reply, frozen=True, tag="rooms"):
    """Answers `listRooms`; while there is a cursor, there may be more."""

    rooms: tuple[ListedRoom, ...]
    cursor: Annotated[Identifier | None, Meta(description="Where the list goes on.")] = None


class RoomUpdated(Reply, frozen=True, tag="roomUpdated"):
    """Answers `updateRoom`."""

    room: Room


class RoomDeleted(Reply, frozen=True, tag="roomDeleted"):
    """Answers `deleteRoom`: nobody is in it any more, and its id is not used again."""

    room_id: Identifier
    complete: Annotated[
        bool, Meta(description="False: a part of a long log is still to be deleted; ask again.")
    ]


class MemberInvited(Reply, frozen=True, tag="memberInvited"):
    """Answers `inviteMember`."""

    room_id: Identifier
    user_id: str


class InviteCreated(Reply, frozen=True, tag="inviteCreated"):
    """Answers `createInvite`; the server does not keep the invite, only a hash of it."""

    room_id: Identifier
    invite: InviteSecret
    expires_at: Time
    uses: int


class RoleSet(Reply, frozen=True, tag="roleSet"):
    """Answers `setRole`."""

    room_id: Identifier
    member: Member


class MemberKicked(Reply, frozen=True, tag="memberKicked"):
    """Answers `kickMember`."""

    room_id: Identifier
    user_id: str


class MemberBanned(Reply, frozen=True, tag="memberBanned"):
    """Answers `banMember`."""

    room_id: Identifier
    user_id: str


class MemberUnbanned(Reply, frozen=True, tag="memberUnbanned"):
    """Answers `unbanMember`."""

    room_id: Identifier
    user_id: str


class MemberMuted(Reply, frozen=True, tag="memberMuted"):
    """Answers `muteMember`."""

    room_id: Identifier
    member: Member


class MessageDeleted(Reply, frozen=True, tag="messageDeleted"):
    """Answers `deleteMessage`: what is left of it keeps its place in the log."""

    message: Message


class Renewed(Reply, frozen=True, tag="renewed"):
    """Answers `renew`."""

    expires_at: Annotated[Time, Meta(description="When this connection ends, at the latest.")]


class Pong(Reply, frozen=True, tag="pong"):
    """Answers `ping`."""

    server_time: Time


class Error(Reply, frozen=True, tag="error"):
    """Answers any request that failed; the connection goes on."""

    code: Code
    message: str
    action: str | None = None
    retry_after_ms: int | None = None
    reason: Annotated[
        str | None, Meta(description="Why a review refused a message, in a line for people.")
    ] = None


class Event(
    Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, tag_field="type"
):
    """What happened to others, pushed."""


class MessageEvent(Event, frozen=True, tag="message"):
    """Somebody said something; at least once and unordered: sort by seq."""

    message: Message


class MemberJoined(Event, frozen=True, tag="memberJoined"):
    """Somebody came in with their first connection."""

    room_id: Identifier
    member: Member
    member_count: int


class MemberLeft(Event, frozen=True, tag="memberLeft"):
    """Somebody's last connection left."""

    room_id: Identifier
    user_id: str
    member_count: int


class MemberChanged(Event, frozen=True, tag="memberChanged"):
    """Somebody's role changed, or whether they may speak."""

    room_id: Identifier
    member: Member


class MessageChanged(Event, frozen=True, tag="messageChanged"):
    """A message was deleted: this is what is left of it."""

    message: Message


class RoomChanged(Event, frozen=True, tag="roomChanged"):
    """The room has another name, or is public now."""

    room: Room


class Removed(Event, frozen=True, tag="removed"):
    """You are not in the room any more."""

    room_id: Identifier
    reason: Literal["kicked", "banned", "left", "deleted"]


class Invited(Event, frozen=True, tag="invited"):
    """You have become a member of a room: join it when you like."""

    room: Room
    by: Member


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
