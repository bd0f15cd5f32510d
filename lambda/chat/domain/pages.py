"""Pages of messages and of lists."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from chat.protocol import Message

MAX_PAGE_BYTES = 120_000
"""Bytes of a page that a reply can hold, with an envelope: API Gateway carries 128 KB."""

Entry = TypeVar("Entry", covariant=True)


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in seq order, and whether there are more in the direction of reading."""

    messages: tuple[Message, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[Entry]):
    """A page of a list, and the cursor of the next page; None on the last."""

    entries: tuple[Entry, ...]
    cursor: str | None = None
