"""Pages of messages and lists that fit into one reply: API Gateway carries 128 KB a message."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from chat.domain.pages import MAX_PAGE_BYTES, Listing, Page
from chat.ports import Services
from chat.protocol import MAX_SEQ, Member, Part, Room

T = TypeVar("T", bound=Part)


def size_of(parts: Iterable[Part]) -> int:
    """Return the bytes that *parts* take in a frame."""
    return sum(len(msgspec.json.encode(part)) + 1 for part in parts)


def fit(parts: Iterable[T], *, max_bytes: int) -> tuple[T, ...]:
    """Return the longest head of *parts* within *max_bytes*.

    It has at least one part, so that paging goes on.
    """
    kept: list[T] = []
    for part in parts:
        max_bytes -= size_of([part])
        if max_bytes < 0 and kept:
            break
        kept.append(part)
    return tuple(kept)


def fit_list(
    parts: Sequence[T], *, cursor: str | None, cursor_of: Callable[[T], str], services: Services
) -> Listing[T]:
    """Return as many parts of a page as fit into a reply, and the cursor of the next page.

    The *cursor* is that of the page. If the page is cut, it is that of the last part kept.
    """
    kept = fit(parts, max_bytes=services.limits.history_bytes)
    return Listing(kept, cursor if len(kept) == len(parts) else cursor_of(kept[-1]))


def fit_members(members: Sequence[Member], services: Services) -> tuple[Member, ...]:
    """Return as many members as half a reply holds. The other half is for messages."""
    return fit(members, max_bytes=services.limits.history_bytes // 2)


def fit_beside(members: Sequence[Member], page: Page, services: Services) -> tuple[Member, ...]:
    """Return as many members as fit beside a page, of which a message may be a whole reply."""
    left = MAX_PAGE_BYTES - size_of(page.messages)
    return fit(members, max_bytes=min(left, services.limits.history_bytes // 2))


def page_before(
    room_id: str, before: int, services: Services, *, limit: int, max_bytes: int
) -> Page:
    """Return the page that ends below *before*. If bytes run out, it has its newest messages."""
    page = services.messages.before(room_id, before, limit=limit, max_bytes=max_bytes)
    newest_first = fit(reversed(page.messages), max_bytes=max_bytes)
    return Page(newest_first[::-1], page.has_more or len(newest_first) < len(page.messages))


def page_after(room_id: str, after: int, services: Services, *, limit: int, max_bytes: int) -> Page:
    """Return the page that starts above *after*. If bytes run out, it has its oldest messages."""
    page = services.messages.after(room_id, after, limit=limit, max_bytes=max_bytes)
    kept = fit(page.messages, max_bytes=max_bytes)
    return Page(kept, page.has_more or len(kept) < len(page.messages))


def latest_page(room_id: str, services: Services, *, limit: int, max_bytes: int) -> Page:
    """Return the newest page of a room."""
    return page_before(room_id, MAX_SEQ, services, limit=limit, max_bytes=max_bytes)


def can_resume(room: Room, after: int | None, epoch: str | None, services: Services) -> bool:
    """Return whether a client that saw *after* in *epoch* can get everything it missed."""
    if after is None or epoch != room.epoch or after > room.last_seq:
        return False
    return after == room.last_seq or services.messages.has_all_since(room, after)
