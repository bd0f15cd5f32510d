"""Every frame gets a reply without `internal`, and the connection stays open."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from chat.dispatch import dispatch
from chat.domain.identity import Identity
from chat.protocol import REPLY_TYPES
from tests.reliability.model.frame_strategies import events, frames, sendable
from tests.support.bad_frames import BAD
from tests.support.clients.websocket import WebSocketClient, connected
from tests.support.emulator import Stack
from tests.support.harness import Chat, event
from tests.support.hypothesis_profiles import generated

LONGEST = 500
"""Characters of an error's message. The error of an unknown action lists all actions."""
TYPES = {reply.__struct_config__.tag for reply in REPLY_TYPES}


def new_chat(*, guests: bool = True) -> Chat:
    """Return a chat where Alice is in the tea room.

    She is a guest, or signed in for an hour with another valid token.
    """
    chat = Chat(guests=guests)
    if not guests:
        end = chat.clock.now() + timedelta(hours=1)
        seconds = str(int(end.timestamp()))
        assert chat.is_let_in("alice", userId="u-alice", name="alice", expiresAt=seconds) == 200
        token, later = "x" * 4000, end + timedelta(minutes=30)
        chat.verifier.good[token] = Identity("u-alice", "alice", later, token_id="t2")
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})
    return chat


def check(response: dict[str, Any]) -> dict[str, Any]:
    """Return the reply: a JSON object of a known type, which is not `internal`."""
    assert response["statusCode"] == 200
    reply: dict[str, Any] = json.loads(response["body"])
    assert reply["type"] in TYPES
    assert reply.get("code") != "internal", reply
    assert len(response["body"].encode()) < 128 * 1024
    assert len(reply.get("message", "")) < LONGEST or reply["type"] != "error"
    return reply


@generated(full=600, soak=20_000)
@given(texts=st.lists(frames, min_size=1, max_size=5), guests=st.booleans())
def test_frames(texts: list[str], guests: bool) -> None:
    """Mutated frames and noise get typed replies that can be sent."""
    chat = new_chat(guests=guests)

    for text in texts:
        reply = check(dispatch(event("MESSAGE", "alice", body=text), chat.services))

        json.dumps(reply, ensure_ascii=False).encode()
    assert chat.says("alice", {"action": "ping"})["type"] == "pong"


@generated(full=400, soak=10_000)
@given(happened=events(), guests=st.booleans())
def test_events(happened: dict[str, Any], guests: bool) -> None:
    """Events that lack fields which handlers use are handled without an error."""
    chat = new_chat(guests=guests)

    response = dispatch(happened, chat.services)

    if happened["requestContext"].get("eventType") in ("CONNECT", "DISCONNECT"):
        assert response["statusCode"] in ((200, 400) if guests else (200, 401))
        assert "body" not in response
    else:
        check(response)


@pytest.mark.parametrize("frame", [row[0] for row in BAD.values()], ids=BAD.keys())
@pytest.mark.parametrize("base64", [True, False, None])
def test_unknown_events(frame: str, base64: bool | None) -> None:
    """An event of a kind that AWS does not have yet is answered like a message."""
    chat = new_chat()

    unknown = {**event("TELEPATHY", "alice", body=frame), "isBase64Encoded": base64}

    check(dispatch(unknown, chat.services))


@contextmanager
def client_of(stack: Stack) -> Iterator[WebSocketClient]:
    """Connect to the deployed stack, signed in if its users sign in."""
    if stack.sign_in is None:
        with connected(stack.web_socket_url, name="alice") as guest:
            yield guest
        return
    offered = [Subprotocol("chat.v1"), Subprotocol(stack.sign_in("alice"))]
    url = stack.web_socket_url
    with connect(url, subprotocols=offered, max_size=None, proxy=None) as socket:
        yield WebSocketClient(socket)


def test_the_deployed_stack(either_stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    """A real connection gets replies to all frames. The function's log contains no traceback."""
    caplog.set_level(logging.WARNING)
    before = either_stack.log.stat().st_size
    replies = []

    @generated(full=40, soak=1000)
    @given(text=sendable)
    def survive(text: str) -> None:
        replies.append(alice.exchange(text))
        assert replies[-1]["type"] in TYPES
        assert replies[-1].get("code") != "internal"

    with client_of(either_stack) as alice:
        try:
            survive()
        except ConnectionClosed as closed:
            raise AssertionError(f"a frame closed the connection: {closed}") from closed
        assert alice.ask("ping")["type"] == "pong"
        assert alice.events == []

    with either_stack.log.open("rb") as log:
        log.seek(before)
        assert b"Traceback" not in log.read()
    assert replies
