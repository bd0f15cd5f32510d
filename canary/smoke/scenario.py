"""The steps of the smoke test: create, invite, join, send, resume, list, leave and delete."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from smoke.target import Target
from smoke.websocket_client import Connection, Frame, SmokeError, open_connection

ROOM_NAME = re.compile(r"smoke [0-9a-f]{16}")
"""Pattern of the names of the rooms that smoke tests create."""
MALFORMED_REPLY = (LookupError, TypeError, AttributeError)
"""Errors from reading a reply that does not have the fields of the protocol."""


@dataclass
class Scenario:
    """One smoke test in a private room that it creates, with the times of its steps."""

    target: Target
    took: dict[str, float] = field(default_factory=dict)
    """Milliseconds by step, in the order of the steps."""
    room_name: str = field(default_factory=lambda: f"smoke {secrets.token_hex(8)}")
    """Name of the room. The server chooses its id."""
    abandoned_after: timedelta = timedelta(hours=1)
    """Age from which a room of an earlier test counts as abandoned."""
    _keys: list[str] = field(default_factory=lambda: [secrets.token_hex(16) for _ in range(2)])

    def run(self) -> None:
        """Run all steps, and delete the room in every case. Raises SmokeError at a failed step."""
        with self._connect(0, "connect") as first:
            try:
                self._run_steps(first)
            except BaseException as error:
                with suppress(SmokeError, *MALFORMED_REPLY):
                    self._delete_rooms()
                if isinstance(error, MALFORMED_REPLY):
                    last = list(self.took)[-1]
                    raise SmokeError(f"after {last}: {_describe(error)}") from error
                raise

    def _run_steps(self, first: Connection) -> None:
        my_id = self._request("hello", first, "hello", "welcome")["userId"]
        room_id = self._create_room(first)
        self._chat(first, my_id, room_id)
        self._request("delete", first, "deleteRoom", "roomDeleted", roomId=room_id)

    def _create_room(self, first: Connection) -> str:
        private = {"name": self.room_name, "visibility": "private"}
        reply = self._request("create", first, "createRoom", "roomCreated", **private)
        return str(reply["room"]["roomId"])

    def _chat(self, first: Connection, my_id: str, room_id: str) -> None:
        """Let a second client join, receive a message, disconnect, resume and leave."""
        made = self._request("invite", first, "createInvite", "inviteCreated", roomId=room_id)
        with self._connect(1, "connect another") as second:
            other_id = second.request("hello", "welcome")["userId"]
            wanted = {"roomId": room_id, "invite": made["invite"]}
            joined = self._request("join", second, "joinRoom", "roomJoined", **wanted)
            _expect("join: members", _user_ids(joined), {my_id, other_id})
            if my_id != other_id:
                first.receive_event("memberJoined", roomId=room_id)
            received = self._send(first, second, room_id)
        reply = first.request("sendMessage", "messageSent", roomId=room_id, text="missed")
        missed = reply["message"]

        with self._connect(1, "reconnect") as second:
            since = {"after": received["seq"], "epoch": joined["room"]["epoch"]}
            back = self._request(
                "resume", second, "joinRoom", "roomJoined", roomId=room_id, **since
            )
            _expect("resume: resumed", back["resumed"], True)
            _expect("resume: missed messages", back["messages"], [missed])
            self._expect_members("list", first, room_id, {my_id, other_id})
            self._request("leave", second, "leaveRoom", "roomLeft", roomId=room_id)
            if my_id != other_id:
                first.receive_event("memberLeft", roomId=room_id, userId=other_id)
            self._expect_members("list after leaving", first, room_id, {my_id})

    def _send(self, first: Connection, second: Connection, room_id: str) -> Frame:
        """Send a message as the first client. Return it as the second client received it."""
        began = time.perf_counter()
        message = {"roomId": room_id, "text": "smoke"}
        sent = self._request("send", first, "sendMessage", "messageSent", **message)
        received: Frame = second.receive_event("message")["message"]
        self.took["send to receipt"] = _milliseconds_since(began)
        _expect("receipt", received, sent["message"])
        return received

    def _expect_members(
        self, step: str, client: Connection, room_id: str, expected: set[str]
    ) -> None:
        reply = self._request(step, client, "listMembers", "members", roomId=room_id)
        _expect(f"{step}: members", _user_ids(reply), expected)

    def _delete_rooms(self) -> None:
        """Delete this test's room and the abandoned rooms of the user's earlier tests.

        A user may have only so many rooms, so tests that were killed must not leave theirs. It uses
        a new connection, because the failure may have left the other one unusable.
        """
        with open_connection(self.target, 0, name="smoke-1", key=self._keys[0]) as first:
            for room_id in list(self._rooms_to_delete(first)):
                while not first.request("deleteRoom", "roomDeleted", roomId=room_id)["complete"]:
                    pass

    def _rooms_to_delete(self, first: Connection) -> Iterator[str]:
        """Yield the ids of the user's rooms that this test or a killed test created."""
        more: dict[str, str] = {}
        abandoned_before = (datetime.now(UTC) - self.abandoned_after).isoformat()
        while True:
            page = first.request("listRooms", "rooms", **more)
            for room in (it["room"] for it in page["rooms"] if it.get("role") == "owner"):
                is_smoke = ROOM_NAME.fullmatch(room["name"])
                is_abandoned = is_smoke and room["createdAt"] < abandoned_before
                if is_abandoned or room["name"] == self.room_name:
                    yield room["roomId"]
            if not page.get("cursor"):
                return
            more = {"cursor": page["cursor"]}

    def _request(
        self, step: str, client: Connection, action: str, expected: str, **fields: Any
    ) -> Frame:
        """Send a request and record the time of its step. Return the reply. Raises SmokeError."""
        began = time.perf_counter()
        try:
            reply = client.request(action, expected, **fields)
        except SmokeError as error:
            raise SmokeError(f"{step}: {error}") from error
        self.took[step] = _milliseconds_since(began)
        return reply

    @contextmanager
    def _connect(self, number: int, step: str) -> Iterator[Connection]:
        """Connect client *number* and record the time of the step. Raises SmokeError."""
        guest = {"name": f"smoke-{number + 1}", "key": self._keys[number]}
        began = time.perf_counter()
        with ExitStack() as stack:
            try:
                opened = stack.enter_context(open_connection(self.target, number, **guest))
            except SmokeError as error:
                raise SmokeError(f"{step}: {error}") from error
            self.took[step] = _milliseconds_since(began)
            yield opened


def _user_ids(frame: Frame) -> set[str]:
    return {member["userId"] for member in frame["members"]}


def _describe(error: BaseException) -> str:
    """Return what is wrong with a malformed reply."""
    what = f"it has no {error}" if isinstance(error, KeyError) else str(error)
    return f"the reply does not follow the protocol: {what}"


def _expect(what: str, got: object, expected: object) -> None:
    """Raise SmokeError if two values differ."""
    if got != expected:
        raise SmokeError(f"{what}: expected {_format(expected)}, got {_format(got)}")


def _format(value: object) -> str:
    return ", ".join(sorted(value)) if isinstance(value, set) else str(value)


def _milliseconds_since(began: float) -> float:
    return (time.perf_counter() - began) * 1_000
