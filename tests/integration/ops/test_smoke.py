"""`make smoke`: passes where the chat is well, and says in one line where it is not."""

import re
import secrets
import socket
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from local.endpoints_file import alone, announced
from ops.deployment import Deployment
from ops.test_users import tokens_for
from smoke.scenario import Run
from smoke.target import Target
from smoke.websocket_client import Unwell
from tests.integration.ops.broken_servers import Answer, Hangs, reply, serving
from tests.integration.ops.smoke_steps import STEPS
from tests.support.clients.websocket import WebSocketClient
from tests.support.commands import Ended, run_command
from tests.support.emulator import Pool, Stack
from tools.common import UserError


def smoke(**variables: str) -> Ended:
    """Run `make smoke`; return how it ended."""
    return run_command("ops.smoke", **variables)


def rooms_of(url: str, token: str) -> list[str]:
    """The names of a user's rooms, of which one is made to be sure that they are told."""
    bearer = {"Authorization": f"Bearer {token}"}
    with connect(url, additional_headers=bearer, proxy=None) as opened:
        user = WebSocketClient(opened)
        user.ask("createRoom", roomId="mine", visibility="public")
        names = [entry["room"]["name"] for entry in user.ask("listRooms")["rooms"]]
    assert "mine" in names
    return names


def test_a_chat_is_well(stack: Stack, tmp_path: Path) -> None:
    """By its URL, or as the one on this machine: every step with its milliseconds."""
    by_url = smoke(URL=stack.web_socket_url)
    with alone(tmp_path), announced(tmp_path, {"webSocketUrl": stack.web_socket_url}):
        here = smoke(LOCAL_FOLDER=str(tmp_path))

    for status, printed, complaints in (by_url, here):
        assert (status, complaints) == (0, "")
        assert re.findall(r"^  (\S.*?) +[\d,]+\.\d ms$", printed, re.MULTILINE) == STEPS
        assert printed.endswith(f"{stack.web_socket_url} is well.\n")


def test_people_who_sign_in(signed_in_stack: Stack) -> None:
    """With one token or two; without any the handshake is refused."""
    assert signed_in_stack.sign_in
    url = signed_in_stack.web_socket_url
    tokens = {"TOKEN": signed_in_stack.sign_in("alice"), "TOKEN2": signed_in_stack.sign_in("bob")}

    two = smoke(URL=url, **tokens)
    one = smoke(URL=url, TOKEN=tokens["TOKEN"])
    none = smoke(URL=url)

    assert (two[0], two[2]) == (one[0], one[2]) == (0, "")
    assert (none[0], none[1]) == (1, "")
    assert none[2] == f"{url} is not well: connect: the handshake was refused with 401\n"


def test_leaves_no_room(pool: Pool) -> None:
    """Neither when all is well, nor when a step fails after the room was made."""
    url, alice = pool.endpoints.web_socket_url, str(pool.tokens("alice")["AccessToken"])
    before = rooms_of(url, alice)
    unwell = Run(Target(url, tokens=(alice, "no token")))

    Run(Target(url, tokens=(alice,))).run()
    with pytest.raises(Unwell, match=r"^connect another: the handshake was refused with 401$"):
        unwell.run()

    assert "create" in unwell.took
    assert rooms_of(url, alice) == before


def test_clears_up_after_runs_that_were_ended(pool: Pool) -> None:
    """A failed run deletes older ones' rooms too, so that they do not add up; nothing else."""
    url, alice = pool.endpoints.web_socket_url, str(pool.tokens("alice")["AccessToken"])
    lost, kept = f"smoke {secrets.token_hex(8)}", "smoke signals"
    bearer = {"Authorization": f"Bearer {alice}"}
    with connect(url, additional_headers=bearer, proxy=None) as opened:
        for name in (lost, kept):
            WebSocketClient(opened).ask("createRoom", name=name, visibility="private")

    names = []
    for age in (timedelta(hours=1), timedelta()):
        with pytest.raises(Unwell):
            Run(Target(url, tokens=(alice, "no token")), lost_after=age).run()
        names.append(rooms_of(url, alice))

    assert [lost in found for found in names] == [True, False]
    assert all(kept in found for found in names)


