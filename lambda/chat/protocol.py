"""Every frame of protocol version 1, as typed structs: the contract.

Decoding, validation, the AsyncAPI document and the clients' types all come from here.
"""

from typing import Annotated

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


class Part(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A piece of a frame."""


class Member(Part, frozen=True):
    """A person in a room, however many connections they have there."""

    user_id: str
    name: str


class Room(Part, frozen=True):
    """A room, as everyone in it sees it."""

    room_id: Identifier
    name: str
    created_by: Annotated[str, Meta(description="userId of who created it.")]
    created_at: Time
    last_seq: Seq
    epoch: Epoch


class Message(Part, frozen=True):
    """A line of a room's log; the server sets the sender, the seq and the time."""

    room_id: Identifier
    seq: Seq
    sender: Member
    text: str
    sent_at: Time
    client_message_id: Identifier | None = None


class Limits(Part, frozen=True):
    """What this endpoint accepts; lengths in characters (Unicode code points)."""

    text_length: int
    name_length: int
    room_id_length: int
    history_page: Annotated[int, Meta(description="Messages in one reply, at most.")]
    history_bytes: Annotated[int, Meta(description="Bytes of lists in one reply, at most.")]
    rooms_per_connection: int
    presence: Annotated[
        int,
        Meta(description="Joins and leaves are announced in rooms up to this many connections."),
    ]


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
    """Open a room and be in it; without a roomId the server makes one up."""

    room_id: Identifier | None = None
    name: str | None = None


class JoinRoom(Request, frozen=True, tag="joinRoom"):
    """Enter a room; `after` and `epoch` ask for what was missed since that seq."""

    room_id: Identifier
    after: Seq | None = None
    epoch: Epoch | None = None


class LeaveRoom(Request, frozen=True, tag="leaveRoom"):
    """Leave a room, with this connection."""

    room_id: Identifier


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
    """Who is in a room?"""

    room_id: Identifier


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


class Pong(Reply, frozen=True, tag="pong"):
    """Answers `ping`."""

    server_time: Time


class Error(Reply, frozen=True, tag="error"):
    """Answers any request that failed; the connection goes on."""

    code: Code
    message: str
    action: str | None = None
    retry_after_ms: int | None = None


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


AnyRequest = (
    Hello | CreateRoom | JoinRoom | LeaveRoom | SendMessage | GetHistory | ListMembers | Ping
)
AnyReply = (
    Welcome | RoomCreated | RoomJoined | RoomLeft | MessageSent | History | Members | Pong | Error
)
AnyEvent = MessageEvent | MemberJoined | MemberLeft
