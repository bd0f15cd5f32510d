"""What happened to others, pushed."""

from typing import Literal

from msgspec import Struct

from chat.protocol.parts import Identifier, Member, Message, Room


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