def test_an_address_where_nobody_listens() -> None:
    """One line, and another exit status than success."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]

    status, printed, complaints = smoke(URL=f"ws://127.0.0.1:{port}")

    assert (status, printed) == (1, "")
    assert complaints.startswith(f"ws://127.0.0.1:{port} is not well: connect: no connection: ")
    assert complaints.count("\n") == 1


def welcome(request: Mapping[str, Any]) -> str:
    return reply(request, "welcome", userId="u1")


def until_create(wrong: Answer) -> Answer:
    """Right until a room is asked for."""
    return lambda request: welcome(request) if request["action"] == "hello" else wrong(request)


def remove_connection(request: Mapping[str, Any]) -> str:  # noqa: ARG001 - an Answer
    raise Hangs


WRONG: Mapping[str, tuple[Answer, str]] = {
    "silent": (lambda _: None, "hello: hello's reply did not come within 1 s"),
    "closing": (
        remove_connection,
        "hello: hello's reply did not come: the connection was closed: ",
    ),
    "no json": (lambda _: "<html>", "hello: hello's reply: expected JSON, got '<html>'"),
    "binary": (lambda _: b"\xff\xfe", "hello: hello's reply: expected JSON, got b'\\xff\\xfe'"),
    "a list": (lambda _: "[]", "hello: hello's reply: expected an object, got '[]'"),
    "the gateway's words": (
        lambda _: '{"message": "Internal server error"}',
        'hello: hello\'s reply: expected a type, got \'{"message": "Internal server error"}\'',
    ),
    "an error": (
        until_create(lambda request: reply(request, "error", code="internal", message="7f")),
        "create: createRoom: expected roomCreated, got internal 7f",
    ),
    "another reply": (
        until_create(lambda request: reply(request, "pong")),
        "create: createRoom: expected roomCreated, got pong",
    ),
    "half a reply": (
        until_create(lambda request: reply(request, "roomCreated")),
        "after create: the reply is not as the protocol has it: it lacks 'room'",
    ),
    "a reply of another shape": (
        until_create(lambda request: reply(request, "roomCreated", room=5)),
        "after create: the reply is not as the protocol has it: 'int' object",
    ),
}


@pytest.mark.parametrize(("answer", "complaint"), WRONG.values(), ids=WRONG.keys())
def test_says_what_is_wrong(answer: Answer, complaint: str) -> None:
    """The step, what was expected and what came, in one line."""
    with serving(answer) as url, pytest.raises(Unwell) as caught:
        Run(Target(url, patience=1)).run()

    assert str(caught.value).startswith(complaint)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("status", [HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE])
def test_a_refused_handshake(status: HTTPStatus) -> None:
    """The HTTP status is told."""
    with serving(lambda _: None, status=status) as url:
        told = smoke(URL=url)

    expected = f"{url} is not well: connect: the handshake was refused with {status.value}\n"
    assert told == (1, "", expected)


def test_who_tries_a_chat_on_aws() -> None:
    """Guests where there is no user pool; else somebody has to be named, and the line says so."""
    of_guests, of_users = Deployment("Chat-dev", {}), Deployment("Chat-prod", {"UserPoolId": "p"})

    assert tokens_for(of_guests) == ()
    with pytest.raises(UserError, match=r"^Chat-prod: .* TOKEN=\.\.\. TOKEN2=.* canaryMinutes"):
        tokens_for(of_users)


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"URL": "https://x"}, "URL=https://x: expected one that begins with ws:// or wss://"),
        ({"URL": "ws://"}, "URL=ws://: expected one that begins with ws:// or wss://"),
        ({"URL": "ws://x:y"}, "URL=ws://x:y: expected one that begins with ws:// or wss://"),
        (
            {"URL": "ws://x", "PATIENCE": "a"},
            "PATIENCE=a: expected a number of seconds, from 1",
        ),
        ({"ENV": "moon"}, "ENV=moon: cdk.json has no such environment; it has local, dev"),
    ],
)
def test_says_what_is_asked_wrongly(variables: dict[str, str], complaint: str) -> None:
    """A line with the variable, and an exit status of its own."""
    status, printed, complaints = smoke(**variables)

    assert (status, printed, complaints.count("\n")) == (2, "", 1)
    assert complaints.startswith(complaint)
