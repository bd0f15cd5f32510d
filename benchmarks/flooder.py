"""Somebody in a room who sends at a steady pace, or as fast as their sockets take it.

A process of its own, so that it takes no time from those who measure. Arguments: URL, roomId,
frames a second, and by how many sockets. Says "ready", floods until its input ends, and prints what
became of it as JSON.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

KEY = "the-flooders-own-key"
"""All sockets are of one user."""


async def main(url: str, room_id: str, pace: str, sockets: str) -> None:
    """Open the room if it is not there, join, flood, count."""
    told, each = Counter[str](), float(pace) / int(sockets)
    async with AsyncExitStack() as open_:
        opened = [await open_.enter_async_context(_socket(url)) for _ in range(int(sockets))]
        for socket in opened:
            await _enter(socket, room_id)
        print("ready", flush=True)
        tasks = [asyncio.create_task(_send(socket, room_id, told, each)) for socket in opened]
        tasks += [asyncio.create_task(_count(socket, told)) for socket in opened]
        await asyncio.to_thread(sys.stdin.read)
        assert not any(task.done() for task in tasks), "a connection was closed"
        print(json.dumps(told), flush=True)
        os._exit(0)  # a goodbye would wait until all that was sent has been answered


def _socket(url: str) -> connect:
    return connect(f"{url}?name=flooder&key={KEY}", proxy=None, compression=None)


async def _enter(socket: ClientConnection, room_id: str) -> None:
    for action in ("createRoom", "joinRoom"):
        await socket.send(json.dumps({"action": action, "roomId": room_id, "requestId": action}))
        while json.loads(await socket.recv()).get("requestId") != action:
            pass


async def _send(socket: ClientConnection, room_id: str, told: Counter[str], pace: float) -> None:
    frame = json.dumps({"action": "sendMessage", "roomId": room_id, "text": "flood " * 20})
    begun, sent = time.monotonic(), 0
    with suppress(ConnectionClosed):
        while True:
            await socket.send(frame)
            sent += 1
            told["sent"] += 1
            await asyncio.sleep(begun + sent / pace - time.monotonic())


async def _count(socket: ClientConnection, told: Counter[str]) -> None:
    with suppress(ConnectionClosed):
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] in ("messageSent", "error"):
                told[frame.get("code", "messageSent")] += 1


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
