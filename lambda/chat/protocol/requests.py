"""Requests: frames from clients."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.parts import (
    Epoch,
    Identifier,
    InviteId,
    InviteSecret,
    RequestId,
    Role,
    Seq,
    Token,
    UserId,
    Visibility,
)


class Request(
    Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="action",
):
    """A frame from a client. It gets exactly one reply."""

    request_id: RequestId | None = None


class Hello(Request, frozen=True, tag="hello"):
    """Ask for the user's identity, the server's time and the limits."""


class CreateRoom(Request, frozen=True, tag="createRoom"):
    """Create a room, become its owner and join it. The server makes up a missing roomId.

    The id of a private room is always the server's, because a chosen id could be guessed.
    """

    room_id: Identifier | None = None
    name: str | None = None
    visibility: Visibility = "public"


class JoinRoom(Request, frozen=True, tag="joinRoom"):
    """Join a room. With `after` and `epoch`, get the messages that were missed since then."""

    room_id: Identifier
    after: Seq | None = None
    epoch: Epoch | None = None
    invite: InviteSecret | None = None


class LeaveRoom(Request, frozen=True, tag="leaveRoom"):
    """Leave a room with this connection. With `forGood`, leave with all, and give up the role."""

    room_id: Identifier
    for_good: bool = False


class SendMessage(Request, frozen=True, tag="sendMessage"):
    """Send a message to a room. A repeated clientMessageId is the same message."""

    room_id: Identifier
    text: Annotated[str, Meta(min_length=1)]
    client_message_id: Identifier | None = None


class GetHistory(Request, frozen=True, tag="getHistory"):
    """Read messages before or after a seq. With neither, read the latest page."""

    room_id: Identifier
    before: Seq | None = None
    after: Seq | None = None
    limit: Annotated[int, Meta(ge=1)] | None = None


class ListMembers(Request, frozen=True, tag="listMembers"):
    """List the users who are in a room now."""

    room_id: Identifier


class ListRoles(Request, frozen=True, tag="listRoles"):
    """List users with a role in a room, present or not. With `banned`, list banned users."""

    room_id: Identifier
    banned: bool = False
    cursor: Annotated[UserId | None, Meta(description="The cursor of the previous page.")] = None


class ListRooms(Request, frozen=True, tag="listRooms"):
    """List the user's own rooms, or the public rooms, in pages."""

    which: Annotated[
        Literal["mine", "public"],
        Meta(
            description="`mine`: rooms with a role, and rooms joined within 90 days, neither left"
            " with `forGood` nor removed from."
        ),
    ] = "mine"
    cursor: Annotated[Identifier | None, Meta(description="The cursor of the previous page.")] = (
        None
    )
    limit: Annotated[int, Meta(ge=1, le=100)] = 100


class UpdateRoom(Request, frozen=True, tag="updateRoom"):
    """Rename a room, or make a private room public. For owners."""

    room_id: Identifier
    name: str | None = None
    visibility: Literal["public"] | None = None


class DeleteRoom(Request, frozen=True, tag="deleteRoom"):
    """Delete a room and its messages. For owners."""

    room_id: Identifier


class InviteMember(Request, frozen=True, tag="inviteMember"):
    """Make a user a member of a room. For owners and moderators."""

    room_id: Identifier
    user_id: UserId
    name: Annotated[
        str | None,
        Meta(description="The name in lists until the user joins. By default, the userId."),
    ] = None


class CreateInvite(Request, frozen=True, tag="createInvite"):
    """Make a secret with which new members join a private room. For owners and moderators."""

    room_id: Identifier
    expires_in_seconds: Annotated[int, Meta(ge=60, le=2_592_000)] = 604_800
    uses: Annotated[int, Meta(ge=1, le=1_000, description="Maximum new members.")] = 1


class ListInvites(Request, frozen=True, tag="listInvites"):
    """List the open invites of a private room, without their secrets.

    For owners and moderators.
    """

    room_id: Identifier
    cursor: Annotated[InviteId | None, Meta(description="The cursor of the previous page.")] = None


class RevokeInvite(Request, frozen=True, tag="revokeInvite"):
    """Make an invite open nothing more. For owners and moderators."""

    room_id: Identifier
    invite_id: InviteId


class SetRole(Request, frozen=True, tag="setRole"):
    """Give a user a role. For owners. A room always keeps one owner."""

    room_id: Identifier
    user_id: UserId
    role: Role


class KickMember(Request, frozen=True, tag="kickMember"):
    """Remove a user's role and connections from a room. For owners and moderators."""

    room_id: Identifier
    user_id: UserId


class BanMember(Request, frozen=True, tag="banMember"):
    """Kick a user, and reject their joins until `unbanMember`. For owners and moderators."""

    room_id: Identifier
    user_id: UserId


class UnbanMember(Request, frozen=True, tag="unbanMember"):
    """Let a banned user join again, without a role. For owners and moderators."""

    room_id: Identifier
    user_id: UserId


class MuteMember(Request, frozen=True, tag="muteMember"):
    """Reject a user's messages for a number of seconds. For owners and moderators."""

    room_id: Identifier
    user_id: UserId
    seconds: Annotated[
        int, Meta(ge=0, le=31_536_000, description="Seconds from now. 0 ends the mute.")
    ]


class DeleteMessage(Request, frozen=True, tag="deleteMessage"):
    """Delete a message. Owners and moderators may delete messages of other users."""

    room_id: Identifier
    seq: Seq


class Renew(Request, frozen=True, tag="renew"):
    """Extend this connection with a fresh token of the same user."""

    token: Token


class SignOut(Request, frozen=True, tag="signOut"):
    """Revoke the tokens of this connection, and end all connections that they opened."""


class Ping(Request, frozen=True, tag="ping"):
    """Keep the connection open, and ask for the server's time."""
