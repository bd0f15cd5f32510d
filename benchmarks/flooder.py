"""Somebody in a room who sends at a steady pace, or as fast as the socket takes it.

A process of its own, so that it takes no time from those who measure. Arguments: URL, roomId,
frames a second. Says "ready", floods until its input ends, and prints what became of it as JSON.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


async def main(url: str, room_id: str, pace: str) -> None:
    """Open the room if it is not there, join, flood, count."""
    told = Counter[str]()
    async with connect(f"{url}?name=flooder", proxy=None, compression=None) as socket:
        for action in ("createRoom", "joinRoom"):
            await socket.send(
                json.dumps({"action": action, "roomId": room_id, "requestId": action})
            )
            while json.loads(await socket.recv()).get("requestId") != action:
                pass
        print("ready", flush=True)
        sends, counts = _send(socket, room_id, told, float(pace)), _count(socket, told)
        tasks = [asyncio.create_task(each) for each in (sends, counts)]
        await asyncio.to_thread(sys.stdin.read)
        assert not any(task.done() for task in tasks), "the connection was closed"
        print(json.dumps(told), flush=True)
        os._exit(0)  # a goodbye would wait until all that was sent has been answered


async def _send(socket: ClientConnection, room_id: str, told: Counter[str], pace: float) -> None:
    frame = json.dumps({"action": "sendMessage", "roomId": room_id, "text": "flood " * 20})
    begun = time.monotonic()
    with suppress(ConnectionClosed):
        while True:
            await socket.send(frame)
            told["sent"] += 1
            await asyncio.sleep(begun + told["sent"] / pace - time.monotonic())


async def _count(socket: ClientConnection, told: Counter[str]) -> None:
    with suppress(ConnectionClosed):
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] in ("messageSent", "error"):
                told[frame.get("code", "messageSent")] += 1


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
