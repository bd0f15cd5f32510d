"""A room of a thousand WebSockets on the deployed stack."""

import asyncio
import json
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from local.deploy import client
from tests.support.emulator import Stack

PEOPLE = 1_000
MESSAGES = 20
AT_ONCE = 16
"""Number of handshakes and joins at the same time."""

REPLY_SECONDS = 280.0
HEALED_AFTER = 10.0
"""Seconds after which a push counts as lost: twice the pusher's own time-out."""

ARENA = {"roomId": "arena"}
OPTIONS: dict[str, Any] = {
    "max_size": None,
    "proxy": None,
    "ping_interval": None,
    "open_timeout": 60,
}


@pytest.fixture
def files() -> Iterator[None]:
    """Allow as many open files as the machine has; the usual 1,024 are too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("files")
@pytest.mark.timeout(REPLY_SECONDS + 20)
def test_a_thousand_receive_every_message(stack: Stack) -> None:
    """Twenty messages reach every connection through the queue; then all connections end."""
    heard = asyncio.run(_scenario(stack))

    assert heard == [(PEOPLE - 1)] * MESSAGES
    arrived, failed = _posts_of_consumers(stack.endpoint_url)
    assert arrived + failed >= MESSAGES * (PEOPLE - 1)
    assert failed <= arrived / 10


async def _scenario(stack: Stack) -> list[int]:
    """Return how many have each message; send the next one when no client waits any more."""
    heard = []
    async with (
        asyncio.timeout(REPLY_SECONDS),
        _connect_all(stack.web_socket_url) as (speaker, *others),
    ):
        for n in range(MESSAGES):
            said = {"action": "sendMessage", **ARENA, "text": f"{n}", "clientMessageId": f"m{n}"}
            sent = await _ask(speaker, said, "messageSent")
            seq = sent["message"]["seq"]
            heard.append(sum(await asyncio.gather(*(_has(one, seq) for one in others))))
        await _all_leave(others, speaker, stack.log)
    return heard


async def _all_leave(others: list[ClientConnection], last: ClientConnection, log: Path) -> None:
    """Close all connections but one; wait until the queue is empty and the room has one member."""
    handled = _disconnects(log) + len(others)
    _abort(others)
    members = 0
    while members != 1 or _disconnects(log) < handled:
        members = (await _ask(last, {"action": "listMembers", **ARENA}, "members"))["memberCount"]


def _disconnects(log: Path) -> int:
    return log.read_bytes().count(b'"route":"$disconnect"')


def _abort(sockets: list[ClientConnection]) -> None:
    """End connections without a close frame, which takes the emulator half a second."""
    for socket in sockets:
        socket.transport.abort()


async def _has(socket: ClientConnection, seq: int) -> bool:
    """Return whether a message arrives, or is in the history that a client asks for instead."""
    try:
        async with asyncio.timeout(HEALED_AFTER):
            while (await _hear(socket, "message"))["message"]["seq"] != seq:
                pass
    except TimeoutError:
        asked = {"action": "getHistory", **ARENA, "after": seq - 1}
        history = await _ask(socket, asked, "history")
        return seq in [message["seq"] for message in history["messages"]]
    return True


@asynccontextmanager
async def _connect_all(url: str) -> AsyncIterator[list[ClientConnection]]:
    """Connect all clients and let them join the room that the first one has created."""
    gate = asyncio.Semaphore(AT_ONCE)
    sockets: list[ClientConnection] = []

    async def enter(name: str, action: str, reply: str) -> None:
        async with gate:
            socket = await connect(f"{url}?name={name}", **OPTIONS)
            sockets.append(socket)
            await _ask(socket, {"action": action, **ARENA}, reply)

    try:
        await enter("speaker", "createRoom", "roomCreated")
        await asyncio.gather(*(enter(f"p{n}", "joinRoom", "roomJoined") for n in range(PEOPLE - 1)))
        yield sockets
    finally:
        _abort(sockets)


async def _ask(socket: ClientConnection, frame: dict[str, Any], reply: str) -> dict[str, Any]:
    """Send a request, again if it was `internal` on a busy machine; return the reply."""
    while True:
        await socket.send(json.dumps(frame))
        answer = await _hear(socket, reply, "error")
        if answer["type"] == reply:
            return answer
        assert answer["code"] == "internal", answer


async def _hear(socket: ClientConnection, *types: str) -> dict[str, Any]:
    """Return the next frame of these types; skip others, such as join events."""
    while True:
        frame: dict[str, Any] = json.loads(await socket.recv())
        if frame["type"] in types:
            return frame
        assert frame["type"] in ("memberJoined", "memberLeft", "message"), frame


def _posts_of_consumers(url: str) -> tuple[int, int]:
    """Return how many posts of the consumers arrived and failed, from their log lines."""
    functions = client("lambda", url).list_functions()["Functions"]
    (group,) = (
        function["LoggingConfig"]["LogGroup"]
        for function in functions
        if function["Handler"] == "chat.fan_out_consumer.handler"
    )
    pages = client("logs", url).get_paginator("filter_log_events").paginate(logGroupName=group)
    lines = [event["message"] for page in pages for event in page["events"]]
    shards = [json.loads(line) for line in lines if '"function":"consumer"' in line]
    return (
        sum(shard.get("Delivered", 0) for shard in shards),
        sum(shard.get("Failed", 0) for shard in shards),
    )
