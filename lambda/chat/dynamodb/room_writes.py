"""Writes of transactions on the Rooms table, each with its condition and its error.

A transaction raises the error of its first failed write, so the order of the calls matters.
See invariant 1 of docs/architecture.md.
"""

import secrets
from datetime import datetime
from typing import TypeGuard

from chat.domain.clock import wire
from chat.domain.membership import Membership
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import EXISTS, IS_NEW, Changes, Condition, Item
from chat.dynamodb.table import Table, Transaction
from chat.errors import (
    ChatError,
    Conflict,
    Forbidden,
    RoomNotFound,
    last_owner,
    room_id_taken,
    room_is_full,
)
from chat.protocol import Invite, Room, Visibility

ROOM_EXISTS = EXISTS & Condition("attribute_not_exists(deletedAt)")
"""A deleted room leaves an item behind, so that its id is not used again."""

_CAN_MODERATE = Condition(
    "#role IN (:owner, :moderator)",
    {":owner": "owner", ":moderator": "moderator"},
    {"#role": "role"},
)
"""The condition that a membership has a role that may invite. A banned user has none."""


def is_open_room(item: Item | None) -> TypeGuard[Item]:
    """Return whether the item of a room was read and meets `ROOM_EXISTS`."""
    if not item:
        return False
    return "deletedAt" not in item


def create_room(tx: Transaction, rooms: Table, room: Room, *, now: datetime) -> None:
    """Write a room under an id that no room of the last 90 days has had; else RoomExists."""
    is_free = Condition(
        f"{IS_NEW.text} OR expiresAt <= :now", {":now": items.epoch_seconds(now)}
    )  # only the item of a deleted room expires
    tx.put(rooms, items.room_item(room), condition=is_free, otherwise=room_id_taken)


def increment_created(tx: Transaction, rooms: Table, user_id: str, *, limit: int) -> None:
    """Count one more room that a user has created, up to *limit*; else Forbidden."""
    below_limit = Condition("attribute_not_exists(created) OR created < :limit", {":limit": limit})
    too_many = Forbidden(f"a user may have created {limit} rooms: delete one first")
    key = item_keys.user_key(user_id)
    tx.update(rooms, key, Changes(adds={"created": 1}), condition=below_limit, otherwise=too_many)


def count_creation(
    tx: Transaction, rooms: Table, user_id: str, *, limit: int, now: datetime
) -> None:
    """Count one more room that a user has created today (UTC), up to *limit*; else Forbidden.

    A deletion does not lower the count. A user therefore cannot use up room ids without end.
    """
    below_limit = Condition("attribute_not_exists(rooms) OR rooms < :limit", {":limit": limit})
    tx.update(
        rooms,
        item_keys.created_rooms_key(user_id, now.date().isoformat()),
        Changes(
            adds={"rooms": 1},
            sets={"expiresAt": items.epoch_seconds(now + items.CREATED_ROOMS_KEPT)},
        ),
        condition=below_limit,
        otherwise=Forbidden(f"a user may create {limit} rooms a day: retry tomorrow (UTC)"),
    )


def decrement_created(tx: Transaction, rooms: Table, user_id: str) -> None:
    """Count one room less that a user has created."""
    tx.update(rooms, item_keys.user_key(user_id), Changes(adds={"created": -1}))


def add_public(tx: Transaction, rooms: Table, room_id: str) -> None:
    """List a room among the public rooms."""
    tx.put(rooms, item_keys.public_room_key(room_id))


def require_room(
    tx: Transaction, rooms: Table, room_id: str, *, visibility: Visibility | None = None
) -> None:
    """Require that a room exists, and has a *visibility* if one is given; else RoomNotFound."""
    key = item_keys.room_key(room_id)
    tx.check(rooms, key, _room_with(visibility), otherwise=RoomNotFound)


def count_membership(
    tx: Transaction,
    rooms: Table,
    old: Membership,
    new: Membership,
    *,
    limit: int,
    visibility: Visibility | None = None,
) -> None:
    """Count a changed membership: up to *limit* roles and bans in a room, and at least one owner.

    Requires that the room exists, and has a *visibility* if one is given. Else RoomNotFound, or
    Forbidden for the limit and for the last owner.
    """
    key = item_keys.room_key(new.room_id)
    changes = {
        "memberships": new.is_permanent - old.is_permanent,
        "owners": new.is_owner - old.is_owner,
    }
    adds = {name: change for name, change in changes.items() if change}
    if not adds:
        require_room(tx, rooms, new.room_id, visibility=visibility)
        return
    condition = _room_with(visibility)
    if changes["owners"] < 0:
        condition &= Condition("owners > :one", {":one": 1})
    if changes["memberships"] > 0:
        below_limit = "(attribute_not_exists(memberships) OR memberships < :limit)"
        condition &= Condition(below_limit, {":limit": limit})

    def error() -> ChatError:
        room = rooms.get(key)
        if not is_open_room(room) or visibility not in (None, room["visibility"]):
            return RoomNotFound()
        return last_owner() if changes["owners"] < 0 else room_is_full(limit)

    tx.update(rooms, key, Changes(adds=adds), condition=condition, otherwise=error)


def require_unchanged(tx: Transaction, rooms: Table, membership: Membership) -> None:
    """Require that a membership has not changed since it was read; else Conflict."""
    key = item_keys.membership_key(membership.room_id, membership.user_id)
    tx.check(rooms, key, _has_version_of(membership), otherwise=Conflict)


def set_membership(tx: Transaction, rooms: Table, old: Membership, new: Membership) -> None:
    """Replace a membership if it has not changed since it was read; else Conflict."""
    condition = _has_version_of(old)
    if new.is_default:
        key = item_keys.membership_key(new.room_id, new.user_id)
        tx.delete(rooms, key, condition=condition, otherwise=Conflict)
    else:
        item = items.membership_item(new, version=secrets.token_hex(8))
        tx.put(rooms, item, condition=condition, otherwise=Conflict)


def add_own_room(tx: Transaction, rooms: Table, membership: Membership, *, now: datetime) -> None:
    """List a room among its user's rooms."""
    tx.put(rooms, items.own_room_item(membership, now=now))


def remove_own_room(tx: Transaction, rooms: Table, membership: Membership) -> None:
    """Take a room out of the list of its user's rooms."""
    tx.delete(rooms, item_keys.own_room_key(membership.user_id, membership.room_id))


def use_invite(
    tx: Transaction, rooms: Table, room_id: str, invite: Invite, *, now: datetime
) -> None:
    """Use an invite once; else RoomNotFound.

    It must have uses left, and must not have expired. Its creator must be an owner or a moderator
    who is not muted.
    """
    is_usable = Condition(
        "uses > :none AND expiresAt > :now", {":none": 0, ":now": items.epoch_seconds(now)}
    )
    key = item_keys.invite_key(room_id, invite.invite_id)
    tx.update(rooms, key, Changes(adds={"uses": -1}), condition=is_usable, otherwise=RoomNotFound)
    creator = item_keys.membership_key(room_id, invite.created_by)
    is_unmuted = Condition(
        "(attribute_not_exists(mutedUntil) OR mutedUntil <= :moment)", {":moment": wire(now)}
    )
    tx.check(rooms, creator, _CAN_MODERATE & is_unmuted, otherwise=RoomNotFound)


def _room_with(visibility: Visibility | None) -> Condition:
    if not visibility:
        return ROOM_EXISTS
    return ROOM_EXISTS & Condition("visibility = :only", {":only": visibility})


def _has_version_of(membership: Membership) -> Condition:
    if not membership.version:
        return IS_NEW
    return Condition("version = :version", {":version": membership.version})
