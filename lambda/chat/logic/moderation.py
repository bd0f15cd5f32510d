"""Who may do what to whom in a room, and how a change of it is made and told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import BadRequest, Forbidden, Raced
from chat.logic.permissions import Right, require_moderator
from chat.logic.presence import announce, announce_leave, post
from chat.ports import Services
from chat.protocol import MemberChanged, Removed
from chat.protocol.text import check_user_id, name_of

T = TypeVar("T")

ATTEMPTS = 3
"""Tries at a change that meets another of the same user in the same room."""

Rule = Callable[[Membership, Membership], Membership]
"""How a user stands after what another does to them: from how both stand now, the other first."""


def update_membership(
    room_id: str,
    user_id: str,
    rule: Rule,
    connection: Connection,
    services: Services,
    *,
    right: Right = require_moderator,
) -> tuple[Membership, Membership]:
    """Change how a user stands, by *rule*, as who has the *right*; how they stood and stand now.

    It is written while both stand as they stood when they were read, and not at all where the rule
    gives back the standing itself. Whoever is in the room is listed by the name they have there.
    """

    def change() -> tuple[Membership, Membership]:
        actor = right(room_id, connection, services)
        check_user_id(user_id)
        old = services.memberships.of(room_id, user_id)
        new = rule(actor, old)
        if new is not old:
            services.memberships.change(old, new, by=actor)
        return old, new

    return retry_on_conflict(change)


def retry_on_conflict(change: Callable[[], T]) -> T:
    """Make a change anew when it meets another of the same, a few times; raises `Raced`."""
    for _ in range(ATTEMPTS - 1):
        try:
            return change()
        except Raced:
            continue
    return change()


def named(membership: Membership, services: Services) -> Membership:
    """The standing with the name its user has there, or could have: they need not be there.

    Or whoever leaves in time could not be kept out.
    """
    name = _name(membership, services)
    return replace(
        membership, name=name or name_of(membership.user_id, limit=services.limits.name_length)
    )


def known(membership: Membership, services: Services) -> Membership:
    """The same for who is in the room or stands for something there; raises `BadRequest` else."""
    name = _name(membership, services)
    if name is None:
        raise BadRequest("$.userId: nobody of that id is in the room, or has a role there")
    return replace(membership, name=name)


def _name(membership: Membership, services: Services) -> str | None:
    return membership.name or services.rooms.name(membership.room_id, membership.user_id)


def require_rank(actor: Membership, target: Membership) -> None:
    """Refuse to act on oneself, on equals, and on who stands above."""
    if actor.user_id == target.user_id:
        raise BadRequest("$.userId: this is yourself")
    if not actor.outranks(target):
        raise Forbidden("only who stands above a user may do this to them")


def tell(old: Membership, new: Membership, services: Services, *, besides: str) -> None:
    """Let the user's connections count what has changed, and everybody in the room hear of it.

    So does the user wherever they are connected, if they are in the room or have a role there: to
    anybody else it is no room of theirs. What has not changed is no news, but counts once more: who
    asked for it before may have had no reply, and not come to that.
    """
    membership, inside = _marked(new, services)
    if new is old:
        return
    event = MemberChanged(room_id=membership.room_id, member=membership.member)
    own = services.sockets.live(membership.user_id) if inside or membership.role else ()
    announce(membership.room_id, event, services, besides=besides, also=own)


def _marked(membership: Membership, services: Services) -> tuple[Membership, Sequence[str]]:
    """How the user stands now, and their connections in the room, which go by that.

    Of two changes at once the earlier may come to the connections later. Who reads after the last
    mark that nothing else has changed is right, or somebody else marks after that.
    """
    for _ in range(ATTEMPTS):
        inside = services.rooms.mark(membership)
        kept = services.memberships.of(membership.room_id, membership.user_id)
        now = replace(membership, role=kept.role, muted_until=kept.muted_until)
        if now.member == membership.member:
            break
        membership = now
    return membership, inside


Reason = Literal["kicked", "banned", "left", "deleted"]


def remove_from_room(
    was: Membership, services: Services, *, reason: Reason, besides: str = ""
) -> None:
    """Take the user's connections out, tell all that they have open why, and tell those who stay.

    Who *was* nobody in particular and is not there hears nothing, as it was no room of theirs:
    they might not even know that there is one.
    """
    room_id, user_id = was.room_id, was.user_id
    inside = services.rooms.expel(room_id, user_id)
    elsewhere = services.sockets.live(user_id) if inside or was.role else ()
    told = [id_ for id_ in dict.fromkeys((*inside, *elsewhere)) if id_ != besides]
    post(room_id, told, Removed(room_id=room_id, reason=reason), services)
    if inside:
        announce_leave(room_id, user_id, services)
