"""A room of a thousand, all of them real WebSockets on the deployed stack."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.emulator_fixtures import Stack

PEOPLE = 1_000
MESSAGES = 20
AT_ONCE = 16
"""Handshakes and joins under way."""

PATIENCE = 280.0
DELIVERED = re.compile(rb'"message": "shard",.* "delivered": (\d+)')
ARENA = {"roomId": "arena"}
OPTIONS: dict[str, Any] = {
    "max_size": None,
    "proxy": None,
    "ping_interval": None,
    "open_timeout": 60,
}


@pytest.mark.timeout(PATIENCE + 20)
def test_a_thousand_hear_every_message(stack: Stack) -> None:
    """Twenty messages, each of which reaches all by way of the queue, unasked."""
    before = stack.log.stat().st_size

    heard = asyncio.run(_scenario(stack.web_socket_url))

    assert len(heard) == PEOPLE - 1
    assert len(set(heard)) == 1
    assert _delivered_by_consumers(stack.log, since=before) >= MESSAGES * (PEOPLE - 1)


async def _scenario(url: str) -> list[frozenset[int]]:
    """The seqs that each of the listeners has heard."""
    async with asyncio.timeout(PATIENCE), _crowd(url) as (speaker, *others):
        listening = asyncio.gather(*(_collect(socket) for socket in others))
        for n in range(MESSAGES):
            said = {"action": "sendMessage", **ARENA, "text": f"{n}", "clientMessageId": f"m{n}"}
            await _ask(speaker, said, "messageSent")
        return await listening


@asynccontextmanager
async def _crowd(url: str) -> AsyncIterator[list[ClientConnection]]:
    """Everyone is connected and in the room; the first has opened it."""
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
        for socket in sockets:
            socket.transport.abort()  # the emulator takes half a second over a goodbye


async def _ask(socket: ClientConnection, frame: dict[str, Any], reply: str) -> None:
    """Ask, and again where a busy machine made it `internal`."""
    answered = None
    while answered != reply:
        await socket.send(json.dumps(frame))
        answer = await _hear(socket, reply, "error")
        assert answer["type"] == reply or answer["code"] == "internal", answer
        answered = answer["type"]


async def _hear(socket: ClientConnection, *types: str) -> dict[str, Any]:
    """The next frame of these types; others tell of the first hundreds who come."""
    while True:
        frame: dict[str, Any] = json.loads(await socket.recv())
        if frame["type"] in types:
            return frame
        assert frame["type"] in ("memberJoined", "memberLeft"), frame


async def _collect(socket: ClientConnection) -> frozenset[int]:
    """The seqs of all messages, heard until none is missing."""
    seqs: set[int] = set()
    while len(seqs) < MESSAGES:
        seqs.add((await _hear(socket, "message"))["message"]["seq"])
    return frozenset(seqs)


def _delivered_by_consumers(log: Path, *, since: int) -> int:
    """Posts of the functions that the queue feeds, as they count them."""
    with log.open("rb") as lines:
        lines.seek(since)
        return sum(int(count) for count in DELIVERED.findall(lines.read()))
