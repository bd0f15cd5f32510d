"""Bad frames: each gets a typed error that names the field, and writes nothing."""

import json

import pytest

from chat.dispatch import dispatch
from chat.protocol.codec import ACTIONS
from tests.support.bad_frames import BAD
from tests.support.harness import Chat, event


@pytest.mark.parametrize(("frame", "code", "message"), BAD.values(), ids=BAD.keys())
def test_names_the_field(chat: Chat, frame: str, code: str, message: str) -> None:
    """The error has its code and its field; nothing is written, and the connection still works."""
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})

    reply = chat.says("alice", frame)

    assert (reply["type"], reply["code"]) == ("error", code)
    assert reply["message"].startswith(message)
    assert chat.says("alice", {"action": "getHistory", "roomId": "tea"})["messages"] == []


def test_errors_echo_what_was_asked(chat: Chat) -> None:
    """An error repeats requestId and action if they can be read."""
    reply = chat.says("alice", {"action": "dance", "requestId": "r1"})
    refused = chat.says("alice", {"action": "joinRoom", "requestId": "r2"})

    assert (reply["action"], reply["requestId"]) == ("dance", "r1")
    assert (refused["action"], refused["requestId"]) == ("joinRoom", "r2")
    assert all(action in reply["message"] for action in ACTIONS)


@pytest.mark.parametrize("text", ['"cut \\ud83d"', "NaN", "1e400"])
def test_malformed_frames_keep_their_request_id(chat: Chat, text: str) -> None:
    """The error for a frame that only a lenient parser reads has the frame's requestId."""
    frame = f'{{"action":"sendMessage","roomId":"tea","text":{text},"requestId":"7"}}'

    reply = chat.says("alice", frame)

    assert (reply["code"], reply["action"], reply["requestId"]) == (
        "bad_request",
        "sendMessage",
        "7",
    )


def test_refuses_binary_frames(chat: Chat) -> None:
    """A frame that came as bytes is `bad_request`."""
    chat.says("alice", {"action": "ping"})
    binary = {**event("MESSAGE", "alice", body="AAEC"), "isBase64Encoded": True}

    reply = json.loads(dispatch(binary, chat.services)["body"])

    assert reply["code"] == "bad_request"
    assert "text frame" in reply["message"]


@pytest.mark.parametrize("body", [{}, {"body": None}, {"body": ""}])
def test_answers_an_absent_body(chat: Chat, body: dict[str, None]) -> None:
    """An event without a body gets a reply like any other."""
    reply = json.loads(dispatch(event("MESSAGE", "alice", **body), chat.services)["body"])

    assert reply["code"] == "bad_request"


def test_unexpected_errors_show_no_detail(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    """An unexpected error becomes `internal` with the id of its log line, and no detail."""
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})
    chat.stores.state.rooms["tea"] = None  # type: ignore[assignment]  # a store gone wrong

    reply = chat.says("alice", {"action": "joinRoom", "roomId": "tea", "requestId": "r1"})

    assert (reply["code"], reply["requestId"]) == ("internal", "r1")
    error_id = reply["message"].removeprefix("internal error ")
    assert reply["retryAfterMs"] > 0
    assert any(getattr(r, "fields", {}).get("errorId") == error_id for r in caplog.records)
