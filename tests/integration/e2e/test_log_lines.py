"""The log of the deployed functions: one line a request, with its result."""

import json
import uuid
from typing import Any

from tests.support.clients.websocket import connected
from tests.support.emf import SCHEMA
from tests.support.emulator import Stack


def lines_of(stack: Stack, room: str) -> list[dict[str, Any]]:
    """Return the lines of requests about a room, oldest first.

    Each is written before its reply.
    """
    written = stack.log.read_text(errors="replace").splitlines()
    about = [json.loads(line) for line in written if line.startswith("{") and room in line]
    return [line for line in about if line["message"] == "handled"]


def test_each_request_is_one_line(stack: Stack) -> None:
    """The line has ids, route and code; its metrics are the message, its posts and store time."""
    room = uuid.uuid4().hex
    with connected(stack.web_socket_url, name="alice") as alice:
        alice.ask("createRoom", roomId=room)
        with connected(stack.web_socket_url, name="bob") as bob:
            bob.ask("joinRoom", roomId=room)
            alice.ask("sendMessage", roomId=room, text="a text that is in no line")
            alice.ask("sendMessage", roomId=room, text="x" * 5_000)

            created, joined, said, refused = lines_of(stack, room)

    assert [created["route"], joined["route"], said["route"]] == [
        "createRoom",
        "joinRoom",
        "sendMessage",
    ]
    assert said["connectionId"] == created["connectionId"] != joined["connectionId"]
    assert said["requestId"] != refused["requestId"]
    assert said["invocationId"]
    SCHEMA.validate(said)
    assert (said["Messages"], said["Recipients"], said["Delivered"]) == (1, 1, 1)
    assert said["durationMs"] >= said["StoreTime"] > 0
    assert said["storeCalls"] > 0
    assert (refused["code"], refused["Errors"]) == ("too_large", 1)
    assert "a text that is in no line" not in stack.log.read_text(errors="replace")
