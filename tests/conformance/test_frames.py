"""Frames: replies, errors that name the field, and frames that must not close the connection."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from tests.conformance.client import Connect, ValidatingClient
from tests.support.bad_frames import BAD

OF_THE_LIMITS = {"long text", "huge text", "long room name"}
UNSENDABLE = {"raw surrogate"}
"""Bad frames that no client can send."""
PLAIN = {name: row for name, row in BAD.items() if name not in OF_THE_LIMITS | UNSENDABLE}


def test_hello(speaker: ValidatingClient) -> None:
    """`hello` returns user, name, time, the end of the connection and the limits."""
    welcome = speaker.get("hello", "welcome")

    assert welcome["serverTime"] < welcome["expiresAt"]


def test_ping(speaker: ValidatingClient) -> None:
    """`ping` is answered by `pong`."""
    speaker.get("ping", "pong")


def test_a_reply_has_the_requests_id(speaker: ValidatingClient) -> None:
    """A reply or error echoes the `requestId`, and has none if the request had none."""
    replies = [
        speaker.exchange('{"action":"ping","requestId":"mine"}'),
        speaker.exchange('{"action":"dance","requestId":"mine"}'),
        speaker.exchange('{"action":"joinRoom","requestId":"mine"}'),
    ]

    assert [reply["requestId"] for reply in replies] == ["mine"] * 3
    assert [reply.get("action") for reply in replies] == [None, "dance", "joinRoom"]
    assert "requestId" not in speaker.exchange('{"action":"ping"}')


def test_an_unknown_action(speaker: ValidatingClient) -> None:
    """`unknown_action` lists the known actions."""
    error = speaker.exchange('{"action":"dance"}')

    assert error["code"] == "unknown_action"
    assert all(action in error["message"] for action in ("hello", "joinRoom", "sendMessage"))


@pytest.mark.parametrize("name", PLAIN)
def test_the_error_of_a_bad_frame_names_its_field(speaker: ValidatingClient, name: str) -> None:
    """The error of a bad frame names the path of the field, and the connection stays open."""
    frame, code, message = PLAIN[name]

    error = speaker.exchange(frame)

    assert (error["type"], error["code"]) == ("error", code)
    assert error["message"].startswith(message.partition(": ")[0] + ":")
    speaker.get("ping", "pong")


def test_the_length_of_a_text(alice: ValidatingClient, room: str) -> None:
    """A text of `limits.textLength` characters is accepted, and a longer one is `too_large`."""
    limit = alice.get("hello", "welcome")["limits"]["textLength"]

    assert alice.say(room, "x" * limit)["text"]
    assert alice.refused("sendMessage", roomId=room, text="x" * (limit + 1)) == "too_large"


def test_the_length_of_a_name(speaker: ValidatingClient) -> None:
    """A room's name over `limits.nameLength` is `too_large`."""
    limit = speaker.get("hello", "welcome")["limits"]["nameLength"]

    assert speaker.refused("createRoom", name="x" * (limit + 1)) == "too_large"


def test_binary(connect: Connect) -> None:
    """A binary frame is `bad_request`, or closes the connection with 1003."""
    alice = connect("alice")
    alice.socket.send(b"\x00\xff\xfe")

    try:
        said = json.loads(alice.socket.recv(timeout=10)).get("code")
    except ConnectionClosed as closed:
        said = closed.rcvd and closed.rcvd.code

    assert said in {"bad_request", 1003}


def test_a_flood(alice: ValidatingClient, room: str) -> None:
    """More than `messageBurst` at once is `rate_limited`, and accepted after `retryAfterMs`."""
    limits = alice.get("hello", "welcome")["limits"]
    if "messageBurst" not in limits:
        pytest.skip("the chat has no limit of messages")
    many = range(limits["messageBurst"] * 3)
    for n in many:
        frame = {"action": "sendMessage", "roomId": room, "text": "hi", "requestId": f"r{n}"}
        alice.socket.send(json.dumps(frame))

    refused = [it for it in (alice.reply_to(f"r{n}") for n in many) if it["type"] == "error"]

    assert {it["code"] for it in refused} == {"rate_limited"}
    assert all(it["retryAfterMs"] > 0 for it in refused)
    assert alice.say(room, "again")["seq"]
