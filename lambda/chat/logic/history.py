"""Lists that fit one reply: API Gateway carries at most 128 KB a message."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from chat.domain.pages import Page
from chat.ports import Services
from chat.protocol import MAX_SEQ, Member, Part, Room

T = TypeVar("T", bound=Part)


def size(parts: Iterable[Part]) -> int:
    """Bytes that *parts* take in a frame."""
    return sum(len(msgspec.json.encode(part)) + 1 for part in parts)


def fit(parts: Iterable[T], *, budget: int) -> tuple[T, ...]:
    """The longest head of *parts* within *budget* bytes; one at least, so that paging goes on."""
    kept: list[T] = []
    for part in parts:
        budget -= size([part])
        if budget < 0 and kept:
            break
        kept.append(part)
    return tuple(kept)


def roster(people: Sequence[Member], services: Services) -> tuple[Member, ...]:
    """As many members as half a reply holds; the other half is for messages."""
    return fit(people, budget=services.limits.history_bytes // 2)


def older(room_id: str, before: int, services: Services, *, limit: int, budget: int) -> Page:
    """The page that ends below *before*; when bytes run out, its newest messages."""
    page = services.rooms.before(room_id, before, limit=limit)
    newest_first = fit(reversed(page.messages), budget=budget)
    return Page(newest_first[::-1], page.has_more or len(newest_first) < len(page.messages))


def newer(room_id: str, after: int, services: Services, *, limit: int, budget: int) -> Page:
    """The page that starts above *after*; when bytes run out, its oldest messages."""
    page = services.rooms.after(room_id, after, limit=limit)
    kept = fit(page.messages, budget=budget)
    return Page(kept, page.has_more or len(kept) < len(page.messages))


def latest(room_id: str, services: Services, *, limit: int, budget: int) -> Page:
    """The newest page of a room."""
    return older(room_id, MAX_SEQ, services, limit=limit, budget=budget)


def resumes(room: Room, after: int | None, epoch: str | None, services: Services) -> bool:
    """Whether a client that saw *after* in *epoch* can be given all that it missed."""
    if after is None or epoch != room.epoch or after > room.last_seq:
        return False
    return after == room.last_seq or services.rooms.keeps(room, after)
