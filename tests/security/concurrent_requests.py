"""Requests of several people at the same moment, in chosen orders."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import Fortress
from tests.security.attacked_rooms import TEA
from tests.support.harness import Frame

Choice = Callable[[int], int]
Job = tuple[str, Frame]
Replies = dict[str, Frame]
Work = Callable[[], Frame]

RANDOM = 3
"""Orders by chance, the same in every run."""


def race(chat: Fortress, jobs: dict[str, Job], check: Callable[[Replies], None]) -> None:
    """Run the jobs in many orders, each from the same beginning; *check* gets their replies.

    Each in turn halts once, before each of its requests, until the others have ended.
    """
    for first in jobs:
        order = [first, *(name for name in jobs if name != first)]
        for steps in range(1, requests(chat, jobs[first]) + 1):
            _run(chat, {name: jobs[name] for name in order}, first_for(steps), check)
    for seed in range(RANDOM):
        _run(chat, jobs, random.Random(seed).randrange, check)


def _run(
    chat: Fortress, jobs: dict[str, Job], choose: Choice, check: Callable[[Replies], None]
) -> None:
    with chat.undone():
        work = [partial(chat.says, who, frame) for who, frame in jobs.values()]
        replies = interleaved(chat.client, work, choose)
        check(dict(zip(jobs, replies, strict=True)))


def first_for(steps: int) -> Choice:
    """The first job goes on that many times, then the last until it has ended."""
    left = iter(range(steps))
    return lambda running: 0 if next(left, None) is not None else running - 1


def requests(chat: Fortress, job: Job) -> int:
    """How many requests a job makes when it is alone."""
    with chat.undone():
        chat.calls.clear()
        chat.says(*job)
        return chat.calls.total()


def inside(chat: Fortress, user: str, room_id: str = "tea") -> bool:
    """Whether a user is in the room; the audience and the connections have to agree."""
    present = [a.connection_id for a in chat.services.subscribers.of(room_id)]
    for connection_id in chat.replies:
        joined = chat.services.connections.get(connection_id).rooms
        assert (room_id in joined) == (connection_id in present), connection_id
    return any(chat.user_id(id_) == f"u-{user}" for id_ in present)


def on(action: str, target: str, **fields: object) -> Frame:
    """A frame about somebody in the public room."""
    return {"action": action, **TEA, "userId": f"u-{target}", **fields}


def owners(chat: Fortress, room_id: str = "tea") -> set[str]:
    """Who owns the room; they have to be as many as the room counts."""
    items: Any = room_items(chat, room_id)
    found = {
        key.removeprefix("MEMBER#")
        for key, item in items.items()
        if key.startswith("MEMBER#") and item.get("role") == {"S": "owner"}
    }
    assert items["ROOM"]["owners"] == {"N": str(len(found))}
    return found


def room_items(chat: Fortress, room_id: str) -> dict[str, object]:
    """What the table of rooms has of a room, by sort key."""
    of_room = (chat.tables[1], f"ROOM#{room_id}")
    return {key[2]: item for key, item in chat.items().items() if key[:2] == of_room}
