"""Two actions in a row: they achieve nothing that one action refuses."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.security.attacked_rooms import TEA, AttackedRooms
from tests.support.harness import Frame

ACTORS = ("visitor", "member", "moderator", "owner", "kicked", "banned", "stranger")
TARGETS = ("visitor", "member", "moderator2", "owner2", "kicked", "banned", "stranger")

ON_TARGET: Mapping[str, Mapping[str, Any]] = {
    "kickMember": {},
    "banMember": {},
    "unbanMember": {},
    "muteMember": {"seconds": 60},
    "inviteMember": {},
    "setRole owner": {"role": "owner"},
    "setRole moderator": {"role": "moderator"},
    "setRole member": {"role": "member"},
}

IN_TWO_STEPS = frozenset({("inviteMember", "banned")})
"""Rejected actions that another action makes possible on purpose.

The error asks a moderator, who may do both, to lift the ban first.
"""

State = tuple[str | None, bool, bool]
"""The role of a user, and whether the user is banned and muted."""


def state_of(rooms: AttackedRooms, user: str) -> State:
    """Return the state of a user in the public room."""
    membership = rooms.chat.stores.memberships.of("tea", f"u-{user}")
    return membership.role, membership.banned, membership.muted_until is not None


def is_achieved(action: str, before: State, after: State) -> bool:
    """Return whether the change that an action is for has happened."""
    (role_before, banned_before, muted_before), (role, banned, muted) = before, after
    name, _, wanted = action.partition(" ")
    match name:
        case "kickMember":
            return role_before is not None and role is None
        case "banMember":
            return banned and not banned_before
        case "unbanMember":
            return banned_before and not banned
        case "muteMember":
            return muted and not muted_before
        case "inviteMember":
            return role is not None and role_before is None
    if wanted == "member":  # only of a higher role: to make members, moderators have inviteMember
        return role == "member" and role_before in ("moderator", "owner")
    return role == wanted != role_before


def on_target(what: str, target: str) -> Frame:
    """Return the frame of an action on a user."""
    return {"action": what.split()[0], **TEA, "userId": f"u-{target}", **ON_TARGET[what]}


def steps(actor: str, target: str) -> Iterator[Frame]:
    """Yield every action on the target, and those with which actors change their own state."""
    yield from (on_target(what, target) for what in ON_TARGET)
    yield from (on_target(what, actor) for what in ON_TARGET)
    yield {"action": "joinRoom", **TEA}
    yield {"action": "leaveRoom", **TEA, "forGood": True}


def refused(rooms: AttackedRooms, actor: str, target: str) -> list[str]:
    """Return the actions on the target that are forbidden to the actor."""
    found = []
    for what in ON_TARGET:
        with rooms.chat.undone():
            if rooms.chat.says(actor, on_target(what, target)).get("code") == "forbidden":
                found.append(what)
    return [what for what in found if (what, target) not in IN_TWO_STEPS]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("actor", ACTORS)
def test_two_actions_achieve_nothing_that_one_refuses(
    rooms: AttackedRooms, actor: str, target: str
) -> None:
    """No two actions of one user have the effect of an action that is forbidden to the user."""
    chat = rooms.chat
    goals, before = refused(rooms, actor, target), state_of(rooms, target)
    if actor == target or not goals:
        return
    for first in steps(actor, target):
        with chat.undone():
            if chat.says(actor, first)["type"] == "error":
                continue  # a refused action changes nothing
            for second in steps(actor, target):
                with chat.undone():
                    chat.says(actor, second)
                    after = state_of(rooms, target)
                    done = [goal for goal in goals if is_achieved(goal, before, after)]
                    assert done == [], (first, second)
