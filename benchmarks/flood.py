"""A room with and without somebody who floods it: how soon the others hear each other.

For comparison there is one more who talks as much as allowed: how much of what a flood costs is the
talk that it is allowed.
"""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from random import Random

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.end_to_end import Deployed

NEIGHBOURS = 6
PAUSE = 0.5
"""Seconds between two messages of a neighbour on average: far below what anybody may send."""

SEED = 11
"""Of the pauses: people do not take turns, and each round's are those of all others."""

SETTLES = 20.0
"""Seconds for the last messages to arrive."""

ROOM = "flood"

BURSTS = 3
"""Of messages of everybody at once: the function's environments start before anything counts."""


@dataclass(frozen=True, slots=True)
class Seventh:
    """Who else is there, if anybody: frames a second that they send, by how many sockets."""

    name: str
    pace: float = 0.0
    sockets: int = 1


NOBODY = Seventh("nobody")
FLOODERS = (
    Seventh("at full speed", 100_000),
    Seventh("200 a second, five sockets", 200, sockets=5),
    Seventh("at full speed, five sockets", 100_000, sockets=5),
)
TALKER = Seventh("as much as allowed", 5)


@dataclass(slots=True)
class Felt:
    """Seconds from a neighbour's sending to each receipt, and what became of a flood."""

    delays: list[float] = field(default_factory=list)
    flood: Counter[str] = field(default_factory=Counter)

    def at(self, share: float) -> float:
        """The delay that *share* of the receipts had at most."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def floods(
    chat: Deployed, sevenths: Sequence[Seventh], *, rounds: int, seconds: float
) -> dict[Seventh, Felt]:
    """By who else is there, in turns, so that all see the machine's moods."""
    return asyncio.run(_floods(chat.endpoints.web_socket_url, sevenths, rounds, seconds))


async def _floods(
    url: str, sevenths: Sequence[Seventh], rounds: int, seconds: float
) -> dict[Seventh, Felt]:
    felt = {seventh: Felt() for seventh in sevenths}
    async with AsyncExitStack() as open_:
        people = [await open_.enter_async_context(_person(url, n)) for n in range(NEIGHBOURS)]
        for _ in range(rounds):
            for seventh, each in felt.items():
                await _start_environments(people)
                async with _flooder(url, seventh, each) if seventh.pace else nullcontext():
                    await _round(people, each, seconds=seconds)
    return felt


async def _start_environments(people: Sequence[ClientConnection]) -> None:
    for _ in range(BURSTS):
        asked = (_ask(one, action="sendMessage", roomId=ROOM, text="hello") for one in people)
        await asyncio.gather(*asked)


@asynccontextmanager
async def _person(url: str, number: int) -> AsyncIterator[ClientConnection]:
    async with connect(f"{url}?name=p{number}", proxy=None, compression=None) as socket:
        await _ask(socket, action="createRoom", roomId=ROOM)
        await _ask(socket, action="joinRoom", roomId=ROOM)
        yield socket


async def _ask(socket: ClientConnection, **request: str) -> None:
    """Wait for the answer, whatever it is; what comes before it is not heard."""
    await socket.send(json.dumps({**request, "requestId": "asked"}))
    while json.loads(await socket.recv()).get("requestId") != "asked":
        pass


async def _round(people: Sequence[ClientConnection], felt: Felt, *, seconds: float) -> None:
    """Everybody talks for *seconds*, whenever they like, and hears the others."""
    hearing = [asyncio.create_task(_hear(one, felt)) for one in people]
    before, wanted = len(felt.delays), 0
    chance = Random(SEED)  # noqa: S311 - nobody has anything from guessing it
    begun, due = time.perf_counter(), 0.0
    try:
        while (due := due + chance.expovariate(len(people) / PAUSE)) < seconds:
            await asyncio.sleep(begun + due - time.perf_counter())
            sent = json.dumps({"sent": time.perf_counter()})
            frame = {"action": "sendMessage", "roomId": ROOM, "text": sent}
            await chance.choice(people).send(json.dumps(frame))
            wanted += len(people) - 1
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
async def _flooder(url: str, seventh: Seventh, felt: Felt) -> AsyncIterator[None]:
    """The seventh at work in a room; what became of it is added to *felt*."""
    given = (url, ROOM, str(seventh.pace), str(seventh.sockets))
    command = (sys.executable, "-m", "benchmarks.flooder", *given)
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
