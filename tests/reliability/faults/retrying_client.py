"""A client that repeats requests under the same clientMessageId, and reconnects."""

import json
import time
import uuid
from collections.abc import Iterable
from contextlib import ExitStack, suppress

from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from chat.domain.clock import unwire
from tests.reliability.faults.accounts import Account
from tests.reliability.model.client_record import Record, Sent, View
from tests.support.clients.websocket import TIMEOUT_SECONDS, Frame, WebSocketClient

TRIES = 20
"""More attempts than any case of faults prevents."""

HANDSHAKE_TIMEOUT = 60.0
"""Seconds for a handshake under a fault, also on a machine that is busy with other tests."""


class RetryingClient:
    """A user's client over as many connections as it needs. It records what it sent and showed."""

    def __init__(self, url: str, account: Account, room_id: str) -> None:
        self._url = url
        self._account = account
        self._token = account.token
        self.name = account.name
        self.room_id = room_id
        self.record = Record()
        self.view: dict[int, Frame] = {}
        self.errors: list[str] = []
        self.slowest = 0.0
        self._caught_up = 0
        self._epoch: str | None = None
        self._stack = ExitStack()
        self._socket = self._connect()

    def create(self) -> None:
        """Create the room."""
        self._entered(self._ask("createRoom", {"roomId": self.room_id}))

    def join(self) -> None:
        """Join or rejoin the room, and read the missed messages."""
        claim = {"after": self._caught_up, "epoch": self._epoch} if self._epoch else {}
        reply = self._ask("joinRoom", {"roomId": self.room_id, **claim})
        self._entered(reply)
        if reply["hasMore"] and reply["resumed"]:
            self.sync()

    def leave(self) -> None:
        """Leave the room. To have left already counts as success."""
        self._ask("leaveRoom", {"roomId": self.room_id}, done=("not_a_member",))

    def renew(self) -> None:
        """Renew the connection with the fresh token, which later connections use too."""
        self._token = self._account.fresh
        self._ask("renew", {"token": self._token})

    def lasts(self) -> bool:
        """Return whether the server has accepted the fresh token for this connection."""
        expires_at = unwire(self._ask("hello", {})["expiresAt"])
        return int(expires_at.timestamp()) == self._account.ends

    def say(self, text: str) -> None:
        """Send until the message is acknowledged."""
        id_ = uuid.uuid4().hex
        sent = Sent(self.room_id, id_, text, time.monotonic(), self.record.tick())
        self.record.sends.append(sent)
        said = {"roomId": self.room_id, "text": text, "clientMessageId": id_}
        reply = self._ask("sendMessage", said)
        sent.message, sent.acknowledged = reply["message"], self.record.tick()
        self._show(reply["message"])

    def sync(self) -> None:
        """Read on from where this view is known to be complete."""
        more = True
        while more:
            page = self._ask("getHistory", {"roomId": self.room_id, "after": self._caught_up})
            self._read(page["messages"])
            more = page["hasMore"]

    def members(self) -> list[str]:
        """Return the names in the room."""
        reply = self._ask("listMembers", {"roomId": self.room_id})
        return [member["name"] for member in reply["members"]]

    def history(self, *, synced: bool) -> Record:
        """Return what was sent and shown. With *synced*, claim that the view is complete."""
        last = max(self.view) if synced else self._caught_up
        shown = [self.view[seq] for seq in sorted(self.view) if seq <= last]
        self.record.views = [View(self.room_id, self._epoch or "", 0, 0.0, shown, synced)]
        return self.record

    def disconnect(self) -> None:
        """Reset the connection, because the emulator takes half a second over a close frame."""
        with suppress(OSError):  # closed already
            WebSocketClient(self._socket).reset()
        self._stack.close()

    def _connect(self) -> ClientConnection:
        offered = [Subprotocol("chat.v1"), Subprotocol(self._token)]
        for _ in range(TRIES):
            try:
                socket = connect(
                    self._url,
                    subprotocols=offered,
                    max_size=None,
                    proxy=None,
                    open_timeout=HANDSHAKE_TIMEOUT,
                )
                return self._stack.enter_context(socket)
            except InvalidStatus as error:
                self.errors.append(f"$connect {error.response.status_code}")
        raise AssertionError(f"{self.name} cannot connect: {self.errors}")

    def _ask(self, action: str, fields: Frame, *, done: tuple[str, ...] = ()) -> Frame:
        """Repeat the request until it succeeds, or fails with a code in *done*."""
        for _ in range(TRIES):
            reply = self._ask_once(action, fields)
            if reply.get("type") not in (None, "error") or reply.get("code") in done:
                return reply
            self.errors.append(f"{action} {reply.get('code') or reply['message']}")
            if reply.get("code") == "room_exists":
                action = "joinRoom"  # the reply to a successful request was lost
            elif reply.get("code") == "unauthorized":
                self.disconnect()
                self._socket = self._connect()
                self.join()
            elif reply.get("code") not in ("internal", None):
                break
        raise AssertionError(f"{self.name}: {action} is not answered: {self.errors}")

    def _ask_once(self, action: str, fields: Frame) -> Frame:
        """Return the reply: with the request's id, or the gateway's error if the function ended."""
        request_id = uuid.uuid4().hex
        asked = time.monotonic()
        self._socket.send(json.dumps({"action": action, "requestId": request_id, **fields}))
        while True:
            frame: Frame = json.loads(self._socket.recv(timeout=TIMEOUT_SECONDS))
            if frame.get("requestId") == request_id or "type" not in frame:
                self.slowest = max(self.slowest, time.monotonic() - asked)
                return frame
            self._receive_event(frame)

    def _receive_event(self, event: Frame) -> None:
        """Show a pushed message, which counts like history."""
        assert "requestId" not in event, f"a second reply: {event}"
        if event["type"] == "message":
            self._show(event["message"])

    def _entered(self, reply: Frame) -> None:
        assert self._epoch is None or reply["resumed"], "a resume that was not granted"
        self._epoch = reply["room"]["epoch"]
        self.record.user_id = next(m["userId"] for m in reply["members"] if m["name"] == self.name)
        self._read(reply.get("messages", ()))

    def _read(self, messages: Iterable[Frame]) -> None:
        for message in messages:
            self._show(message)
            self._caught_up = message["seq"]

    def _show(self, message: Frame) -> None:
        shown = self.view.setdefault(message["seq"], message)
        assert shown == message, "one seq, two messages"
