"""The reference client: the client's half of the protocol, without sockets and without a clock.

A transport passes in what happened and the time in seconds, and sends the frames that it returns.
The next request follows from the wanted state and the current state, so a reconnect only resets the
current state.

One request is under way at a time. The gateway's own error frame names no request, and a sender's
messages keep their order.

The project has two clients on purpose: see `client_timeouts`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.reliability.model.client_record import Frame, Record, Sent
from tests.reliability.model.client_timeouts import LONGEST_PAUSE, REPLY_TIMEOUT, RESEND_TIMEOUT
from tests.reliability.model.timeline import Timeline


@dataclass
class RoomState:
    """The wanted and the current state of a room."""

    timeline: Timeline
    wanted: bool = True
    create: bool = False
    claims: bool = True
    inside: bool = False
    rejoin: bool = False
    """Whether to join the room although the client is in it."""
    behind: bool = False
    older: bool = False


@dataclass(frozen=True)
class PendingCall:
    """The request that is under way."""

    frame: Frame
    deadline: float
    room: RoomState | None = None
    sent: Sent | None = None


@dataclass
class Client:
    """A client with a connection at a time."""

    rng: random.Random = field(default_factory=random.Random)
    sync_every: float = 30.0
    record: Record = field(default_factory=Record)
    rooms: dict[str, RoomState] = field(default_factory=dict)
    unacknowledged: list[Sent] = field(default_factory=list)
    is_connected: bool = False
    must_close: bool = False
    """Whether the transport has to close this connection."""
    _welcomed: bool = False
    _token: str | None = None
    """The token with which the client has still to renew its connection."""
    _pending: PendingCall | None = None
    _not_before: float = 0.0
    _failures: int = 0
    _next_sync: float = 0.0

    # The user's requests.

    def create(self, room_id: str) -> None:
        """Create a room, or join it if it exists."""
        self._want(room_id).create = True

    def join(self, room_id: str, *, claims: bool = True) -> None:
        """Join or rejoin a room. With *claims*, continue the existing view."""
        room = self._want(room_id)
        room.claims, room.rejoin = claims, room.inside

    def leave(self, room_id: str) -> None:
        """Leave a room after all messages sent there are acknowledged."""
        room = self.rooms[room_id]
        room.wanted = room.rejoin = False

    def say(self, room_id: str, text: str, now: float, *, id_: str | None = None) -> Sent:
        """Send a message until it is acknowledged."""
        id_ = id_ or f"{self.rng.getrandbits(96):024x}"
        sent = Sent(room_id, id_, text, now)
        self.record.sends.append(sent)
        self.unacknowledged.append(sent)
        return sent

    def read_older(self, room_id: str) -> None:
        """Show another page of older messages."""
        self.rooms[room_id].older = True

    def renew(self, token: str) -> None:
        """Renew the connection with another token."""
        self._token = token

    def sync(self) -> None:
        """Ask every room for messages that no later event will reveal."""
        for room in self.rooms.values():
            room.behind = room.inside

    def mark_synced(self) -> None:
        """Claim that the views of all joined rooms are complete."""
        for room in self.rooms.values():
            if room.inside:
                room.timeline.mark_synced()

    # The calls of the transport.

    def connected(self, now: float) -> None:
        """Record that a socket is open."""
        self.is_connected = True
        self.must_close = False
        self._next_sync = now + self.sync_every
        self.record.counts["connections"] += 1

    def disconnected(self, now: float) -> None:
        """Record that the socket is closed, or did not open."""
        self.is_connected = self._welcomed = self.must_close = False
        self._pending = self._token = None
        for room in self.rooms.values():
            room.inside = room.rejoin = room.behind = False
            room.timeline.cut()
        self._pause(now)

    def may_connect(self, now: float) -> bool:
        """Return whether it is time to open a socket."""
        return not self.is_connected and now >= self._not_before

    @property
    def is_idle(self) -> bool:
        """Return whether there is nothing to request, to wait for or to show."""
        gaps = any(room.timeline.gap_ends is not None for room in self.rooms.values())
        return self._pending is None and not gaps and next(self._next_calls(), None) is None

    @property
    def wakes(self) -> float:
        """Return when the client has something to do, unless another event comes first."""
        if not self.is_connected:
            return self._not_before
        inside = [room for room in self.rooms.values() if room.inside and not room.behind]
        times = [room.timeline.gap_ends for room in inside]
        times += [self._pending.deadline if self._pending else self._not_before or None]
        return min([time for time in times if time is not None] + [self._next_sync])

    def wake(self, now: float) -> None:
        """Do what is due."""
        if self._pending and now >= self._pending.deadline:
            self.must_close = True
        if now >= self._next_sync:
            self._next_sync = now + self.sync_every
            self.sync()
        for room in self.rooms.values():
            if room.inside and (room.timeline.gap_ends or now + 1) <= now:
                self.record.counts["gaps"] += not room.behind
                room.behind = True

    def next_frame(self, now: float) -> Frame | None:
        """Return the request to send now, or None."""
        if not self.is_connected or self._pending or self.must_close or now < self._not_before:
            return None
        self._not_before = 0.0
        self._drop_old_messages(now)
        wanted = next(self._next_calls(), None)
        if wanted is None:
            return None
        frame, room, sent = wanted
        frame["requestId"] = f"{self.rng.getrandbits(64):016x}"
        if sent:
            self.record.counts["resends" if sent.sent else "sends"] += 1
            sent.sent = sent.sent or self.record.tick()
        self._pending = PendingCall(frame, now + REPLY_TIMEOUT, room, sent)
        return frame

    def received(self, frame: Frame, now: float) -> None:
        """Handle a frame of the server."""
        call = self._pending
        if call and ("type" not in frame or frame.get("requestId") == call.frame["requestId"]):
            self._pending = None
            self._replied(call, frame, now)
        elif frame.get("type") == "message":
            self._pushed(frame["message"], now)
        elif "requestId" in frame:
            self.record.counts["strays"] += 1

    # The decisions.

    def _pushed(self, message: Frame, now: float) -> None:
        """Show a pushed message.

        A push counts from the moment of the join request, because it may overtake the reply.
        """
        room = self.rooms.get(message["roomId"])
        if room and (room.inside or (self._pending and self._pending.room is room)):
            room.timeline.offer(message, now)

    def _want(self, room_id: str) -> RoomState:
        if room_id not in self.rooms:
            self.rooms[room_id] = RoomState(Timeline(room_id, self.record))
        room = self.rooms[room_id]
        room.wanted = True
        return room

    def _next_calls(self) -> Iterator[tuple[Frame, RoomState | None, Sent | None]]:
        """Yield the requests to send, the most urgent first."""
        if not self._welcomed:
            yield {"action": "hello"}, None, None
        if self._token:
            yield {"action": "renew", "token": self._token}, None, None
        open_rooms = {sent.room_id for sent in self.unacknowledged}
        for room_id, room in self.rooms.items():
            if room.rejoin or (not room.inside and (room.wanted or room_id in open_rooms)):
                yield self._join_frame(room_id, room), room, None
        for room_id, room in self.rooms.items():
            if room.inside and room.behind:
                after = {"roomId": room_id, "after": room.timeline.cursor}
                yield {"action": "getHistory", **after}, room, None
        for sent in self.unacknowledged:
            if (room := self.rooms[sent.room_id]).inside:
                yield _message(sent), room, sent
        for room_id, room in self.rooms.items():
            if room.inside and room.older:
                before = {"roomId": room_id, "before": room.timeline.start}
                yield {"action": "getHistory", **before}, room, None
            if room.inside and not room.wanted and room_id not in open_rooms:
                yield {"action": "leaveRoom", "roomId": room_id}, room, None

    def _join_frame(self, room_id: str, room: RoomState) -> Frame:
        if room.create:
            return {"action": "createRoom", "roomId": room_id}
        claim: dict[str, Any] = {}
        if room.claims and room.timeline.epoch:
            claim = {"after": room.timeline.cursor, "epoch": room.timeline.epoch}
        return {"action": "joinRoom", "roomId": room_id, **claim}

    def _drop_old_messages(self, now: float) -> None:
        """Forget messages that the server would no longer recognize as repetitions."""
        for sent in [s for s in self.unacknowledged if now - s.said_at > RESEND_TIMEOUT]:
            self._refuse(sent, "too old to send again")

    def _refuse(self, sent: Sent, why: str) -> None:
        sent.refused = why
        self.unacknowledged.remove(sent)

    def _pause(self, now: float, least: float = 0.0) -> None:
        """Wait with exponential backoff and full jitter."""
        most = min(LONGEST_PAUSE, 0.1 * 2**self._failures)
        self._failures += 1
        self._not_before = now + least + self.rng.uniform(0, most)

    def _replied(self, call: PendingCall, frame: Frame, now: float) -> None:
        if frame.get("type") in (None, "error"):
            self._failed(call, frame, now)
            return
        self._failures = 0
        match frame["type"]:
            case "welcome":
                self._welcomed = True
                self.record.user_id = frame["userId"]
            case "renewed":
                self._token = None
                self.record.counts["renewals"] += 1
            case "messageSent":
                self._acknowledged(call, frame["message"], now)
            case _ if call.room:
                self._answered(call.frame, call.room, frame, now)

    def _answered(self, call: Frame, room: RoomState, frame: Frame, now: float) -> None:
        match frame["type"]:
            case "roomCreated":
                room.inside, room.create = True, False
                room.timeline.open(frame["room"]["epoch"], (), has_older=False, now=now)
            case "roomJoined":
                self._joined(call, room, frame, now)
            case "history" if "before" in call:
                room.older = False
                room.timeline.extend(frame["messages"])
            case "history":
                room.behind = frame["hasMore"]
                room.timeline.settle(frame["messages"], now)
            case "roomLeft":
                room.inside = False
                room.timeline.cut()

    def _joined(self, call: Frame, room: RoomState, frame: Frame, now: float) -> None:
        room.inside = room.claims = True
        room.rejoin = False
        if frame["resumed"]:
            self.record.counts["resumes"] += 1
            room.behind = frame["hasMore"]
            room.timeline.settle(frame["messages"], now)
            return
        if "after" in call:
            self.record.losses.append(call["roomId"])
        has_older, epoch = frame["hasMore"], frame["room"]["epoch"]
        room.timeline.open(epoch, frame["messages"], has_older=has_older, now=now)

    def _acknowledged(self, call: PendingCall, message: Frame, now: float) -> None:
        if call.sent and call.room:
            call.sent.acknowledged = self.record.tick()
            call.sent.message = message
            self.unacknowledged.remove(call.sent)
            call.room.timeline.offer(message, now)

    def _failed(self, call: PendingCall, error: Frame, now: float) -> None:
        code = error.get("code", "gateway")
        self.record.counts[f"error {code}"] += 1
        match code:
            case "gateway" | "internal" | "rate_limited":
                self._pause(now, error.get("retryAfterMs", 0) / 1000)
            case "unauthorized":
                self.must_close = True
            case "room_exists" if call.room:
                call.room.create = False
            case "not_a_member" if call.room:
                call.room.inside = False
                call.room.timeline.cut()
            case _ if call.sent:
                self._refuse(call.sent, code)
            case _ if call.room:
                self._abandon(call.frame["roomId"], call.room, code)

    def _abandon(self, room_id: str, room: RoomState, code: str) -> None:
        """Give up a room that the server does not open."""
        room.wanted = room.create = room.behind = room.older = False
        for sent in [s for s in self.unacknowledged if s.room_id == room_id]:
            self._refuse(sent, code)


def _message(sent: Sent) -> Frame:
    return {
        "action": "sendMessage",
        "roomId": sent.room_id,
        "text": sent.text,
        "clientMessageId": sent.client_message_id,
    }
