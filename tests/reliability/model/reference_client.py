"""The reference client: the client's half of the protocol, without sockets and without a clock.

A shell tells it what happened and the time in seconds; it answers with frames to send. What it asks
next follows from what it wants and what it has, so a reconnect only resets what it has. One request
is under way at a time: the gateway's own error frame names no request, and a sender's messages keep
their order.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.reliability.model.client_record import Frame, Record, Sent
from tests.reliability.model.timeline import RoomView

ANSWERED_WITHIN = 35.0
"""Seconds after which a connection counts as dead: API Gateway ends an integration after 29."""

SAME_MESSAGE_FOR = 23 * 3600.0
"""Seconds in which a resent message is surely recognized: the server says a day."""

LONGEST_PAUSE = 20.0


@dataclass
class Place:
    """A room: what is wanted of it, and what there is."""

    view: RoomView
    wanted: bool = True
    create: bool = False
    claims: bool = True
    inside: bool = False
    again: bool = False
    """Whether it is to be entered although it is."""
    behind: bool = False
    older: bool = False


@dataclass(frozen=True)
class Asked:
    """The request that is under way."""

    frame: Frame
    deadline: float
    place: Place | None = None
    sent: Sent | None = None


@dataclass
class Client:
    """One person on one connection after another."""

    rng: random.Random = field(default_factory=random.Random)
    sync_every: float = 30.0
    record: Record = field(default_factory=Record)
    places: dict[str, Place] = field(default_factory=dict)
    unacknowledged: list[Sent] = field(default_factory=list)
    is_connected: bool = False
    must_close: bool = False
    """Whether the shell has to end this connection."""
    _welcomed: bool = False
    _token: str | None = None
    """What it has still to renew its connection with."""
    _asked: Asked | None = None
    _not_before: float = 0.0
    _failures: int = 0
    _next_sync: float = 0.0

    # What the person wants.

    def create(self, room_id: str) -> None:
        """Open a room, or enter it if somebody else did."""
        self._want(room_id).create = True

    def join(self, room_id: str, *, claims: bool = True) -> None:
        """Enter a room, be it again; with *claims*, continue the view that there is."""
        place = self._want(room_id)
        place.claims, place.again = claims, place.inside

    def leave(self, room_id: str) -> None:
        """Leave a room once all that was said there is acknowledged."""
        place = self.places[room_id]
        place.wanted = place.again = False

    def say(self, room_id: str, text: str, now: float, *, id_: str | None = None) -> Sent:
        """Send a message until it is acknowledged."""
        id_ = id_ or f"{self.rng.getrandbits(96):024x}"
        sent = Sent(room_id, id_, text, now)
        self.record.sends.append(sent)
        self.unacknowledged.append(sent)
        return sent

    def read_older(self, room_id: str) -> None:
        """Show one page more of the past."""
        self.places[room_id].older = True

    def renew(self, token: str) -> None:
        """Let the connection go on with another token."""
        self._token = token

    def sync(self) -> None:
        """Ask every room for what no later event will tell of."""
        for place in self.places.values():
            place.behind = place.inside

    def mark_synced(self) -> None:
        """Claim that the views of all rooms it is in are complete."""
        for place in self.places.values():
            if place.inside:
                place.view.mark_synced()

    # What the shell tells and asks.

    def connected(self, now: float) -> None:
        """A socket is open."""
        self.is_connected = True
        self.must_close = False
        self._next_sync = now + self.sync_every
        self.record.counts["connections"] += 1

    def disconnected(self, now: float) -> None:
        """The socket is closed, or did not open."""
        self.is_connected = self._welcomed = self.must_close = False
        self._asked = self._token = None
        for place in self.places.values():
            place.inside = place.again = place.behind = False
            place.view.cut()
        self._pause(now)

    def may_connect(self, now: float) -> bool:
        """Whether it is time for a socket."""
        return not self.is_connected and now >= self._not_before

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to ask, to wait for or to show."""
        gaps = any(place.view.gap_ends is not None for place in self.places.values())
        return self._asked is None and not gaps and next(self._wishes(), None) is None

    @property
    def wakes(self) -> float:
        """When there is something to do, unless something else happens before."""
        if not self.is_connected:
            return self._not_before
        inside = [place for place in self.places.values() if place.inside and not place.behind]
        times = [place.view.gap_ends for place in inside]
        times += [self._asked.deadline if self._asked else self._not_before or None]
        return min([time for time in times if time is not None] + [self._next_sync])

    def wake(self, now: float) -> None:
        """Do what is due."""
        if self._asked and now >= self._asked.deadline:
            self.must_close = True
        if now >= self._next_sync:
            self._next_sync = now + self.sync_every
            self.sync()
        for place in self.places.values():
            if place.inside and (place.view.gap_ends or now + 1) <= now:
                self.record.counts["gaps"] += not place.behind
                place.behind = True

    def next_frame(self, now: float) -> Frame | None:
        """The request to send now, if there is one."""
        if not self.is_connected or self._asked or self.must_close or now < self._not_before:
            return None
        self._not_before = 0.0
        self._give_up(now)
        wish = next(self._wishes(), None)
        if wish is None:
            return None
        frame, place, sent = wish
        frame["requestId"] = f"{self.rng.getrandbits(64):016x}"
        if sent:
            self.record.counts["resends" if sent.sent else "sends"] += 1
            sent.sent = sent.sent or self.record.tick()
        self._asked = Asked(frame, now + ANSWERED_WITHIN, place, sent)
        return frame

    def received(self, frame: Frame, now: float) -> None:
        """The server said something."""
        asked = self._asked
        if asked and ("type" not in frame or frame.get("requestId") == asked.frame["requestId"]):
            self._asked = None
            self._replied(asked, frame, now)
        elif frame.get("type") == "message":
            self._heard(frame["message"], now)
        elif "requestId" in frame:
            self.record.counts["strays"] += 1

    # How it decides.

    def _heard(self, message: Frame, now: float) -> None:
        """A push counts from the moment that the room is asked for: it may overtake the reply."""
        place = self.places.get(message["roomId"])
        if place and (place.inside or (self._asked and self._asked.place is place)):
            place.view.offer(message, now)

    def _want(self, room_id: str) -> Place:
        if room_id not in self.places:
            self.places[room_id] = Place(RoomView(room_id, self.record))
        place = self.places[room_id]
        place.wanted = True
        return place

    def _wishes(self) -> Iterator[tuple[Frame, Place | None, Sent | None]]:
        """What there is to ask, the most urgent first."""
        if not self._welcomed:
            yield {"action": "hello"}, None, None
        if self._token:
            yield {"action": "renew", "token": self._token}, None, None
        open_rooms = {sent.room_id for sent in self.unacknowledged}
        for room_id, place in self.places.items():
            if place.again or (not place.inside and (place.wanted or room_id in open_rooms)):
                yield self._entrance(room_id, place), place, None
        for room_id, place in self.places.items():
            if place.inside and place.behind:
                after = {"roomId": room_id, "after": place.view.cursor}
                yield {"action": "getHistory", **after}, place, None
        for sent in self.unacknowledged:
            if (place := self.places[sent.room_id]).inside:
                yield _message(sent), place, sent
        for room_id, place in self.places.items():
            if place.inside and place.older:
                before = {"roomId": room_id, "before": place.view.start}
                yield {"action": "getHistory", **before}, place, None
            if place.inside and not place.wanted and room_id not in open_rooms:
                yield {"action": "leaveRoom", "roomId": room_id}, place, None

    def _entrance(self, room_id: str, place: Place) -> Frame:
        if place.create:
            return {"action": "createRoom", "roomId": room_id}
        claim: dict[str, Any] = {}
        if place.claims and place.view.epoch:
            claim = {"after": place.view.cursor, "epoch": place.view.epoch}
        return {"action": "joinRoom", "roomId": room_id, **claim}

    def _give_up(self, now: float) -> None:
        """Forget what the server would no longer recognize as a repetition."""
        for sent in [s for s in self.unacknowledged if now - s.said_at > SAME_MESSAGE_FOR]:
            self._refuse(sent, "too old to send again")

    def _refuse(self, sent: Sent, why: str) -> None:
        sent.refused = why
        self.unacknowledged.remove(sent)

    def _pause(self, now: float, least: float = 0.0) -> None:
        """Exponential backoff with full jitter."""
        most = min(LONGEST_PAUSE, 0.1 * 2**self._failures)
        self._failures += 1
        self._not_before = now + least + self.rng.uniform(0, most)

    def _replied(self, asked: Asked, frame: Frame, now: float) -> None:
        if frame.get("type") in (None, "error"):
            self._failed(asked, frame, now)
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
                self._acknowledged(asked, frame["message"], now)
            case _ if asked.place:
                self._answered(asked.frame, asked.place, frame, now)

    def _answered(self, asked: Frame, place: Place, frame: Frame, now: float) -> None:
        match frame["type"]:
            case "roomCreated":
                place.inside, place.create = True, False
                place.view.open(frame["room"]["epoch"], (), has_older=False, now=now)
            case "roomJoined":
                self._joined(asked, place, frame, now)
            case "history" if "before" in asked:
                place.older = False
                place.view.extend(frame["messages"])
            case "history":
                place.behind = frame["hasMore"]
                place.view.settle(frame["messages"], now)
            case "roomLeft":
                place.inside = False
                place.view.cut()

    def _joined(self, asked: Frame, place: Place, frame: Frame, now: float) -> None:
        place.inside = place.claims = True
        place.again = False
        if frame["resumed"]:
            self.record.counts["resumes"] += 1
            place.behind = frame["hasMore"]
            place.view.settle(frame["messages"], now)
            return
        if "after" in asked:
            self.record.losses.append(asked["roomId"])
        has_older, epoch = frame["hasMore"], frame["room"]["epoch"]
        place.view.open(epoch, frame["messages"], has_older=has_older, now=now)

    def _acknowledged(self, asked: Asked, message: Frame, now: float) -> None:
        if asked.sent and asked.place:
            asked.sent.acknowledged = self.record.tick()
            asked.sent.message = message
            self.unacknowledged.remove(asked.sent)
            asked.place.view.offer(message, now)

    def _failed(self, asked: Asked, error: Frame, now: float) -> None:
        code = error.get("code", "gateway")
        self.record.counts[f"error {code}"] += 1
        match code:
            case "gateway" | "internal" | "rate_limited":
                self._pause(now, error.get("retryAfterMs", 0) / 1000)
            case "unauthorized":
                self.must_close = True
            case "room_exists" if asked.place:
                asked.place.create = False
            case "not_a_member" if asked.place:
                asked.place.inside = False
                asked.place.view.cut()
            case _ if asked.sent:
                self._refuse(asked.sent, code)
            case _ if asked.place:
                self._abandon(asked.frame["roomId"], asked.place, code)

    def _abandon(self, room_id: str, place: Place, code: str) -> None:
        """The room cannot be had."""
        place.wanted = place.create = place.behind = place.older = False
        for sent in [s for s in self.unacknowledged if s.room_id == room_id]:
            self._refuse(sent, code)


def _message(sent: Sent) -> Frame:
    return {
        "action": "sendMessage",
        "roomId": sent.room_id,
        "text": sent.text,
        "clientMessageId": sent.client_message_id,
    }
