"""The smoke test: create, invite, join, send, resume, leave, and the lists in between."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from smoke.target import Target
from smoke.websocket_client import Frame, Line, Unwell, line

NAME = re.compile(r"smoke [0-9a-f]{16}")
"""Of a run's room."""
ASTRAY = (LookupError, TypeError, AttributeError)
"""What reading a reply raises that has another shape than it should."""


@dataclass
class Run:
    """One run against a target, in a private room of its own; and how long each step took."""

    target: Target
    took: dict[str, float] = field(default_factory=dict)
    """Milliseconds by step, in the order they were taken."""
    name: str = field(default_factory=lambda: f"smoke {secrets.token_hex(8)}")
    """Of the room, whose id the server makes up."""
    lost_after: timedelta = timedelta(hours=1)
    """How old a room of another run has to be to be one that nobody will come back to."""
    _keys: list[str] = field(default_factory=lambda: [secrets.token_hex(16) for _ in range(2)])

    def run(self) -> None:
        """All steps; raises Unwell at the first that goes wrong. The room is gone in any case."""
        with self._connect(0, "connect") as first:
            try:
                self._steps(first)
            except BaseException as error:
                with suppress(Unwell, *ASTRAY):
                    self._clean_up()
                if isinstance(error, ASTRAY):
                    raise Unwell(f"after {list(self.took)[-1]}: {_lacking(error)}") from error
                raise

    def _steps(self, first: Line) -> None:
        me = self._timed("hello", first, "hello", "welcome")["userId"]
        room_id = self._create(first)
        self._chat(first, me, room_id)
        self._timed("delete", first, "deleteRoom", "roomDeleted", roomId=room_id)

    def _create(self, first: Line) -> str:
        private = {"name": self.name, "visibility": "private"}
        reply = self._timed("create", first, "createRoom", "roomCreated", **private)
        return str(reply["room"]["roomId"])

    def _chat(self, first: Line, me: str, room_id: str) -> None:
        made = self._timed("invite", first, "createInvite", "inviteCreated", roomId=room_id)
        with self._connect(1, "connect another") as second:
            other = second.ask("hello", "welcome")["userId"]
            wanted = {"roomId": room_id, "invite": made["invite"]}
            joined = self._timed("join", second, "joinRoom", "roomJoined", **wanted)
            _expect("join: members", _users(joined), {me, other})
            if me != other:
                first.hear("memberJoined", roomId=room_id)
            heard = self._send(first, second, room_id)
        missed = first.ask("sendMessage", "messageSent", roomId=room_id, text="missed")["message"]

        with self._connect(1, "reconnect") as second:
            place = {"after": heard["seq"], "epoch": joined["room"]["epoch"]}
            back = self._timed("resume", second, "joinRoom", "roomJoined", roomId=room_id, **place)
            _expect("resume: resumed", back["resumed"], True)
            _expect("resume: missed messages", back["messages"], [missed])
            self._expect_members("list", first, room_id, {me, other})
            self._timed("leave", second, "leaveRoom", "roomLeft", roomId=room_id)
            if me != other:
                first.hear("memberLeft", roomId=room_id, userId=other)
            self._expect_members("list after leaving", first, room_id, {me})

    def _send(self, first: Line, second: Line, room_id: str) -> Frame:
        """A message, acknowledged to one and heard by the other."""
        began = time.perf_counter()
        words = {"roomId": room_id, "text": "smoke"}
        sent = self._timed("send", first, "sendMessage", "messageSent", **words)
        heard: Frame = second.hear("message")["message"]
        self.took["send to receipt"] = _since(began)
        _expect("receipt", heard, sent["message"])
        return heard

    def _expect_members(self, step: str, who: Line, room_id: str, expected: set[str]) -> None:
        reply = self._timed(step, who, "listMembers", "members", roomId=room_id)
        _expect(f"{step}: members", _users(reply), expected)

    def _clean_up(self) -> None:
        """Delete the room by its name, over a connection that nothing has happened to yet.

        And those of the user's earlier runs that were ended before they could: a user may have so
        many rooms.
        """
        with line(self.target, 0, name="smoke-1", key=self._keys[0]) as first:
            for room_id in list(self._left(first)):
                while not first.ask("deleteRoom", "roomDeleted", roomId=room_id)["complete"]:
                    pass

    def _left(self, first: Line) -> Iterator[str]:
        more: dict[str, str] = {}
        lost_before = (datetime.now(UTC) - self.lost_after).isoformat()
        while True:
            page = first.ask("listRooms", "rooms", **more)
            for room in (it["room"] for it in page["rooms"] if it.get("role") == "owner"):
                is_lost = NAME.fullmatch(room["name"]) and room["createdAt"] < lost_before
                if is_lost or room["name"] == self.name:
                    yield room["roomId"]
            if not page.get("cursor"):
                return
            more = {"cursor": page["cursor"]}

    def _timed(self, step: str, who: Line, action: str, expected: str, **fields: Any) -> Frame:
        began = time.perf_counter()
        try:
            reply = who.ask(action, expected, **fields)
        except Unwell as error:
            raise Unwell(f"{step}: {error}") from error
        self.took[step] = _since(began)
        return reply

    @contextmanager
    def _connect(self, number: int, step: str) -> Iterator[Line]:
        began = time.perf_counter()
        with ExitStack() as stack:
            try:
                opened = stack.enter_context(
                    line(self.target, number, name=f"smoke-{number + 1}", key=self._keys[number])
                )
            except Unwell as error:
                raise Unwell(f"{step}: {error}") from error
            self.took[step] = _since(began)
            yield opened


def _users(frame: Frame) -> set[str]:
    return {member["userId"] for member in frame["members"]}


def _lacking(error: BaseException) -> str:
    what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
    return f"the reply is not as the protocol has it: {what}"


def _expect(what: str, got: object, expected: object) -> None:
    if got != expected:
        raise Unwell(f"{what}: expected {_said(expected)}, got {_said(got)}")


def _said(value: object) -> str:
    return ", ".join(sorted(value)) if isinstance(value, set) else str(value)


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1_000
