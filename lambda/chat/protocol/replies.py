"""Replies: the server sends one for each request."""

from typing import Annotated

from msgspec import Meta, Struct

from chat.errors import Code
from chat.protocol.parts import (
    Identifier,
    Invite,
    InviteId,
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
    """The reply to one request."""

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
    """Answers `joinRoom`. If `resumed`, `messages` continue from `after` without a gap."""

    room: Room
    members: tuple[Member, ...]
    member_count: int
    messages: tuple[Message, ...]
    has_more: bool
    resumed: bool
    deleted: Annotated[
        tuple[Seq, ...],
        Meta(description="If resumed: the seqs up to `after` of the room's last 100 deletions."),
    ] = ()


class RoomLeft(Reply, frozen=True, tag="roomLeft"):
    """Answers `leaveRoom`."""

    room_id: Identifier


class MessageSent(Reply, frozen=True, tag="messageSent"):
    """Answers `sendMessage`: the message is stored."""

    message: Message


class History(Reply, frozen=True, tag="history"):
    """Answers `getHistory`. `hasMore` is about the direction that was asked for."""

    room_id: Identifier
    messages: tuple[Message, ...]
    has_more: bool


class Members(Reply, frozen=True, tag="members"):
    """Answers `listMembers`. A list that is too long is cut, and the count is not."""

    room_id: Identifier
    members: tuple[Member, ...]
    member_count: int


class Roles(Reply, frozen=True, tag="roles"):
    """Answers `listRoles`. While there is a cursor, there may be more."""

    room_id: Identifier
    members: tuple[Member, ...]
    cursor: Annotated[UserId | None, Meta(description="Where the next page begins.")] = None


class RoomList(Reply, frozen=True, tag="rooms"):
    """Answers `listRooms`. While there is a cursor, there may be more."""

    rooms: tuple[ListedRoom, ...]
    cursor: Annotated[Identifier | None, Meta(description="Where the next page begins.")] = None


class RoomUpdated(Reply, frozen=True, tag="roomUpdated"):
    """Answers `updateRoom`."""

    room: Room


class RoomDeleted(Reply, frozen=True, tag="roomDeleted"):
    """Answers `deleteRoom`. If it is complete, the id is free after 90 days."""

    room_id: Identifier
    complete: Annotated[
        bool, Meta(description="If false, a part of the room remains: repeat the request.")
    ]


class MemberInvited(Reply, frozen=True, tag="memberInvited"):
    """Answers `inviteMember`."""

    room_id: Identifier
    user_id: str


class InviteCreated(Reply, frozen=True, tag="inviteCreated"):
    """Answers `createInvite`. The server stores a hash of the invite, and not the invite."""

    room_id: Identifier
    invite_id: InviteId
    invite: InviteSecret
    expires_at: Time
    uses: int


class Invites(Reply, frozen=True, tag="invites"):
    """Answers `listInvites`. While there is a cursor, there may be more."""

    room_id: Identifier
    invites: tuple[Invite, ...]
    cursor: Annotated[InviteId | None, Meta(description="Where the next page begins.")] = None


class InviteRevoked(Reply, frozen=True, tag="inviteRevoked"):
    """Answers `revokeInvite`."""

    room_id: Identifier
    invite_id: InviteId


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
    """Answers `deleteMessage`. The message keeps its place in the log."""

    message: Message


class Renewed(Reply, frozen=True, tag="renewed"):
    """Answers `renew`."""

    expires_at: Annotated[Time, Meta(description="When this connection ends, at the latest.")]


class SignedOut(Reply, frozen=True, tag="signedOut"):
    """Answers `signOut`. After it, the connection sends and receives nothing."""


class Pong(Reply, frozen=True, tag="pong"):
    """Answers `ping`."""

    server_time: Time


class Error(Reply, frozen=True, tag="error"):
    """Answers a request that failed. The connection stays open."""

    code: Code
    message: str
    action: str | None = None
    retry_after_ms: int | None = None
    reason: Annotated[
        str | None, Meta(description="Why a review rejected the message, in one line for people.")
    ] = None
