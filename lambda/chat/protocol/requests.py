"""What clients ask."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.parts import (
    Epoch,
    Identifier,
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
        Meta(
            description="`mine`: with a role, or joined within 90 days and neither left for good"
            " nor put out of."
        ),
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


class SignOut(Request, frozen=True, tag="signOut"):
    """Let this connection's tokens open and renew nothing more, and end what they have opened."""


class Ping(Request, frozen=True, tag="ping"):
    """Keep the connection from its 10 idle minutes, and tell the time."""
