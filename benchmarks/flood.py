"""A room with and without a user who floods it: the time until the others receive a message.

For comparison, one case has a user who sends as much as the limits allow.
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

from benchmarks.end_to_end import DeployedChat

NEIGHBOURS = 6
"""Number of users in the room who send at a normal rate."""

PAUSE_SECONDS = 0.5
"""Mean pause between two messages of a neighbour. That rate is far below the limits."""

SEED = 11
"""Seed of the pauses, so that they are random and the same in each round."""

RECEIPT_SECONDS = 20.0
"""Longest wait for the last receipts."""

ROOM = "flood"

WARM_UP_BURSTS = 3
"""Bursts of messages before anything is measured, which start the function's environments."""


@dataclass(frozen=True, slots=True)
class ExtraUser:
    """A seventh user: a name for the report, and the frames per second over some connections."""

    name: str
    frame_rate: float = 0.0
    connections: int = 1


NO_USER = ExtraUser("none")
FLOODERS = (
    ExtraUser("at full speed", 100_000),
    ExtraUser("200 per second, 5 connections", 200, connections=5),
    ExtraUser("at full speed, 5 connections", 100_000, connections=5),
)
ALLOWED_SENDER = ExtraUser("as much as allowed", 5)


@dataclass(slots=True)
class Impact:
    """Seconds from a neighbour's message to each receipt, and counts of the extra user."""

    delays: list[float] = field(default_factory=list)
    extra_user: Counter[str] = field(default_factory=Counter)
    """Number of frames that the extra user sent, and of replies to them, by kind."""

    def percentile(self, share: float) -> float:
        """Return the delay that *share* of the receipts had at most."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure_impacts(
    chat: DeployedChat, extra_users: Sequence[ExtraUser], *, rounds: int, seconds: float
) -> dict[ExtraUser, Impact]:
    """Return the impact of each extra user. They take turns, because the machine's speed varies."""
    return asyncio.run(_measure(chat.endpoints.web_socket_url, extra_users, rounds, seconds))


async def _measure(
    url: str, extra_users: Sequence[ExtraUser], rounds: int, seconds: float
) -> dict[ExtraUser, Impact]:
    impacts = {user: Impact() for user in extra_users}
    async with AsyncExitStack() as stack:
        neighbours = [await stack.enter_async_context(_join(url, n)) for n in range(NEIGHBOURS)]
        for _ in range(rounds):
            for user, impact in impacts.items():
                await _start_environments(neighbours)
                async with _flood(url, user, impact) if user.frame_rate else nullcontext():
                    await _run_round(neighbours, impact, seconds=seconds)
    return impacts


async def _start_environments(neighbours: Sequence[ClientConnection]) -> None:
    """Let all neighbours send at the same time, so that the function has environments for them."""
    for _ in range(WARM_UP_BURSTS):
        requests = (
            _request(socket, action="sendMessage", roomId=ROOM, text="hello")
            for socket in neighbours
        )
        await asyncio.gather(*requests)


@asynccontextmanager
async def _join(url: str, number: int) -> AsyncIterator[ClientConnection]:
    """Connect a neighbour and let it join the room. The first neighbour creates it."""
    async with connect(f"{url}?name=p{number}", proxy=None, compression=None) as socket:
        await _request(socket, action="createRoom", roomId=ROOM)
        await _request(socket, action="joinRoom", roomId=ROOM)
        yield socket


async def _request(socket: ClientConnection, **request: str) -> None:
    """Send a request and wait for its reply, which may be an error; ignore the events before it."""
    await socket.send(json.dumps({**request, "requestId": "request"}))
    while json.loads(await socket.recv()).get("requestId") != "request":
        pass


async def _run_round(
    neighbours: Sequence[ClientConnection], impact: Impact, *, seconds: float
) -> None:
    """Let random neighbours send for *seconds*, and record the delay of each receipt."""
    receivers = [asyncio.create_task(_receive(socket, impact)) for socket in neighbours]
    before, expected = len(impact.delays), 0
    random = Random(SEED)  # noqa: S311 - not for security
    began, due = time.perf_counter(), 0.0
    try:
        while (due := due + random.expovariate(len(neighbours) / PAUSE_SECONDS)) < seconds:
            await asyncio.sleep(began + due - time.perf_counter())
            text = json.dumps({"sent": time.perf_counter()})
            frame = {"action": "sendMessage", "roomId": ROOM, "text": text}
            await random.choice(neighbours).send(json.dumps(frame))
            expected += len(neighbours) - 1
        async with asyncio.timeout(RECEIPT_SECONDS):
            while len(impact.delays) - before < expected:
                await asyncio.sleep(0.01)
    finally:
        for task in receivers:
            task.cancel()
        await asyncio.gather(*receivers, return_exceptions=True)


async def _receive(socket: ClientConnection, impact: Impact) -> None:
    """Record the delay of each message of a neighbour, whose text is the time of sending."""
    while True:
        frame = json.loads(await socket.recv())
        if frame["type"] == "message" and frame["message"]["text"].startswith('{"sent"'):
            sent = json.loads(frame["message"]["text"])["sent"]
            impact.delays.append(time.perf_counter() - sent)


@asynccontextmanager
async def _flood(url: str, user: ExtraUser, impact: Impact) -> AsyncIterator[None]:
    """Let the extra user send during the block, and add its counts to the impact."""
    arguments = (url, ROOM, str(user.frame_rate), str(user.connections))
    command = (sys.executable, "-m", "benchmarks.flooder", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    try:
        assert process.stdout
        assert await process.stdout.readline() == b"ready\n"
        yield
        counts, _ = await process.communicate(b"")
        impact.extra_user.update(json.loads(counts))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
