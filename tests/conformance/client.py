"""A client that validates every frame of the tested chat against the protocol's schema."""

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema
import yaml

from tests.support.clients.websocket import Frame, WebSocketClient
from tools.common import ROOT

RETRIED = {"rate_limited", "not_reviewed"}
"""Errors after which the protocol has a client ask again."""


@cache
def schemas() -> dict[str, jsonschema.Draft202012Validator]:
    """Return the schemas of replies and events, by their type."""
    document = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
    messages = document["components"]["messages"].values()
    return {
        message["name"]: jsonschema.Draft202012Validator({**document, **message["payload"]})
        for message in messages
    }


class ValidatingClient(WebSocketClient):
    """A client that respects `retryAfterMs` and rejects frames that break the schema."""

    def ask(self, action: str, **fields: Any) -> Frame:
        """Send a request, again after each `retryAfterMs`; return its reply."""
        while True:
            reply = super().ask(action, **fields)
            if reply.get("code") not in RETRIED:
                return reply
            time.sleep(reply["retryAfterMs"] / 1_000)  # as the protocol asks of clients

    def get(self, action: str, expected: str, **fields: Any) -> Frame:
        """Send a request; return its reply, which must be of the *expected* type."""
        reply = self.ask(action, **fields)
        got = f"{reply['type']} {reply.get('code', '')} {reply.get('message', '')}".strip()
        assert reply["type"] == expected, f"{action}: expected {expected}, got {got}"
        return reply

    def refused(self, action: str, **fields: Any) -> str:
        """Send a request that must fail; return the code of the error."""
        return str(self.get(action, "error", **fields)["code"])

    def event_types(self) -> list[str]:
        """Return the types of the events so far, with all that was sent before a `pong`."""
        self.get("ping", "pong")
        return [event["type"] for event in self.events]

    def say(self, room_id: str, text: str, **fields: Any) -> Frame:
        """Send a message; return it as the server stored it."""
        reply = self.get("sendMessage", "messageSent", roomId=room_id, text=text, **fields)
        message: Frame = reply["message"]
        return message

    def user_id(self) -> str:
        """Return the id under which the server knows this user."""
        return str(self.get("hello", "welcome")["userId"])

    def _receive(self) -> Frame:
        text = self.socket.recv(timeout=self._timeout)
        frame: Frame = json.loads(text)
        assert isinstance(frame, dict), f"expected an object, got {text[:80]!r}"
        assert "type" in frame, f"expected a type, got {text[:200]!r}"
        if schema := schemas().get(frame["type"]):  # a client ignores what it does not know
            schema.validate(frame)
        return frame


Connect = Callable[[str], ValidatingClient]


def own_rooms(client: ValidatingClient, **fields: str) -> dict[str, Frame]:
    """Return the entries of all pages of `listRooms`, by roomId."""
    found: dict[str, Frame] = {}
    page = client.get("listRooms", "rooms", **fields)
    while True:
        found |= {entry["room"]["roomId"]: entry for entry in page["rooms"]}
        if "cursor" not in page:
            return found
        page = client.get("listRooms", "rooms", **fields, cursor=page["cursor"])
