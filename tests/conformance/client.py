"""A person at the chat that is tried, who holds each frame against the protocol's schema."""

import itertools
import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema
import yaml
from websockets.sync.client import ClientConnection

from tools.common import ROOT

Frame = dict[str, Any]
LATER = {"rate_limited", "not_reviewed"}
"""Errors after which the protocol has a client ask again."""


@cache
def schemas() -> dict[str, jsonschema.Draft202012Validator]:
    """What replies and events have to look like, by their type."""
    document = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
    messages = document["components"]["messages"].values()
    return {
        message["name"]: jsonschema.Draft202012Validator({**document, **message["payload"]})
        for message in messages
    }


class Visitor:
    """One connection; a reply is told from an event by its requestId."""

    def __init__(self, socket: ClientConnection, *, patience: float) -> None:
        """*patience* is how many seconds a frame may take."""
        self.socket = socket
        self._patience = patience
        self._request_ids = map(str, itertools.count(1))
        self.events: list[Frame] = []

    def ask(self, action: str, **fields: Any) -> Frame:
        """Send a request; its reply. What is limited is asked again, as often as it takes."""
        while True:
            reply = self.once(action, **fields)
            if reply.get("code") not in LATER:
                return reply
            time.sleep(reply["retryAfterMs"] / 1_000)  # as the protocol asks of clients

    def once(self, action: str, **fields: Any) -> Frame:
        """Send a request; its reply, whatever it is."""
        request_id = next(self._request_ids)
        self.socket.send(json.dumps({"action": action, "requestId": request_id, **fields}))
        return self.reply(request_id)

    def get(self, action: str, expected: str, **fields: Any) -> Frame:
        """Send a request; its reply, which has to be of the type that is *expected*."""
        reply = self.ask(action, **fields)
        told = f"{reply['type']} {reply.get('code', '')} {reply.get('message', '')}".strip()
        assert reply["type"] == expected, f"{action}: expected {expected}, got {told}"
        return reply

    def refused(self, action: str, **fields: Any) -> str:
        """Send a request that has to fail; the error's code."""
        return str(self.get(action, "error", **fields)["code"])

    def reply(self, request_id: str) -> Frame:
        """Wait for the reply to a request that was sent."""
        while True:
            frame = self._next()
            if frame.get("requestId") == request_id:
                return frame
            self.events.append(frame)

    def tell(self, frame: str) -> Frame:
        """Send any text at all; the reply, which may have no requestId to echo."""
        self.socket.send(frame)
        return self._next()

    def hear(self, type_: str) -> Frame:
        """The next event of a type, heard already or still to come; others stay in `events`."""
        while True:
            for event in self.events:
                if event["type"] == type_:
                    self.events.remove(event)
                    return event
            self.events.append(self._next())

    def heard(self) -> list[str]:
        """The types of the events so far: what was sent before the `pong` has come by then."""
        self.get("ping", "pong")
        return [event["type"] for event in self.events]

    def say(self, room_id: str, text: str, **fields: Any) -> Frame:
        """Send a message; the message as it was stored."""
        reply = self.get("sendMessage", "messageSent", roomId=room_id, text=text, **fields)
        message: Frame = reply["message"]
        return message

    def user_id(self) -> str:
        """Who this is to the server."""
        return str(self.get("hello", "welcome")["userId"])

    def _next(self) -> Frame:
        text = self.socket.recv(timeout=self._patience)
        frame: Frame = json.loads(text)
        assert isinstance(frame, dict), f"expected an object, got {text[:80]!r}"
        assert "type" in frame, f"expected a type, got {text[:200]!r}"
        if schema := schemas().get(frame["type"]):  # a client ignores what it does not know
            schema.validate(frame)
        return frame


Enter = Callable[[str], Visitor]


def own_rooms(who: Visitor, **fields: str) -> dict[str, Frame]:
    """What `listRooms` has on all its pages, by roomId."""
    found: dict[str, Frame] = {}
    page = who.get("listRooms", "rooms", **fields)
    while True:
        found |= {entry["room"]["roomId"]: entry for entry in page["rooms"]}
        if "cursor" not in page:
            return found
        page = who.get("listRooms", "rooms", **fields, cursor=page["cursor"])
