"""The chat in the emulator: the cost of a message for its function, and the time to its receipt."""

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

from benchmarks.fixtures import RunningStub, run_json
from benchmarks.startup import function_environment
from local.credentials import known
from local.deploy import UNBOUNDED, Endpoints, deploy
from local.emulator_process import Emulator, emulator, free_port

RECEIPT_SECONDS = 60.0
"""Longest wait for all receipts of a message."""


@dataclass(frozen=True, slots=True)
class DeployedChat:
    """The chat on its own emulator."""

    aws: Emulator
    endpoints: Endpoints


@contextmanager
def deployed(folder: Path, settings: Mapping[str, object] = UNBOUNDED) -> Iterator[DeployedChat]:
    """Run an emulator with the stack until the end of the block."""
    with emulator(folder=folder, port=free_port(), persist=False) as aws:
        endpoints = deploy(aws, folder=folder, say=lambda _: None, settings=settings)
        yield DeployedChat(aws, endpoints)


def message_cost(chat: DeployedChat, stub: RunningStub, *, others: int) -> dict[str, Any]:
    """Return the cost of a `sendMessage` in a room with *others*. Its posts go to the stub.

    The function runs without rate limits, because it sends faster than a user may.
    """
    env = function_environment(
        UNBOUNDED,
        **known(chat.aws.url).environment,
        AWS_ENDPOINT_URL=chat.aws.url,
        CALLBACK_URL=stub.url,
        CONNECTIONS_TABLE=chat.endpoints.connections_table,
        ROOMS_TABLE=chat.endpoints.rooms_table,
        LOG_LEVEL="WARNING",
        SSL_CERT_FILE=str(stub.authority),
    )
    return run_json([sys.executable, "-m", "benchmarks.send_message", str(others)], env=env)


def delays(chat: DeployedChat, *, clients: int, messages: int) -> list[float]:
    """Return the sorted seconds from sending to each receipt, in one room with one sender."""
    return asyncio.run(_delays(chat.endpoints.web_socket_url, clients, messages))


async def _delays(url: str, clients: int, messages: int) -> list[float]:
    sockets = [await connect(f"{url}?name=c{n}", proxy=None) for n in range(clients)]
    try:
        sender, *others = sockets
        room_id = (await _request(sender, action="createRoom"))["room"]["roomId"]
        for other in others:
            await _request(other, action="joinRoom", roomId=room_id)
        found: list[float] = []
        for _ in range(messages):
            found += await _send_message(sender, others, room_id)
        return sorted(found)
    finally:
        await asyncio.gather(*(each.close() for each in sockets))


async def _send_message(
    sender: ClientConnection, others: list[ClientConnection], room_id: str
) -> list[float]:
    """Send a message. Return the seconds until each of the others received it."""
    began = time.perf_counter()
    receipts = [asyncio.ensure_future(_receive_message(other)) for other in others]
    await _request(sender, action="sendMessage", roomId=room_id, text="x" * 200)
    async with asyncio.timeout(RECEIPT_SECONDS):
        return [moment - began for moment in await asyncio.gather(*receipts)]


async def _receive_message(socket: ClientConnection) -> float:
    """Wait for a message. Return the time of its receipt."""
    while json.loads(await socket.recv())["type"] != "message":
        pass
    return time.perf_counter()


async def _request(socket: ClientConnection, **request: str) -> dict[str, Any]:
    """Send a request and return its reply; ignore the events before it."""
    await socket.send(json.dumps({**request, "requestId": "r"}))
    while True:
        frame: dict[str, Any] = json.loads(await socket.recv())
        if frame.get("requestId") == "r":
            return frame
