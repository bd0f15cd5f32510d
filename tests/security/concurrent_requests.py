"""Requests of several users at the same moment, in chosen orders."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import AttackedChat
from tests.security.attacked_rooms import TEA
from tests.support.harness import Frame
from tests.support.hypothesis_profiles import PROFILE

Choice = Callable[[int], int]
Job = tuple[str, Frame]
Replies = dict[str, Frame]
Work = Callable[[], Frame]

RANDOM_ORDERS = 1 if PROFILE == "unit" else 3
"""The number of random orders, which are the same in every run."""

STRIDE = 3 if PROFILE == "unit" else 1
"""A job halts before each of its requests, or before every third in `make unit`."""


def race(chat: AttackedChat, jobs: dict[str, Job], check: Callable[[Replies], None]) -> None:
    """Run the jobs in many orders, each from the same state, and call *check* with their replies.

    Each job in turn halts once, before its requests one by one, until the others have ended.
    """
    for first in jobs:
        order = [first, *(name for name in jobs if name != first)]
        for steps in range(1, requests(chat, jobs[first]) + 1, STRIDE):
            _run(chat, {name: jobs[name] for name in order}, first_for(steps), check)
    for seed in range(RANDOM_ORDERS):
        _run(chat, jobs, random.Random(seed).randrange, check)


def halted_until(
    chat: AttackedChat, job: Job, ending: Work, *, room_id: str
) -> Iterator[tuple[Frame, Frame, bool]]:
    """Halt a job before each of its requests until *ending* has ended, each from the same state.

    Yields both replies, and whether the room has had the same items since *ending* returned.
    """
    settled = dict[str, object]()

    def end() -> Frame:
        reply = ending()
        settled.update(room_items(chat, room_id))
        return reply

    who, frame = job
    for steps in range(1, requests(chat, job) + 1):
        with chat.undone():
            settled.clear()
            work: list[Work] = [partial(chat.says, who, frame), end]
            done, ended = interleaved(chat.client, work, first_for(steps))
            yield done, ended, room_items(chat, room_id) == settled


def _run(
    chat: AttackedChat, jobs: dict[str, Job], choose: Choice, check: Callable[[Replies], None]
) -> None:
    with chat.undone():
        work = [partial(chat.says, who, frame) for who, frame in jobs.values()]
        replies = interleaved(chat.client, work, choose)
        check(dict(zip(jobs, replies, strict=True)))


def first_for(steps: int) -> Choice:
    """Choose the first job *steps* times, then the last job until it has ended."""
    left = iter(range(steps))
    return lambda running: 0 if next(left, None) is not None else running - 1


def requests(chat: AttackedChat, job: Job) -> int:
    """Return how many requests a job makes when it runs alone."""
    with chat.undone():
        chat.calls.clear()
        chat.says(*job)
        return chat.calls.total()


def is_in_room(chat: AttackedChat, user: str, room_id: str = "tea") -> bool:
    """Return whether a user is in the room.

    Asserts that the subscribers and the connections agree.
    """
    present = [a.connection_id for a in chat.services.subscribers.of(room_id)]
    for connection_id in chat.replies:
        joined = chat.services.connections.get(connection_id).rooms
        assert (room_id in joined) == (connection_id in present), connection_id
    return any(chat.user_id(id_) == f"u-{user}" for id_ in present)


def on(action: str, target: str, **fields: object) -> Frame:
    """Return a frame about a user in the public room."""
    return {"action": action, **TEA, "userId": f"u-{target}", **fields}


def owners(chat: AttackedChat, room_id: str = "tea") -> set[str]:
    """Return the owners of the room.

    Asserts that the room counts as many.
    """
    items: Any = room_items(chat, room_id)
    found = {
        key.removeprefix("MEMBER#")
        for key, item in items.items()
        if key.startswith("MEMBER#") and item.get("role") == {"S": "owner"}
    }
    assert items["ROOM"]["owners"] == {"N": str(len(found))}
    return found


def room_items(chat: AttackedChat, room_id: str) -> dict[str, object]:
    """Return the items of a room in the table of rooms, by sort key."""
    of_room = (chat.tables[1], f"ROOM#{room_id}")
    return {key[2]: item for key, item in chat.items().items() if key[:2] == of_room}
