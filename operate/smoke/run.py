"""The smoke test: create, join, send, resume, leave, and the list after each."""

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from operate.smoke.line import Frame, Line, Unwell, line

FIRST, SECOND = "smoke-1", "smoke-2"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the chat is, and who comes: guests, or the bearers of one or two tokens."""

    url: str
    tokens: tuple[str, ...] = ()
    patience: float = 10.0
    """Seconds to wait for anything."""


@dataclass
class Run:
    """One run against a target, and how long each step took."""

    target: Target
    took: dict[str, float] = field(default_factory=dict)
    """Milliseconds by step, in the order they were taken."""
    _keys: dict[str, str] = field(
        default_factory=lambda: {name: secrets.token_hex(16) for name in (FIRST, SECOND)}
    )

    def run(self) -> None:
        """All steps; raises Unwell at the first that goes wrong. The room is gone in any case."""
        room_id = f"smoke-{secrets.token_hex(8)}"
        with self._connect(FIRST) as first:
            self._timed("hello", first, "hello", "welcome")
            self._timed("create", first, "createRoom", "roomCreated", roomId=room_id)
            try:
                self._chat(first, room_id)
            except Unwell:
                with suppress(Unwell):
                    first.ask("deleteRoom", "roomDeleted", roomId=room_id)
                raise
            self._timed("delete", first, "deleteRoom", "roomDeleted", roomId=room_id)

    def _chat(self, first: Line, room_id: str) -> None:
        me = first.ask("hello", "welcome")["userId"]
        with self._connect(SECOND) as second:
            other = second.ask("hello", "welcome")["userId"]
            joined = self._timed("join", second, "joinRoom", "roomJoined", roomId=room_id)
            _expect("join: members", {it["userId"] for it in joined["members"]}, {me, other})
            if me != other:
                first.hear("memberJoined", roomId=room_id)
            heard = self._send(first, second, room_id)
        missed = first.ask("sendMessage", "messageSent", roomId=room_id, text="missed")["message"]

        with self._connect(SECOND, step="reconnect") as second:
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
        sent = self._timed(
            "send", first, "sendMessage", "messageSent", roomId=room_id, text="smoke"
        )
        heard: Frame = second.hear("message")["message"]
        self.took["send to receipt"] = _since(began)
        _expect("receipt", heard, sent["message"])
        return heard

    def _expect_members(self, step: str, who: Line, room_id: str, expected: set[str]) -> None:
        reply = self._timed(step, who, "listMembers", "members", roomId=room_id)
        _expect(f"{step}: members", {it["userId"] for it in reply["members"]}, expected)

    def _timed(self, step: str, who: Line, action: str, expected: str, **fields: Any) -> Frame:
        began = time.perf_counter()
        try:
            reply = who.ask(action, expected, **fields)
        except Unwell as error:
            raise Unwell(f"{step}: {error}") from error
        self.took[step] = _since(began)
        return reply

    @contextmanager
    def _connect(self, name: str, *, step: str | None = None) -> Iterator[Line]:
        tokens, began = self.target.tokens, time.perf_counter()
        token = tokens[min(len(tokens) - 1, int(name == SECOND))] if tokens else None
        with ExitStack() as stack:
            connected = line(
                self.target.url,
                token=token,
                patience=self.target.patience,
                name=name,
                key=self._keys[name],
            )
            opened = stack.enter_context(connected)
            self.took[step or f"connect {name}"] = _since(began)
            yield opened


def _expect(what: str, got: object, expected: object) -> None:
    if got != expected:
        raise Unwell(f"{what}: expected {expected}, got {got}")


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1_000
