"""Who may do what to whom in a room, and how a change of it is made and told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from chat.domain.connection import Connection
from chat.domain.membership import Standing
from chat.errors import BadRequest, Forbidden, Raced, RoomNotFound
from chat.logic.presence import announce
from chat.ports import Services
from chat.protocol import MemberChanged
from chat.protocol.text import check_user_id, name_of

T = TypeVar("T")

ATTEMPTS = 3
"""Tries at a change that meets another of the same user in the same room."""

Rule = Callable[[Standing, Standing], Standing]
"""How a user stands after what another does to them: from how both stand now, the other first."""

Right = Callable[[str, Connection, Services], Standing]
"""How a user stands in a room, if that is enough for what they want to do there."""


def require_order(room_id: str, connection: Connection, services: Services) -> Standing:
    """The user's standing, if they keep order; raises `Forbidden`, `RoomNotFound`."""
    standing = standing_of(room_id, connection, services)
    if not standing.keeps_order:
        raise Forbidden("only owners and moderators of the room may do this")
    return standing


def require_owner(room_id: str, connection: Connection, services: Services) -> Standing:
    """The user's standing, if they own the room; raises `Forbidden`, `RoomNotFound`."""
    standing = standing_of(room_id, connection, services)
    if not standing.is_owner:
        raise Forbidden("only owners of the room may do this")
    return standing


def standing_of(room_id: str, connection: Connection, services: Services) -> Standing:
    """How the user stands in a room; raises `RoomNotFound`, also for private rooms of others."""
    standing = services.standings.of(room_id, connection.member.user_id)
    if not standing.role and services.rooms.room(room_id).visibility == "private":
        raise RoomNotFound
    return standing


def amend(
    room_id: str,
    user_id: str,
    rule: Rule,
    connection: Connection,
    services: Services,
    *,
    right: Right = require_order,
) -> tuple[Standing, Standing]:
    """Change how a user stands, by *rule*, as who has the *right*; how they stood and stand now.

    It is written while both stand as they stood when they were read, and not at all where the rule
    gives back the standing itself. Whoever is in the room is listed by the name they have there.
    """

    def change() -> tuple[Standing, Standing]:
        actor = right(room_id, connection, services)
        check_user_id(user_id)
        old = services.standings.of(room_id, user_id)
        new = rule(actor, old)
        if new is not old:
            services.standings.change(old, new, by=actor)
        return old, new

    return undisturbed(change)


def undisturbed(change: Callable[[], T]) -> T:
    """Make a change anew when it meets another of the same, a few times; raises `Raced`."""
    for _ in range(ATTEMPTS - 1):
        try:
            return change()
        except Raced:
            continue
    return change()


def named(standing: Standing, services: Services) -> Standing:
    """The standing with the name its user has there, or could have: they need not be there.

    Or whoever leaves in time could not be kept out.
    """
    name = _name(standing, services)
    return replace(
        standing, name=name or name_of(standing.user_id, limit=services.limits.name_length)
    )


def known(standing: Standing, services: Services) -> Standing:
    """The same for who is in the room or stands for something there; raises `BadRequest` else."""
    name = _name(standing, services)
    if name is None:
        raise BadRequest("$.userId: nobody of that id is in the room, or has a role there")
    return replace(standing, name=name)


def _name(standing: Standing, services: Services) -> str | None:
    return standing.name or services.rooms.name(standing.room_id, standing.user_id)


def require_rank(actor: Standing, target: Standing) -> None:
    """Refuse to act on oneself, on equals, and on who stands above."""
    if actor.user_id == target.user_id:
        raise BadRequest("$.userId: this is yourself")
    if not actor.outranks(target):
        raise Forbidden("only who stands above a user may do this to them")


def tell(old: Standing, new: Standing, services: Services, *, besides: str) -> None:
    """Let the user's connections count what has changed, and everybody in the room hear of it.

    So does the user wherever they are connected, if they are in the room or have a role there: to
    anybody else it is no room of theirs. What has not changed is no news, but counts once more: who
    asked for it before may have had no reply, and not come to that.
    """
    standing, inside = _marked(new, services)
    if new is old:
        return
    event = MemberChanged(room_id=standing.room_id, member=standing.member)
    own = services.sockets.live(standing.user_id) if inside or standing.role else ()
    announce(standing.room_id, event, services, besides=besides, also=own)


def _marked(standing: Standing, services: Services) -> tuple[Standing, Sequence[str]]:
    """How the user stands now, and their connections in the room, which go by that.

    Of two changes at once the earlier may come to the connections later. Who reads after the last
    mark that nothing else has changed is right, or somebody else marks after that.
    """
    for _ in range(ATTEMPTS):
        inside = services.rooms.mark(standing)
        kept = services.standings.of(standing.room_id, standing.user_id)
        now = replace(standing, role=kept.role, muted_until=kept.muted_until)
        if now.member == standing.member:
            break
        standing = now
    return standing, inside
