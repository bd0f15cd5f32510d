"""Whatever arrives, there is one reply, no `internal`, and the connection goes on."""

import json
import logging
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from chat.dispatch import dispatch
from chat.protocol import AnyReply
from tests.e2e.client import person
from tests.emulator_fixtures import Stack
from tests.guarantees.grammar import events, frames, sendable
from tests.guarantees.profiles import generated
from tests.handlers.test_bad_input import BAD
from tests.harness import Chat, event

LONGEST = 500
"""Characters of an error's message: that of an unknown action lists all actions."""
TYPES = {reply.__struct_config__.tag for reply in get_args(AnyReply)}


def new_chat() -> Chat:
    """Alice is in the tea room."""
    chat = Chat()
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})
    return chat


def check(response: dict[str, Any]) -> dict[str, Any]:
    """One JSON object of a known type, which is not our fault; the reply."""
    assert response["statusCode"] == 200
    reply: dict[str, Any] = json.loads(response["body"])
    assert reply["type"] in TYPES
    assert reply.get("code") != "internal", reply
    assert len(response["body"].encode()) < 128 * 1024
    assert len(reply.get("message", "")) < LONGEST or reply["type"] != "error"
    return reply


@generated(ci=600, soak=20_000)
@given(texts=st.lists(frames, min_size=1, max_size=5))
def test_frames(texts: list[str]) -> None:
    """Mutated frames and plain noise get typed replies that can be sent."""
    chat = new_chat()

    for text in texts:
        reply = check(dispatch(event("MESSAGE", "alice", body=text), chat.services))

        json.dumps(reply, ensure_ascii=False).encode()
    assert chat.says("alice", {"action": "ping"})["type"] == "pong"


@generated(ci=400, soak=10_000)
@given(happened=events())
def test_events(happened: dict[str, Any]) -> None:
    """Events that lack what a handler may count on are handled all the same."""
    chat = new_chat()

    response = dispatch(happened, chat.services)

    if happened["requestContext"].get("eventType") in ("CONNECT", "DISCONNECT"):
        assert response["statusCode"] in (200, 400)
        assert "body" not in response
    else:
        check(response)


@pytest.mark.parametrize("frame", [row[0] for row in BAD.values()], ids=BAD.keys())
@pytest.mark.parametrize("base64", [True, False, None])
def test_unknown_events(frame: str, base64: bool | None) -> None:
    """An event of a kind that AWS has not invented yet is answered like a message."""
    chat = new_chat()

    unknown = {**event("TELEPATHY", "alice", body=frame), "isBase64Encoded": base64}

    check(dispatch(unknown, chat.services))


def test_the_deployed_stack(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    """A real socket takes all of it; the function's log holds no traceback of ours."""
    caplog.set_level(logging.WARNING)
    before = stack.log.stat().st_size
    told = []

    @generated(ci=40, soak=1000)
    @given(text=sendable)
    def survive(text: str) -> None:
        told.append(alice.tell(text))
        assert told[-1]["type"] in TYPES
        assert told[-1].get("code") != "internal"

    with person(stack.web_socket_url, name="alice") as alice:
        try:
            survive()
        except ConnectionClosed as closed:
            raise AssertionError(f"a frame closed the connection: {closed}") from closed
        assert alice.ask("ping")["type"] == "pong"
        assert alice.events == []

    with stack.log.open("rb") as log:
        log.seek(before)
        assert b"Traceback" not in log.read()
    assert told
