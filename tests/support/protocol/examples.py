"""Plays the examples of docs/protocol.md on a chat, and compares what it says with the page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from chat.auth.gateway_policy import Authorizer, UnauthorizedResponse, authorize
from chat.dispatch import dispatch
from chat.domain.identity import Identity, Origins
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.fakes.connections import FakeVerifier
from tests.support.harness import Chat, Frame, event
from tests.support.protocol.conversation import START, TOKEN_LIFE, Conversation
from tests.support.protocol.document import Example, Section
from tests.support.protocol.scenarios import SCENARIOS

GATEWAY_FIELDS = {"message", "connectionId", "requestId"}
"""Fields of the frames that API Gateway sends in place of the server."""

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"


@dataclass
class Player:
    """Plays the blocks of one section in their order; raises AssertionError for a wrong one."""

    talk: Conversation
    waiting: dict[str, Frame] = field(default_factory=dict)
    """The last reply of each connection, until a block shows it."""
    pushed: dict[str, list[Frame]] = field(default_factory=dict)
    """Events of each connection that no block has shown yet."""
    events: set[str] = field(default_factory=set)
    """The types of all events that the examples have caused."""
    codes: set[str] = field(default_factory=set)
    """The codes of all errors that the examples have got."""

    def play(self, section: Section) -> None:
        """Set the scene, then play every block."""
        if any(example.kind.startswith("json") for example in section.examples):
            SCENARIOS[section.title](self.talk)
            self._hear()
            self.pushed.clear()
            self.events.clear()
        for example in section.examples:
            match example.kind:
                case "json request":
                    self._request(example)
                case "json reply":
                    self._reply(example)
                case "json event":
                    self._event(example)
                case "json gateway":
                    assert json.loads(example.text).keys() == GATEWAY_FIELDS
                case "http handshake":
                    assert handshake(section.title, example.text) == int(example.subject)
                case kind:
                    raise AssertionError(f"nothing checks a block of the kind {kind}")

    def _request(self, example: Example) -> None:
        who = example.subject
        if who not in self.talk.chat.replies:
            self.talk.connect(who)
        reply = self.talk.sends_text(who, json.dumps(json.loads(example.text)))
        self.waiting[who] = reply
        if reply["type"] == "error":
            self.codes.add(reply["code"])
        self._hear()

    def _reply(self, example: Example) -> None:
        documented = json.loads(example.text)
        reply = self.waiting.pop(example.subject)
        assert documented == self.talk.as_documented(reply, documented)

    def _event(self, example: Example) -> None:
        documented = json.loads(example.text)
        frame = self.pushed[example.subject].pop(0)
        assert documented == self.talk.as_documented(frame, documented)

    def _hear(self) -> None:
        for who in self.talk.chat.replies:
            frames = self.talk.events(who)
            self.pushed.setdefault(who, []).extend(frames)
            self.events |= {frame["type"] for frame in frames}


def handshake(title: str, text: str) -> int:
    """Return the status of a handshake, in the environment that its section is about."""
    request, *lines = text.splitlines()
    query = dict(parse_qsl(request.split()[1].partition("?")[2]))
    headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
    opened = event("CONNECT", "new", queryStringParameters=query, headers=headers)
    opened["methodArn"] = "arn:aws:execute-api:eu-west-1:111111111111:a/chat/$connect"
    chat = ENVIRONMENTS[title]()
    if not chat.guests:
        try:
            policy = authorize(opened, Authorizer(chat.verifier))
        except UnauthorizedResponse:
            return 401
        opened["requestContext"]["authorizer"] = policy["context"]
    status: int = dispatch(opened, chat.services)["statusCode"]
    return 101 if status == 200 else status


def _signed_in() -> Chat:
    identity = Identity("alice", "Alice", expires_at=START + TOKEN_LIFE, token_id="t")
    verifier = FakeVerifier(good={TOKEN: identity})
    return Chat(clock=FakeClock(START), guests=False, verifier=verifier)


ENVIRONMENTS: Mapping[str, Any] = {
    "Guests": Chat,
    "Tokens": _signed_in,
    "Origins": lambda: Chat(origins=Origins(frozenset({"https://chat.example.com"}))),
}
"""By the title of the section: the chat that its handshakes are made with."""
