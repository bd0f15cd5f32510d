"""Writes of transactions on the Rooms table, each with its condition and its error.

A transaction raises the error of its first failed write, so the order of the calls matters.
See invariant 1 of docs/architecture.md.
"""

import secrets
from datetime import datetime

from chat.domain.membership import Membership
from chat.dynamodb import item_keys, items
from chat.dynamodb.expressions import EXISTS, IS_NEW, Changes, Condition
from chat.dynamodb.table import Table, Transaction
from chat.errors import Conflict, Forbidden, RoomNotFound, room_id_taken
from chat.protocol import Invite, Room, Visibility

ROOM_EXISTS = EXISTS & Condition("attribute_not_exists(deletedAt)")
"""A deleted room leaves an item behind, so that its id is not used again."""

_CAN_MODERATE = Condition(
    "#role IN (:owner, :moderator)",
    {":owner": "owner", ":moderator": "moderator"},
    {"#role": "role"},
)
"""The condition that a membership has a role that may invite. A banned user has none."""


def create_room(tx: Transaction, rooms: Table, room: Room) -> None:
    """Write a room under an id that no room has had; else RoomExists."""
    tx.put(rooms, items.room_item(room), condition=IS_NEW, otherwise=room_id_taken)


def increment_created(tx: Transaction, rooms: Table, user_id: str, *, limit: int) -> None:
    """Count one more room that a user has created, up to *limit*; else Forbidden."""
    below_limit = Condition("attribute_not_exists(created) OR created < :limit", {":limit": limit})
    too_many = Forbidden(f"a user may have created {limit} rooms: delete one first")
    key = item_keys.user_key(user_id)
    tx.update(rooms, key, Changes(adds={"created": 1}), condition=below_limit, otherwise=too_many)


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
    condition = ROOM_EXISTS
    if visibility:
        condition &= Condition("visibility = :only", {":only": visibility})
    tx.check(rooms, item_keys.room_key(room_id), condition, otherwise=RoomNotFound)


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

    It must have uses left, and must not have expired. Its creator must be an owner or a moderator.
    """
    is_usable = Condition(
        "uses > :none AND expiresAt > :now", {":none": 0, ":now": items.epoch_seconds(now)}
    )
    key = item_keys.invite_key(room_id, invite.invite_id)
    tx.update(rooms, key, Changes(adds={"uses": -1}), condition=is_usable, otherwise=RoomNotFound)
    creator = item_keys.membership_key(room_id, invite.created_by)
    tx.check(rooms, creator, _CAN_MODERATE, otherwise=RoomNotFound)


def _has_version_of(membership: Membership) -> Condition:
    if not membership.version:
        return IS_NEW
    return Condition("version = :version", {":version": membership.version})
