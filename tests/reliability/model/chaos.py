"""Random clients on the deployed stack, while calls to AWS fail."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.reliability.faults.cases import CASES
from tests.reliability.faults.injection import Rule, Target
from tests.reliability.faults.proxy import Proxy
from tests.reliability.model.concurrent_clients import ConcurrentClients, connected_clients
from tests.reliability.model.simulation import new_id
from tests.reliability.model.statistics import STATISTICS
from tests.reliability.model.websocket_transport import WebSocketUser
from tests.support.emulator import Stack

ACTIONS = ("say", "say", "say", "say", "twice", "cut", "leave", "older", "renew", "wait")

FAULTS = [case for case in CASES if case.timeout is None]
"""The cases that do not need a function with another time-out."""


@dataclass(frozen=True)
class RandomActions:
    """Clients that send, lose connections, leave and return, all at once."""

    clients: ConcurrentClients
    rooms: Sequence[str]
    rng: random.Random

    def do(self, text: str) -> WebSocketUser:
        """Let a random client take a random action, and return the client."""
        user, room = self.rng.choice(self.clients.users), self.rng.choice(self.rooms)
        match self.rng.choice(ACTIONS):
            case "say":
                user.say(room, text)
            case "twice":
                id_ = new_id()
                for device in self.clients.users:
                    if device.key == user.key:
                        device.say(room, text, id_=id_)
            case "cut":
                user.cut()
            case "leave":
                user.client.leave(room)
            case "older":
                user.client.read_older(room)
            case "renew" if sign_in := self.clients.stack.sign_in:
                user.renew(sign_in(user.key))
            case _:
                return user
        return self.clients.users[0]

    async def calm(self) -> None:
        """Let all clients return, and send a last message that finds dead connections."""
        for user in self.clients.users:
            for room in self.rooms:
                user.client.join(room)
        await self.clients.idle()
        for room in self.rooms:
            self.clients.users[0].say(room, "the end")
        await self.clients.idle()


async def run_chaos(stack: Stack, proxy: Proxy, rng: random.Random) -> None:
    """Run random clients under a few kinds of faults, and assert that the checker finds nothing."""
    mark = new_id()[:12]
    rooms = [f"{mark}-{n}" for n in range(rng.randint(1, 4))]
    names = [f"{mark}-{n}{device}" for n in range(rng.randint(2, 6)) for device in ("", ".phone")]
    target = Target(mark)
    proxy.watch(target)
    rules = _faults(rng)
    async with connected_clients(stack, names, seed=rng.getrandbits(32)) as clients:
        await clients.enter(rooms)
        actions = RandomActions(clients, rooms, rng)
        with target.applying(rules):
            for turn in range(rng.randint(20, 80)):
                await actions.do(f"turn {turn}").idle()
        await actions.calm()
        found = await clients.verdict(rooms)
        STATISTICS.counts["faults"] += sum(rule.fired for rule in rules)
        assert found == [], (found, rules)


def _faults(rng: random.Random) -> Sequence[Rule]:
    """Return the rules of up to six random cases."""
    chosen = rng.sample(FAULTS, rng.randint(0, 6))
    return [rule for case in chosen for rule in case.rules()]
