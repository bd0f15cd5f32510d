"""The TypeScript SDK against the deployed stack, over real WebSockets."""

import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from chat.domain.clock import unwire
from local.deploy import client, deploy, forget_connections
from local.emulator_process import Emulator, emulator, free_port
from local.processes import Stop, wait_until
from tests.integration.e2e.connections_table import Table, run_closer
from tests.integration.e2e.sdk_client import SdkClient, Shown, sdk_client
from tests.support.clients.websocket import connected
from tests.support.emulator import Pool

TIMEOUT_SECONDS = 30.0
"""Longest wait for anything from the server."""


def say(speakers: list[SdkClient], numbers: range) -> list[str]:
    """Let users send in turn; return their messages."""
    texts = [f"message {number}" for number in numbers]
    for number, text in zip(numbers, texts, strict=True):
        speakers[number % len(speakers)].say(text)
    return texts


def all_shown(people: list[SdkClient], texts: list[str]) -> list[Shown]:
    """Wait until all clients show each of these texts and have nothing left to send."""
    expected = sorted(texts)
    return [
        one.until(lambda shown: sorted(shown.texts) == expected and shown.outgoing == 0)
        for one in people
    ]


def test_users_chat_with_the_sdk(web_socket_url: str) -> None:
    """They see each other, and the same messages in the same order."""
    room = f"sdk-{uuid.uuid4().hex}"
    with ExitStack() as stack:
        alice = stack.enter_context(sdk_client(web_socket_url, "alice", room))
        alice.until(lambda shown: shown.status == "joined")
        bob = stack.enter_context(sdk_client(web_socket_url, "bob", room))

        for one in (alice, bob):
            one.until(lambda shown: shown.members == ["alice", "bob"])
        texts = say([alice, bob], range(20))
        shown = all_shown([alice, bob], texts)

    assert shown[0].texts == shown[1].texts
    assert [text for text in shown[0].texts if text in texts[::2]] == texts[::2]


def test_a_conversation_survives_a_killed_server(tmp_path: Path) -> None:
    """After the server is killed and started again, all clients show each message once."""
    port = free_port()
    with served(tmp_path, port) as (_, url):
        pass  # deployed, as on an earlier day

    with ExitStack() as stack:
        with served(tmp_path, port) as (aws, _):
            alice = stack.enter_context(sdk_client(url, "alice", "tea"))
            alice.until(lambda shown: shown.status == "joined")
            bob = stack.enter_context(sdk_client(url, "bob", "tea"))
            bob.until(lambda shown: shown.status == "joined")
            texts = say([alice, bob], range(40))
            bob.until(lambda shown: len(shown.texts) >= 10)
            assert aws.process
            aws.process.kill()
        bob.until(lambda shown: shown.state == "waiting")
        texts += say([alice, bob], range(40, 60))

        with served(tmp_path, port):
            shown = all_shown([alice, bob], texts)
            log = history(url, "tea")

    assert [one.texts for one in shown] == [log, log]
    assert not any(one.has_discontinuity for one in shown)
    assert len(log) == len(texts)


@contextmanager
def served(folder: Path, port: int) -> Iterator[tuple[Emulator, str]]:
    """Serve the chat as `make run` does, with its earlier messages; yield it and its URL."""
    with emulator(folder=folder, port=port, persist=True) as aws:
        endpoints = deploy(aws, folder=folder, say=print)
        forget_connections(aws, endpoints.connections_table)
        yield aws, endpoints.web_socket_url


def history(url: str, room_id: str) -> list[str]:
    """Return the history, as a new client reads it."""
    with connected(url, name="carol") as carol:
        return [message["text"] for message in carol.ask("joinRoom", roomId=room_id)["messages"]]


def test_users_sign_in_with_the_sdk(pool: Pool) -> None:
    """Users are those of their tokens; a client with a bad token reports that it is refused."""
    url, room = pool.endpoints.web_socket_url, f"sdk-{uuid.uuid4().hex}"
    good = {name: str(pool.tokens(name)["AccessToken"]) for name in ("alice", "bob")}
    with ExitStack() as stack:
        alice = stack.enter_context(sdk_client(url, "x", room, tokens=[good["alice"]]))
        alice.until(lambda shown: shown.status == "joined")
        bob = stack.enter_context(sdk_client(url, "y", room, tokens=[good["bob"]]))
        eve = stack.enter_context(sdk_client(url, "alice", room, tokens=[f"{good['alice']}x"]))

        for one in (alice, bob):
            one.until(lambda shown: shown.members == ["alice", "bob"])
        texts = say([alice, bob], range(4))
        all_shown([alice, bob], texts)
        assert eve.until(lambda shown: shown.reason == "rejected").texts == []


