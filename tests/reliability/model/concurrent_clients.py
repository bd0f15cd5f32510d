"""Many clients at once on the deployed stack, and what is left there to be judged."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from local.deploy import client
from tests.reliability.model.history_checker import Truth, Violation, violations
from tests.reliability.model.reference_client import Client
from tests.reliability.model.simulation import read_log
from tests.reliability.model.statistics import TOTALS
from tests.reliability.model.websocket_transport import Person, present
from tests.support.emulator import Stack

SETTLED_WITHIN = 20.0
"""Seconds within which lines that went dead must be out of every audience."""


@dataclass(frozen=True)
class Crowd:
    """People who are all connected."""

    stack: Stack
    people: Sequence[Person]

    async def enter(self, room_ids: Sequence[str]) -> None:
        """The first opens the rooms, then everyone joins them."""
        first, *others = self.people
        for room_id in room_ids:
            first.client.create(room_id)
        await first.idle()
        for person in others:
            for room_id in room_ids:
                person.client.join(room_id)
        await self.idle()

    def renew(self) -> None:
        """Those who have signed in go on with another token."""
        if sign_in := self.stack.sign_in:
            tokens = {key: sign_in(key) for key in {person.key for person in self.people}}
            for person in self.people:
                person.renew(tokens[person.key])

    async def idle(self) -> None:
        """Wait until all is said and shown."""
        await asyncio.gather(*(person.idle() for person in self.people))

    async def verdict(self, room_ids: Sequence[str]) -> list[Violation]:
        """Bring everyone up to date; every broken promise."""
        await self.idle()
        await asyncio.gather(*(person.synced() for person in self.people))
        records = [person.client.record for person in self.people]
        TOTALS.add(records)
        return violations(records, await self._truth(room_ids))

    async def _truth(self, room_ids: Sequence[str]) -> Truth:
        connected = {room_id: self._inside(room_id) for room_id in room_ids}
        members = {room_id: self._audience(room_id) for room_id in room_ids}
        async with asyncio.timeout(SETTLED_WITHIN):
            while any(len(members[room_id]) > len(connected[room_id]) for room_id in room_ids):
                await self.people[0].synced()  # a round trip, for `$disconnect` is on its way
                members = {room_id: self._audience(room_id) for room_id in room_ids}
        dynamodb = client("dynamodb", self.stack.endpoint_url)
        log = {room_id: read_log(dynamodb, self.stack.rooms_table, room_id) for room_id in room_ids}
        return Truth(log, members, connected)

    def _inside(self, room_id: str) -> list[str]:
        return [
            person.client.record.user_id
            for person in self.people
            if (place := person.client.places.get(room_id)) and place.inside
        ]

    def _audience(self, room_id: str) -> list[str]:
        found = client("dynamodb", self.stack.endpoint_url).query(
            TableName=self.stack.connections_table,
            KeyConditionExpression="pk = :room",
            ExpressionAttributeValues={":room": {"S": f"ROOM#{room_id}"}},
            ConsistentRead=True,
        )
        return [item["userId"]["S"] for item in found["Items"]]


@asynccontextmanager
async def crowd(stack: Stack, names: Sequence[str], *, seed: int = 0) -> AsyncIterator[Crowd]:
    """Connect people; `alice` and `alice.phone` are one user."""
    dice = random.Random(seed)
    keys = {name.split(".")[0]: f"{dice.getrandbits(128):032x}" for name in names}
    async with AsyncExitStack() as lines:
        people = []
        for name in names:
            core = Client(random.Random(dice.getrandbits(64)))
            key = keys[name.split(".")[0]]
            token = stack.sign_in(key) if stack.sign_in else None
            person = Person(stack.web_socket_url, name, key, token, core)
            people.append(await lines.enter_async_context(present(person)))
        yield Crowd(stack, people)
