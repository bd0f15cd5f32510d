"""What the server answers: one reply to each request."""

from typing import Annotated

from msgspec import Meta, Struct

from chat.errors import Code
from chat.protocol.parts import (
    Identifier,
    InviteSecret,
    Limits,
    ListedRoom,
    Member,
    Message,
    RequestId,
    Room,
    Seq,
    Time,
    UserId,
)


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


class SignedOut(Reply, frozen=True, tag="signedOut"):
    """Answers `signOut`; the connection neither speaks nor hears after it."""


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
