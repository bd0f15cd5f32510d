"""joinRoom: subscribe to a room and catch up with its messages."""

from collections.abc import Sequence
from functools import partial

from chat.domain.connection import Connection
from chat.domain.pages import Page
from chat.logic import history
from chat.logic.audit import record_change
from chat.logic.member_count import count_members
from chat.logic.moderation import retry_on_conflict
from chat.logic.presence import announce_join, unsubscribe_surplus
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import JoinRoom, Room, RoomJoined


def handle(request: Request[JoinRoom], services: Services) -> RoomJoined:
    """Subscribe first and read the log then, so that no message is missed in between."""
    room_id = request.body.room_id
    connection = throttle(request.connection_id, "joins", services)
    is_new = room_id not in connection.rooms
    if is_new:
        retry_on_conflict(partial(_join, request.body, connection, services))

    room = services.rooms.get(room_id)
    counted = count_members(room_id, services)
    if is_new:
        unsubscribe_surplus(room_id, counted, services)
        announce_join(room_id, connection, counted, services)

    fitting = history.fit_members(counted.members, services)
    page, deleted = _catch_up(request.body, room, services, used_bytes=history.size_of(fitting))
    return RoomJoined(
        room=room,
        members=history.fit_beside(fitting, page, services),
        member_count=counted.count,
        messages=page.messages,
        has_more=page.has_more,
        resumed=deleted is not None,
        deleted=tuple(deleted or ()),
    )


def _join(body: JoinRoom, connection: Connection, services: Services) -> None:
    """Join with the user's membership as it is now."""
    membership = services.memberships.of(body.room_id, connection.member.user_id)
    invite = services.room_transactions.join(
        body.room_id, connection=connection, membership=membership, invite=body.invite
    )
    if invite:
        record_change(
            "inviteUsed",
            connection,
            room_id=body.room_id,
            target=invite.created_by,
            inviteId=invite.invite_id,
        )


def _catch_up(
    body: JoinRoom, room: Room, services: Services, *, used_bytes: int
) -> tuple[Page, Sequence[int] | None]:
    """Return the missed messages, and the seqs of deleted ones that the client may still show.

    If either is incomplete, returns the latest page and None.
    """
    limit = services.limits.history_page
    max_bytes = services.limits.history_bytes - used_bytes
    after = body.after
    if after is not None and history.can_resume(room, after, body.epoch, services):
        deleted = services.deletions.deletions_until(room.room_id, after)
        if deleted is not None:
            page = history.page_after(
                room.room_id, after, services, limit=limit, max_bytes=max_bytes
            )
            return page, deleted
    return history.latest_page(room.room_id, services, limit=limit, max_bytes=max_bytes), None
