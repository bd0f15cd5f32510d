"""A room with and without somebody who floods it: how soon the others hear each other."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.emulated import Deployed

NEIGHBOURS = 6
PAUSE = 0.5
"""Seconds between two messages of a neighbour: far below what anybody may send."""

SETTLES = 20.0
"""Seconds for the last messages to arrive."""

ROOM = "flood"

PACES = (0, 200, 100_000)
"""Frames a second of the flooder: none, far more than allowed, as many as the socket takes."""


@dataclass(slots=True)
class Felt:
    """Seconds from a neighbour's sending to each receipt, and what became of a flood."""

    delays: list[float] = field(default_factory=list)
    flood: Counter[str] = field(default_factory=Counter)

    def at(self, share: float) -> float:
        """The delay that *share* of the receipts had at most."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def floods(chat: Deployed, *, rounds: int, seconds: float) -> dict[int, Felt]:
    """By the flooder's pace, in turns, so that all see the machine's moods."""
    return asyncio.run(_floods(chat.endpoints.web_socket_url, rounds, seconds))


async def _floods(url: str, rounds: int, seconds: float) -> dict[int, Felt]:
    felt = {pace: Felt() for pace in PACES}
    async with AsyncExitStack() as open_:
        people = [await open_.enter_async_context(_person(url, n)) for n in range(NEIGHBOURS)]
        await _round(people, Felt(), seconds=min(seconds, 3.0))  # the functions' start
        for _ in range(rounds):
            for pace, each in felt.items():
                async with _flooder(url, pace, each) if pace else nullcontext():
                    await _round(people, each, seconds=seconds)
    return felt


@asynccontextmanager
async def _person(url: str, number: int) -> AsyncIterator[ClientConnection]:
    async with connect(f"{url}?name=p{number}", proxy=None, compression=None) as socket:
        for action in ("createRoom", "joinRoom"):
            await socket.send(json.dumps({"action": action, "roomId": ROOM, "requestId": action}))
            while json.loads(await socket.recv()).get("requestId") != action:
                pass
        yield socket


async def _round(people: Sequence[ClientConnection], felt: Felt, *, seconds: float) -> None:
    """Everybody talks for *seconds*, one after the other, and hears the others."""
    hearing = [asyncio.create_task(_hear(one, felt)) for one in people]
    before, wanted = len(felt.delays), 0
    ends = time.perf_counter() + seconds
    try:
        while time.perf_counter() < ends:
            for one in people:
                sent = json.dumps({"sent": time.perf_counter()})
                frame = {"action": "sendMessage", "roomId": ROOM, "text": sent}
                await one.send(json.dumps(frame))
                wanted += len(people) - 1
                await asyncio.sleep(PAUSE / len(people))
        async with asyncio.timeout(SETTLES):
            while len(felt.delays) - before < wanted:
                await asyncio.sleep(0.01)
    finally:
        for task in hearing:
            task.cancel()
        await asyncio.gather(*hearing, return_exceptions=True)


async def _hear(one: ClientConnection, felt: Felt) -> None:
    while True:
        frame = json.loads(await one.recv())
        if frame["type"] == "message" and frame["message"]["text"].startswith('{"sent"'):
            sent = json.loads(frame["message"]["text"])["sent"]
            felt.delays.append(time.perf_counter() - sent)


@asynccontextmanager
async def _flooder(url: str, pace: int, felt: Felt) -> AsyncIterator[None]:
    """A flooder at work in the room; what became of it is added to *felt*."""
    command = (sys.executable, "-m", "benchmarks.flooder", url, ROOM, str(pace))
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    try:
        assert process.stdout
        assert await process.stdout.readline() == b"ready\n"
        yield
        told, _ = await process.communicate(b"")
        felt.flood.update(json.loads(told))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
