"""The chat in the emulator: what a message costs its function, and how soon everyone has it."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.fixtures import Ground, measured
from benchmarks.startup import function_environment
from local.deploy import UNBOUNDED, Endpoints, deploy
from local.emulator_process import Emulator, emulator, free_port

PATIENCE = 60.0
"""Seconds for all of a message's receivers."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """The chat on an emulator of its own."""

    aws: Emulator
    endpoints: Endpoints


@contextmanager
def deployed(folder: Path, settings: Mapping[str, object] = UNBOUNDED) -> Iterator[Deployed]:
    """An emulator with the stack on it, until the end of the block."""
    with emulator(folder=folder, port=free_port(), persist=False) as aws:
        yield Deployed(aws, deploy(aws, folder=folder, say=lambda _: None, settings=settings))


def message_cost(chat: Deployed, ground: Ground, *, others: int) -> dict[str, Any]:
    """What one `sendMessage` costs in a room with *others*, whose pushes go to the stub."""
    env = function_environment(
        AWS_ENDPOINT_URL=chat.aws.url,
        CALLBACK_URL=ground.url,
        CONNECTIONS_TABLE=chat.endpoints.connections_table,
        ROOMS_TABLE=chat.endpoints.rooms_table,
        LOG_LEVEL="WARNING",
        SSL_CERT_FILE=str(ground.authority),
    )
    return measured([sys.executable, "-m", "benchmarks.send_message", str(others)], env=env)


def delays(chat: Deployed, *, clients: int, messages: int) -> list[float]:
    """Seconds from a message's sending to each receipt, sorted; one room, one sender."""
    return asyncio.run(_delays(chat.endpoints.web_socket_url, clients, messages))


async def _delays(url: str, clients: int, messages: int) -> list[float]:
    sockets = [await connect(f"{url}?name=c{n}", proxy=None) for n in range(clients)]
    try:
        sender, *others = sockets
        room_id = (await _ask(sender, action="createRoom"))["room"]["roomId"]
        for other in others:
            await _ask(other, action="joinRoom", roomId=room_id)
        found: list[float] = []
        for _ in range(messages):
            found += await _one_message(sender, others, room_id)
        return sorted(found)
    finally:
        await asyncio.gather(*(each.close() for each in sockets))


async def _one_message(
    sender: ClientConnection, others: list[ClientConnection], room_id: str
) -> list[float]:
    begun = time.perf_counter()
    receipts = [asyncio.ensure_future(_receipt(other)) for other in others]
    await _ask(sender, action="sendMessage", roomId=room_id, text="x" * 200)
    async with asyncio.timeout(PATIENCE):
        return [moment - begun for moment in await asyncio.gather(*receipts)]


async def _receipt(socket: ClientConnection) -> float:
    await _heard(socket, "message")
    return time.perf_counter()


async def _ask(socket: ClientConnection, **request: str) -> dict[str, Any]:
    await socket.send(json.dumps({**request, "requestId": "r"}))
    while True:
        frame: dict[str, Any] = json.loads(await socket.recv())
        if frame.get("requestId") == "r":
            return frame


async def _heard(socket: ClientConnection, type_: str) -> None:
    while json.loads(await socket.recv())["type"] != type_:
        pass