def test_a_connection_outlives_its_token(pool: Pool) -> None:
    """Before the first token expires, the SDK renews with the next, on the same socket."""
    url, room = pool.endpoints.web_socket_url, f"sdk-{uuid.uuid4().hex}"
    first = token_of(pool, later_than=0)
    second = token_of(pool, later_than=claims(first)["exp"])
    with sdk_client(url, "alice", room, tokens=[first, second]) as alice:
        alice.until(lambda shown: shown.status == "joined")
        assert token_expires_at(pool, room) == claims(first)["exp"]

        alice.later(int((claims(first)["exp"] - time.time() - 5) * 1_000))
        assert wait_until(
            lambda: token_expires_at(pool, room) == claims(second)["exp"],
            stop=Stop(),
            seconds=TIMEOUT_SECONDS,
        )
        alice.say("still here")
        shown = alice.until(lambda shown: shown.texts == ["still here"] and not shown.outgoing)

    assert (shown.asked, shown.sockets) == (2, 1)


def test_without_another_token_it_lasts_as_long_as_the_first(pool: Pool) -> None:
    """Without a second token the connection works until it expires; then the user is signed out."""
    url, room = pool.endpoints.web_socket_url, f"sdk-{uuid.uuid4().hex}"
    first = token_of(pool, later_than=0)
    with sdk_client(url, "alice", room, tokens=[first, None]) as alice:
        alice.until(lambda shown: shown.status == "joined")
        alice.later(int((claims(first)["exp"] - time.time() - 5) * 1_000))
        alice.until(lambda shown: shown.asked == 2)
        alice.say("still here")
        alice.until(lambda shown: shown.texts == ["still here"] and not shown.outgoing)

        table = Table(pool.emulator.url, pool.endpoints.connections_table)
        table.end(claims(first)["sub"], datetime.now(UTC) - timedelta(hours=1))
        run_closer(pool.emulator.url)
        shown = alice.until(lambda shown: shown.state == "signedOut")

    assert (shown.reason, shown.sockets) == ("noToken", 1)


def test_a_bad_token_does_not_renew(pool: Pool) -> None:
    """It is refused on the socket and at handshakes; after most of a minute the SDK reports it."""
    url, room = pool.endpoints.web_socket_url, f"sdk-{uuid.uuid4().hex}"
    first = token_of(pool, later_than=0)
    with sdk_client(url, "alice", room, tokens=[first, f"{first}x"]) as alice:
        alice.until(lambda shown: shown.status == "joined")
        alice.later(int((claims(first)["exp"] - time.time() - 5) * 1_000))
        alice.until(lambda shown: shown.reason == "rejected")
        alice.passes(45_000)
        shown = alice.until(lambda shown: shown.state == "signedOut")

    assert shown.reason == "rejected"


def token_of(pool: Pool, *, later_than: int) -> str:
    """Return a token of alice's that expires later; expiries are whole seconds."""
    tokens: list[str] = []

    def is_later() -> bool:
        tokens.append(str(pool.tokens("alice")["AccessToken"]))
        return bool(claims(tokens[-1])["exp"] > later_than)

    assert wait_until(is_later, stop=Stop(), seconds=TIMEOUT_SECONDS)
    return tokens[-1]


def claims(token: str) -> dict[str, Any]:
    """Return the claims of a token without verifying it."""
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def token_expires_at(pool: Pool, room_id: str) -> float:
    """Return the expiry of the one connection in a room, in seconds, from the table."""
    table = client("dynamodb", pool.emulator.url).scan(TableName=pool.endpoints.connections_table)
    (end,) = (
        item["rightsEnd"]["S"]
        for item in table["Items"]
        if room_id in item.get("rooms", {}).get("SS", ())
    )
    return unwire(end).timestamp()
