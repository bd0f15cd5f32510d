"""Messages and deletions in memory."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from chat.domain.clock import wire
from chat.domain.membership import Membership
from chat.domain.pages import MAX_PAGE_BYTES, Page
from chat.errors import no_such_message
from chat.protocol import Member, Message, Room, SendMessage
from tests.support.fakes.state import Kept, State

SENT_KEPT = timedelta(days=1)


class FakeMessages:
    """The Messages port."""

    def __init__(self, state: State, *, retention: timedelta | None) -> None:
        self._state = state
        self._retention = retention

    def append(self, request: SendMessage, *, sender: Member) -> Message:
        """Write a message, once for each user and clientMessageId."""
        room = self._state.room(request.room_id)
        if sent := self.find_sent(request, sender=sender):
            return sent
        now = self._state.clock.now()
        self._state.rooms[room.room_id] = replace(room, last_seq=room.last_seq + 1)
        message = Message(
            room_id=request.room_id,
            seq=room.last_seq + 1,
            sender=sender,
            text=request.text,
            sent_at=wire(now),
            client_message_id=request.client_message_id,
        )
        if request.client_message_id is not None:
            key = (request.room_id, sender.user_id, request.client_message_id)
            self._state.sent[key] = Kept(message, now + SENT_KEPT)
        expires_at = now + self._retention if self._retention else None
        self._state.logs.setdefault(request.room_id, []).append(Kept(message, expires_at))
        return message

    def find_sent(self, request: SendMessage, *, sender: Member) -> Message | None:
        """Return the stored message if this user has sent its clientMessageId before."""
        sent = self._state.sent.get(
            (request.room_id, sender.user_id, request.client_message_id or "")
        )
        is_live = sent and not self._state.is_over(sent.expires_at)
        return self._as_logged(sent.message) if sent and is_live else None

    def ensure_room_open(self, message: Message) -> None:
        """Raise RoomNotFound for a deleted room: here no message comes after its deletion."""
        self._state.room(message.room_id)

    def get(self, room_id: str, seq: int) -> Message:
        """Return the message of a seq; raise BadRequest."""
        for message in self._state.live_messages(room_id):
            if message.seq == seq:
                return message
        raise no_such_message()

    def before(
        self,
        room_id: str,
        seq: int,
        *,
        limit: int,
        max_bytes: int = MAX_PAGE_BYTES,  # noqa: ARG002 - nothing is read here
    ) -> Page:
        """Return the last *limit* messages below *seq*, or fewer of about *max_bytes*."""
        found = [m for m in self._state.live_messages(room_id) if m.seq < seq]
        return Page(tuple(found[-limit:]), len(found) > limit)

    def after(
        self,
        room_id: str,
        seq: int,
        *,
        limit: int,
        max_bytes: int = MAX_PAGE_BYTES,  # noqa: ARG002 - nothing is read here
    ) -> Page:
        """Return the first *limit* messages above *seq*, or fewer of about *max_bytes*."""
        found = [m for m in self._state.live_messages(room_id) if m.seq > seq]
        return Page(tuple(found[:limit]), len(found) > limit)

    def has_all_since(self, room: Room, seq: int) -> bool:
        """Return whether every message above *seq* is still stored."""
        log = self._state.logs.get(room.room_id, [])
        missed = (kept for kept in log if kept.message.seq > seq)
        return not any(self._state.is_over(kept.expires_at) for kept in missed)

    def _as_logged(self, message: Message) -> Message:
        log = self._state.logs.get(message.room_id, [])
        return next((k.message for k in log if k.message.seq == message.seq), message)


class FakeDeletions:
    """The Deletions port."""

    def __init__(self, state: State) -> None:
        self._state = state

    def delete_message(self, message: Message, *, by: Membership) -> Message:
        """Delete a message's text, once, and return what is left of the message."""
        if message.sender.user_id != by.user_id:
            self._state.require_unchanged(by)
        now = wire(self._state.clock.now())
        left = replace(message, text="", deleted_at=now, deleted_by=by.user_id)
        for kept in self._state.logs[message.room_id]:
            if kept.message.seq == message.seq:
                if kept.message.deleted_at:
                    return kept.message
                kept.message = left
        self._state.deleted.setdefault(message.room_id, []).append(left)
        return left

    def deletions_until(self, room_id: str, seq: int) -> Sequence[int] | None:
        """Return the seqs up to *seq* of deleted messages, or None if the list is incomplete."""
        deleted = self._state.deleted.get(room_id, [])
        log = self._state.logs.get(room_id, [])
        seen = next((kept.message.sent_at for kept in log if kept.message.seq == seq), "")
        if seq and any(seen <= (message.deleted_at or "") for message in deleted[:-100]):
            return None
        return sorted(message.seq for message in deleted[-100:] if message.seq <= seq)
