"""Somebody in a room who sends at a steady pace, or as fast as their sockets take it.

A process of its own, so that it takes no time from those who measure. Arguments: URL, roomId,
frames a second, and by how many sockets. Says "ready", floods until its input ends, and prints what
became of it as JSON. Whoever is cut off comes back as soon as they are let in.
"""

import asyncio
import json
import os
import secrets
import sys
import time
from collections import Counter

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

AGAIN = 1.0
"""Seconds until a socket knocks again that was closed, or was not let in."""

KEY = secrets.token_hex()
"""All sockets are of one user, who is nobody's of another round."""


async def main(url: str, room_id: str, pace: str, sockets: str) -> None:
    """Open the room if it is not there, join, flood, count."""
    os.nice(19)  # elsewhere its processor would be another
    told, each = Counter[str](), float(pace) / int(sockets)
    inside = asyncio.Barrier(int(sockets) + 1)
    tasks = [
        asyncio.create_task(_go_on(url, room_id, told, each, inside)) for _ in range(int(sockets))
    ]
    await inside.wait()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    assert not any(task.done() for task in tasks), "a socket has given up"
    print(json.dumps(told), flush=True)
    os._exit(0)  # a goodbye would wait until all that was sent has been answered


async def _go_on(
    url: str, room_id: str, told: Counter[str], pace: float, inside: asyncio.Barrier
) -> None:
    """One socket after another; the first of each waits for the others."""
    first = True
    while True:
        try:
            async with connect(f"{url}?name=flooder&key={KEY}", proxy=None, compression=None) as it:
                await _enter(it, room_id)
                if first:
                    await inside.wait()
                    first = False
                async with asyncio.TaskGroup() as both:
                    both.create_task(_send(it, room_id, told, pace))
                    both.create_task(_count(it, told))
        except* ConnectionClosed:
            told["closed"] += 1
        except* InvalidStatus:
            told["not let in"] += 1
        await asyncio.sleep(AGAIN)


async def _enter(socket: ClientConnection, room_id: str) -> None:
    for action in ("createRoom", "joinRoom"):
        await socket.send(json.dumps({"action": action, "roomId": room_id, "requestId": action}))
        while json.loads(await socket.recv()).get("requestId") != action:
            pass


async def _send(socket: ClientConnection, room_id: str, told: Counter[str], pace: float) -> None:
    frame = json.dumps({"action": "sendMessage", "roomId": room_id, "text": "flood " * 20})
    begun, sent = time.monotonic(), 0
    while True:
        await socket.send(frame)
        sent += 1
        told["sent"] += 1
        await asyncio.sleep(begun + sent / pace - time.monotonic())


async def _count(socket: ClientConnection, told: Counter[str]) -> None:
    while True:
        frame = json.loads(await socket.recv())
        if frame["type"] in ("messageSent", "error"):
            told[frame.get("code", "messageSent")] += 1


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
