"""Parts of frames: rooms, members and messages, and the types of their fields."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

ID_LENGTH = 64
MAX_SEQ = 10**16 - 1

# `(?![\s\S])` means that nothing follows: `$` would accept a trailing newline.
Identifier = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{1,64}(?![\s\S])",
        description="1 to 64 characters of A-Z a-z 0-9 _ -",
        examples=["tea"],
    ),
]
RequestId = Annotated[
    str,
    Meta(
        max_length=ID_LENGTH, description="A string that the client chooses. The reply repeats it."
    ),
]
Epoch = Annotated[
    str,
    Meta(
        max_length=ID_LENGTH,
        description="A random id of the room's log. Another epoch is another log.",
    ),
]
Seq = Annotated[
    int,
    Meta(ge=0, le=MAX_SEQ, description="The number of a message in its room: rising, not dense."),
]
Time = Annotated[
    str,
    Meta(description="RFC 3339 in UTC with milliseconds.", examples=["2026-11-23T09:30:00.000Z"]),
]

Role = Annotated[
    Literal["owner", "moderator", "member"],
    Meta(description="The rank of a user in a room, which decides what the user may do there."),
]
Visibility = Annotated[
    Literal["public", "private"],
    Meta(description="Public: listed and open to every user. Private: known only to its members."),
]
UserId = Annotated[
    str, Meta(min_length=1, max_length=256, description="At most 256 bytes of UTF-8.")
]
InviteSecret = Annotated[
    str, Meta(max_length=128, description="A secret with which a new member joins a private room.")
]
InviteId = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{64}(?![\s\S])",
        description="The SHA-256 of an invite in hex. It opens nothing.",
    ),
]
Token = Annotated[
    str, Meta(min_length=1, max_length=8_192, description="A token as in the handshake.")
]


class Part(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A part of a frame."""


class Member(Part, frozen=True):
    """A user as a room shows them. All devices of a user are one member."""

    user_id: str
    name: str
    role: Annotated[
        Literal["owner", "moderator"] | None, Meta(description="Absent for members and visitors.")
    ] = None
    muted_until: Annotated[
        Time | None, Meta(description="The user cannot send messages until then.")
    ] = None


class Room(Part, frozen=True):
    """A room."""

    room_id: Identifier
    name: str
    created_by: Annotated[str, Meta(description="The userId of the user who created it.")]
    created_at: Time
    last_seq: Seq
    epoch: Epoch
    visibility: Visibility = "public"


class ListedRoom(Part, frozen=True):
    """A room in a list, with the role of the user who asks."""

    room: Room
    role: Annotated[Role | None, Meta(description="Absent for a visitor.")] = None


class Invite(Part, frozen=True):
    """An open invite of a private room, without its secret."""

    invite_id: InviteId
    created_by: Annotated[
        str,
        Meta(
            description="The userId of its creator. It opens the room while the creator may invite."
        ),
    ]
    expires_at: Time
    uses: Annotated[int, Meta(description="New members that can still join with it.")]


class Message(Part, frozen=True):
    """A message of a room. The server sets its sender, seq and time.

    If it is deleted, its text is empty, and it has the time and the user of the deletion.
    """

    room_id: Identifier
    seq: Seq
    sender: Member
    text: str
    sent_at: Time
    client_message_id: Identifier | None = None
    deleted_at: Time | None = None
    deleted_by: Annotated[
        str | None, Meta(description="The userId of the user who deleted it.")
    ] = None


class Limits(Part, frozen=True):
    """The limits of an environment. Lengths are in characters (Unicode code points)."""

    text_length: int
    name_length: int
    room_id_length: int
    history_page: Annotated[int, Meta(description="Maximum messages in a reply.")]
    history_bytes: Annotated[int, Meta(description="Maximum bytes of lists in a reply.")]
    rooms_per_connection: int
    rooms_per_user: Annotated[int, Meta(description="Maximum rooms that a user has created.")]
    presence: Annotated[
        int,
        Meta(description="Maximum users of a room in which joins and leaves are announced."),
    ]
    messages_per_second: Annotated[
        float | None, Meta(description="Messages a second of one connection. Absent: no limit.")
    ] = None
    message_burst: Annotated[
        int | None, Meta(description="Messages of one connection at once. Absent: no limit.")
    ] = None
    joins_per_minute: Annotated[
        int | None,
        Meta(description="Joins, new rooms and invitations of one connection. Absent: no limit."),
    ] = None
    reads_per_second: Annotated[
        float | None, Meta(description="Reads a second of one connection. Absent: no limit.")
    ] = None
    read_burst: Annotated[
        int | None, Meta(description="Reads of one connection at once. Absent: no limit.")
    ] = None
