"""Many clients at once on the deployed stack, and the state that they leave there."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from local.deploy import client
from tests.reliability.model.history_checker import Truth, Violation, violations
from tests.reliability.model.reference_client import Client
from tests.reliability.model.simulation import read_log
from tests.reliability.model.statistics import STATISTICS
from tests.reliability.model.websocket_transport import WebSocketUser, present
from tests.support.emulator import Stack

SETTLED_WITHIN = 20.0
"""The seconds within which lost connections must leave the subscribers of every room."""


@dataclass(frozen=True)
class ConcurrentClients:
    """Clients that are all connected."""

    stack: Stack
    users: Sequence[WebSocketUser]

    async def enter(self, room_ids: Sequence[str]) -> None:
        """Let the first client create the rooms, then the others join them."""
        first, *others = self.users
        for room_id in room_ids:
            first.client.create(room_id)
        await first.idle()
        for user in others:
            for room_id in room_ids:
                user.client.join(room_id)
        await self.idle()

    def renew(self) -> None:
        """Renew the connections with new tokens, if the users have signed in."""
        if sign_in := self.stack.sign_in:
            tokens = {key: sign_in(key) for key in {user.key for user in self.users}}
            for user in self.users:
                user.renew(tokens[user.key])

    async def idle(self) -> None:
        """Wait until all messages are acknowledged and shown."""
        await asyncio.gather(*(user.idle() for user in self.users))

    async def verdict(self, room_ids: Sequence[str]) -> list[Violation]:
        """Synchronize all clients, and return every violation."""
        await self.idle()
        await asyncio.gather(*(user.synced() for user in self.users))
        records = [user.client.record for user in self.users]
        STATISTICS.add(records)
        return violations(records, await self._truth(room_ids))

    async def _truth(self, room_ids: Sequence[str]) -> Truth:
        connected = {room_id: self._inside(room_id) for room_id in room_ids}
        members = {room_id: self._subscribers(room_id) for room_id in room_ids}
        async with asyncio.timeout(SETTLED_WITHIN):
            while any(len(members[room_id]) > len(connected[room_id]) for room_id in room_ids):
                await self.users[0].synced()  # a round trip, for `$disconnect` is on its way
                members = {room_id: self._subscribers(room_id) for room_id in room_ids}
        dynamodb = client("dynamodb", self.stack.endpoint_url)
        log = {room_id: read_log(dynamodb, self.stack.rooms_table, room_id) for room_id in room_ids}
        return Truth(log, members, connected)

    def _inside(self, room_id: str) -> list[str]:
        return [
            user.client.record.user_id
            for user in self.users
            if (room := user.client.rooms.get(room_id)) and room.inside
        ]

    def _subscribers(self, room_id: str) -> list[str]:
        found = client("dynamodb", self.stack.endpoint_url).query(
            TableName=self.stack.connections_table,
            KeyConditionExpression="pk = :room",
            ExpressionAttributeValues={":room": {"S": f"ROOM#{room_id}"}},
            ConsistentRead=True,
        )
        return [item["userId"]["S"] for item in found["Items"]]


@asynccontextmanager
async def connected_clients(
    stack: Stack, names: Sequence[str], *, seed: int = 0
) -> AsyncIterator[ConcurrentClients]:
    """Connect clients. `alice` and `alice.phone` are one user."""
    rng = random.Random(seed)
    keys = {name.split(".")[0]: f"{rng.getrandbits(128):032x}" for name in names}
    async with AsyncExitStack() as lines:
        users = []
        for name in names:
            core = Client(random.Random(rng.getrandbits(64)))
            key = keys[name.split(".")[0]]
            token = stack.sign_in(key) if stack.sign_in else None
            user = WebSocketUser(stack.web_socket_url, name, key, token, core)
            users.append(await lines.enter_async_context(present(user)))
        yield ConcurrentClients(stack, users)
