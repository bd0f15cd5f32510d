"""A user in a room who sends at a steady rate, or as fast as the connections accept frames.

It is a process of its own, so that it takes no time from the process that measures.
Its arguments are the URL, the room id, the frames per second, and the number of connections.
It prints "ready", floods until its input ends, and prints its counts as JSON.
A connection that was closed, or whose handshake was rejected, is opened again after a second.
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

RETRY_SECONDS = 1.0
"""Pause before a connection is opened again."""

KEY = secrets.token_hex()
"""Guest key of all connections, so that they are one user, and a new user in each round."""


async def main(url: str, room_id: str, frame_rate: str, connections: str) -> None:
    """Create the room if it does not exist, join it, flood it, and print the counts."""
    os.nice(19)  # outside of this benchmark, a flooder runs on another machine
    counts, rate = Counter[str](), float(frame_rate) / int(connections)
    all_joined = asyncio.Barrier(int(connections) + 1)
    tasks = [
        asyncio.create_task(_flood(url, room_id, counts, rate, all_joined))
        for _ in range(int(connections))
    ]
    await all_joined.wait()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    assert not any(task.done() for task in tasks), "a connection has given up"
    print(json.dumps(counts), flush=True)
    os._exit(0)  # closing would wait until everything that was sent has been answered


async def _flood(
    url: str, room_id: str, counts: Counter[str], rate: float, all_joined: asyncio.Barrier
) -> None:
    """Flood over one connection after another. The first waits until all have joined."""
    is_first = True
    while True:
        try:
            async with connect(f"{url}?name=flooder&key={KEY}", proxy=None, compression=None) as it:
                await _join(it, room_id)
                if is_first:
                    await all_joined.wait()
                    is_first = False
                async with asyncio.TaskGroup() as both:
                    both.create_task(_send(it, room_id, counts, rate))
                    both.create_task(_count_replies(it, counts))
        except* ConnectionClosed:
            counts["closed"] += 1
        except* InvalidStatus:
            counts["handshakes rejected"] += 1
        await asyncio.sleep(RETRY_SECONDS)


async def _join(socket: ClientConnection, room_id: str) -> None:
    """Create the room, which fails if it exists, and join it."""
    for action in ("createRoom", "joinRoom"):
        await socket.send(json.dumps({"action": action, "roomId": room_id, "requestId": action}))
        while json.loads(await socket.recv()).get("requestId") != action:
            pass


async def _send(socket: ClientConnection, room_id: str, counts: Counter[str], rate: float) -> None:
    """Send frames at a rate per second, without waiting for replies."""
    frame = json.dumps({"action": "sendMessage", "roomId": room_id, "text": "flood " * 20})
    began, sent = time.monotonic(), 0
    while True:
        await socket.send(frame)
        sent += 1
        counts["sent"] += 1
        await asyncio.sleep(began + sent / rate - time.monotonic())


async def _count_replies(socket: ClientConnection, counts: Counter[str]) -> None:
    """Count the replies: acknowledgements, and errors by their code."""
    while True:
        frame = json.loads(await socket.recv())
        if frame["type"] in ("messageSent", "error"):
            counts[frame.get("code", "messageSent")] += 1


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
