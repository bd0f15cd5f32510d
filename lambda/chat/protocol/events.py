"""Events: frames about changes that other connections caused."""

from typing import Literal

from msgspec import Struct

from chat.protocol.parts import Identifier, Member, Message, Room


class Event(
    Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, tag_field="type"
):
    """A change that another connection caused."""


class MessageEvent(Event, frozen=True, tag="message"):
    """A user has sent a message. It arrives at least once and in any order: sort by seq."""

    message: Message


class MemberJoined(Event, frozen=True, tag="memberJoined"):
    """A user has joined a room with the first of their connections."""

    room_id: Identifier
    member: Member
    member_count: int


class MemberLeft(Event, frozen=True, tag="memberLeft"):
    """The last connection of a user has left a room."""

    room_id: Identifier
    user_id: str
    member_count: int


class MemberChanged(Event, frozen=True, tag="memberChanged"):
    """The role of a user has changed, or whether they may send messages."""

    room_id: Identifier
    member: Member


class MessageChanged(Event, frozen=True, tag="messageChanged"):
    """A message was deleted. Its text is empty."""

    message: Message


class RoomChanged(Event, frozen=True, tag="roomChanged"):
    """A room has a new name, or has become public."""

    room: Room


class Removed(Event, frozen=True, tag="removed"):
    """The receiving user is not in the room any more."""

    room_id: Identifier
    reason: Literal["kicked", "banned", "left", "deleted"]


class Invited(Event, frozen=True, tag="invited"):
    """The receiving user has become a member of a room, and may join it."""

    room: Room
    by: Member
