"""Pages of messages and of lists."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from chat.protocol import Message

Entry = TypeVar("Entry", covariant=True)


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in seq order, and whether the log goes on in the direction they were read."""

    messages: tuple[Message, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[Entry]):
    """A page of a list, and where the list goes on, if it does."""

    entries: tuple[Entry, ...]
    cursor: str | None = None
