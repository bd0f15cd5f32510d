"""Changes of memberships: how they are made, and which users are notified."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from chat.domain.clock import wire
from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.errors import BadRequest, Conflict, Forbidden
from chat.logic.audit import AuditEvent, record_change
from chat.logic.fan_out import push_to_room
from chat.logic.gone_connections import announce_leaves
from chat.logic.permissions import Permission, require_unmuted_moderator
from chat.logic.pushing import push_event
from chat.ports import Services
from chat.protocol import MemberChanged, Removed
from chat.protocol.text import check_user_id, name_of

T = TypeVar("T")

CHANGE_ATTEMPTS = 3
"""Attempts at a change that meets another of the same user in the same room."""

Change = Callable[[Membership, Membership], Membership]
"""Returns the new membership of a user, from the actor's membership and the user's."""

RemovalReason = Literal["kicked", "banned", "left", "deleted"]


def update_membership(
    room_id: str,
    user_id: str,
    change: Change,
    connection: Connection,
    services: Services,
    *,
    event: AuditEvent,
    permission: Permission = require_unmuted_moderator,
) -> tuple[Membership, Membership]:
    """Apply *change* to a user's membership and return (old, new).

    Writes only if neither the actor's nor the user's membership changed since it was read. Skips
    the write if *change* returns its input. Records a written change in the audit trail as *event*.
    Raises Forbidden, RoomNotFound, Conflict.
    """

    def attempt() -> tuple[Membership, Membership]:
        actor = permission(room_id, connection, services)
        check_user_id(user_id)
        old = services.memberships.of(room_id, user_id)
        new = change(actor, old)
        if new is not old:
            services.memberships.change(old, new, by=actor)
        return old, new

    old, new = retry_on_conflict(attempt)
    if new is not old:
        record_change(
            event,
            connection,
            room_id=room_id,
            target=user_id,
            role=new.stored_role,
            formerRole=old.stored_role,
            mutedUntil=wire(new.muted_until) if new.muted_until else None,
        )
    return old, new


def retry_on_conflict(attempt: Callable[[], T]) -> T:
    """Repeat an attempt that meets another change, up to three times; raise Conflict then."""
    for _ in range(CHANGE_ATTEMPTS - 1):
        try:
            return attempt()
        except Conflict:
            continue
    return attempt()


def with_display_name(membership: Membership, services: Services) -> Membership:
    """Fill in a display name, falling back to one derived from the user id.

    Users who are not in the room can be banned and muted too, so they may have no name yet.
    """
    name = _display_name(membership, services)
    limit = services.limits.name_length
    return replace(membership, name=name or name_of(membership.user_id, limit=limit))


def require_known_user(membership: Membership, services: Services) -> Membership:
    """Fill in the display name of a user who is in the room or has a role; else BadRequest."""
    name = _display_name(membership, services)
    if name is None:
        raise BadRequest("$.userId: no user with this id is in the room or has a role there")
    return replace(membership, name=name)


def require_rank(actor: Membership, target: Membership) -> None:
    """Raise BadRequest for acting on oneself, and Forbidden for a user of equal or higher rank."""
    if actor.user_id == target.user_id:
        raise BadRequest("$.userId: this is your own user id")
    if not actor.outranks(target):
        raise Forbidden("only a user of higher rank may do this")


def notify_change(old: Membership, new: Membership, services: Services, *, except_for: str) -> None:
    """Copy a membership to the user's connections in the room, and push the change.

    The room's subscribers get it. The user's other connections get it if the user is in the room
    or has a role there. To a stranger the event would reveal a private room. An unchanged
    membership is copied again but not pushed: an earlier request may have failed before the copy.
    """
    membership, subscribed = _sync_connections(new, services)
    if new is old:
        return
    event = MemberChanged(room_id=membership.room_id, member=membership.member)
    is_known = subscribed or membership.stored_role
    own = services.user_connections.live_ids_of(membership.user_id) if is_known else ()
    push_to_room(membership.room_id, event, services, except_for=except_for, also=own)


def remove_from_room(
    before: Membership, services: Services, *, reason: RemovalReason, except_for: str = ""
) -> None:
    """Unsubscribe a user's connections and push the reason to all that the user has open.

    *before* is the membership before the removal. A user without a role and without a connection
    in the room is not notified. The event would reveal that a private room exists.
    """
    room_id, user_id = before.room_id, before.user_id
    subscribed = services.subscribers.unsubscribe_user(room_id, user_id)
    is_known = subscribed or before.stored_role
    own = services.user_connections.live_ids_of(user_id) if is_known else ()
    recipients = [id_ for id_ in dict.fromkeys((*subscribed, *own)) if id_ != except_for]
    push_event(room_id, recipients, Removed(room_id=room_id, reason=reason), services)
    if subscribed:
        announce_leaves([(room_id, user_id)], services)


def _display_name(membership: Membership, services: Services) -> str | None:
    if membership.name:
        return membership.name
    return services.subscribers.display_name(membership.room_id, membership.user_id)


def _sync_connections(
    membership: Membership, services: Services
) -> tuple[Membership, Sequence[str]]:
    """Copy a membership to the user's connections in the room; return it as it is then, and them.

    Of two concurrent changes the earlier may be copied later. The membership is therefore read
    again after the copy, and copied again if it differs.
    """
    for _ in range(CHANGE_ATTEMPTS):
        subscribed = services.subscribers.set_membership(membership)
        kept = services.memberships.of(membership.room_id, membership.user_id)
        current = replace(membership, role=kept.role, muted_until=kept.muted_until)
        if current.member == membership.member:
            break
        membership = current
    return membership, subscribed
