"""What frames are made of: rooms, members, messages, and the kinds of their fields."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

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
        int | None,
        Meta(description="Joins, creations, invitations of one connection. Absent: any."),
    ] = None
