"""`make smoke` passes for a working chat, and names the failed step in one line."""

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

from ops.canary_users import tokens_for
from ops.deployment import Deployment
from smoke.scenario import Scenario
from smoke.target import Target
from smoke.websocket_client import SmokeError
from tests.integration.ops.broken_servers import Answer, Hangs, reply, serving
from tests.integration.ops.smoke_steps import STEPS
from tests.support.clients.websocket import WebSocketClient
from tests.support.commands import Ended, run_command
from tests.support.emulator import Pool, Stack
from tests.support.operators import announced_chat
from tools.common import UserError


def smoke(**variables: str) -> Ended:
    """Run `make smoke`; return how it ended."""
    return run_command("ops.smoke", **variables)


def rooms_of(url: str, token: str) -> list[str]:
    """Return the names of a user's rooms; one is created so that the list is not empty."""
    bearer = {"Authorization": f"Bearer {token}"}
    with connect(url, additional_headers=bearer, proxy=None) as opened:
        user = WebSocketClient(opened)
        user.ask("createRoom", roomId="mine", visibility="public")
        names = [entry["room"]["name"] for entry in user.ask("listRooms")["rooms"]]
    assert "mine" in names
    return names


def test_a_working_chat_passes(stack: Stack, tmp_path: Path) -> None:
    """The chat is found by its URL or on this machine; each step has its milliseconds."""
    by_url = smoke(URL=stack.web_socket_url)
    with announced_chat(tmp_path, stack.web_socket_url):
        here = smoke(LOCAL_FOLDER=str(tmp_path))

    for status, printed, complaints in (by_url, here):
        assert (status, complaints) == (0, "")
        assert re.findall(r"^  (\S.*?) +[\d,]+\.\d ms$", printed, re.MULTILINE) == STEPS
        assert printed.endswith(f"{stack.web_socket_url} passed the smoke test.\n")


def test_signed_in_users(signed_in_stack: Stack) -> None:
    """One token or two work; without any the handshake is refused."""
    assert signed_in_stack.sign_in
    url = signed_in_stack.web_socket_url
    tokens = {"TOKEN": signed_in_stack.sign_in("alice"), "TOKEN2": signed_in_stack.sign_in("bob")}

    two = smoke(URL=url, **tokens)
    one = smoke(URL=url, TOKEN=tokens["TOKEN"])
    none = smoke(URL=url)

    assert (two[0], two[2]) == (one[0], one[2]) == (0, "")
    assert (none[0], none[1]) == (1, "")
    assert (
        none[2]
        == f"{url} failed the smoke test: connect: the handshake was rejected with status 401\n"
    )


def test_leaves_no_room(pool: Pool) -> None:
    """The room is deleted after success, and after a step that fails later than its creation."""
    url, alice = pool.endpoints.web_socket_url, str(pool.tokens("alice")["AccessToken"])
    before = rooms_of(url, alice)
    failing = Scenario(Target(url, tokens=(alice, "no token")))

    Scenario(Target(url, tokens=(alice,))).run()
    with pytest.raises(
        SmokeError, match=r"^connect another: the handshake was rejected with status 401$"
    ):
        failing.run()

    assert "create" in failing.took
    assert rooms_of(url, alice) == before


def test_deletes_rooms_of_interrupted_runs(pool: Pool) -> None:
    """A failed run also deletes the rooms of older runs, and no other rooms."""
    url, alice = pool.endpoints.web_socket_url, str(pool.tokens("alice")["AccessToken"])
    lost, kept = f"smoke {secrets.token_hex(8)}", "smoke signals"
    bearer = {"Authorization": f"Bearer {alice}"}
    with connect(url, additional_headers=bearer, proxy=None) as opened:
        for name in (lost, kept):
            WebSocketClient(opened).ask("createRoom", name=name, visibility="private")

    names = []
    for age in (timedelta(hours=1), timedelta()):
        with pytest.raises(SmokeError):
            Scenario(Target(url, tokens=(alice, "no token")), abandoned_after=age).run()
        names.append(rooms_of(url, alice))

    assert [lost in found for found in names] == [True, False]
    assert all(kept in found for found in names)


def test_an_address_without_a_server() -> None:
    """The command prints one line, and its exit status is 1."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]

    status, printed, complaints = smoke(URL=f"ws://127.0.0.1:{port}")

    assert (status, printed) == (1, "")
    assert complaints.startswith(
        f"ws://127.0.0.1:{port} failed the smoke test: connect: no connection: "
    )
    assert complaints.count("\n") == 1


def welcome(request: Mapping[str, Any]) -> str:
    return reply(request, "welcome", userId="u1")


def until_create(wrong: Answer) -> Answer:
    """Answer correctly until a room is created."""
    return lambda request: welcome(request) if request["action"] == "hello" else wrong(request)


def remove_connection(request: Mapping[str, Any]) -> str:  # noqa: ARG001 - an Answer
    raise Hangs


WRONG: Mapping[str, tuple[Answer, str]] = {
    "silent": (lambda _: None, "hello: the reply to hello did not arrive within 1 s"),
    "closing": (
        remove_connection,
        "hello: the reply to hello did not arrive: the connection was closed: ",
    ),
    "no json": (lambda _: "<html>", "hello: the reply to hello: expected JSON, got '<html>'"),
    "binary": (
        lambda _: b"\xff\xfe",
        "hello: the reply to hello: expected JSON, got b'\\xff\\xfe'",
    ),
    "a list": (lambda _: "[]", "hello: the reply to hello: expected an object, got '[]'"),
    "the gateway's words": (
        lambda _: '{"message": "Internal server error"}',
        'hello: the reply to hello: expected a type, got \'{"message": "Internal server error"}\'',
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
        "after create: the reply does not follow the protocol: it has no 'room'",
    ),
    "a reply of another shape": (
        until_create(lambda request: reply(request, "roomCreated", room=5)),
        "after create: the reply does not follow the protocol: 'int' object",
    ),
}


@pytest.mark.parametrize(("answer", "complaint"), WRONG.values(), ids=WRONG.keys())
def test_says_what_is_wrong(answer: Answer, complaint: str) -> None:
    """The line has the step, the expected reply and the actual one."""
    with serving(answer) as url, pytest.raises(SmokeError) as caught:
        Scenario(Target(url, timeout=1)).run()

    assert str(caught.value).startswith(complaint)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("status", [HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE])
def test_a_refused_handshake(status: HTTPStatus) -> None:
    """The line has the HTTP status."""
    with serving(lambda _: None, status=status) as url:
        ended = smoke(URL=url)

    reason = f"connect: the handshake was rejected with status {status.value}"
    assert ended == (1, "", f"{url} failed the smoke test: {reason}\n")


def test_users_of_a_chat_on_aws() -> None:
    """Without a user pool the users are guests; with one the error asks for tokens."""
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
            {"URL": "ws://x", "TIMEOUT_SECONDS": "a"},
            "TIMEOUT_SECONDS=a: expected a number of seconds, from 1",
        ),
        ({"ENV": "moon"}, "ENV=moon: cdk.json has no such environment; it has local, dev"),
    ],
)
def test_names_a_wrong_variable(variables: dict[str, str], complaint: str) -> None:
    """The line has the variable, and the exit status is 2."""
    status, printed, complaints = smoke(**variables)

    assert (status, printed, complaints.count("\n")) == (2, "", 1)
    assert complaints.startswith(complaint)
