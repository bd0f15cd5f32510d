"""A random crowd on the deployed stack, while AWS misbehaves."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.reliability.faults.cases import ROWS
from tests.reliability.faults.injection import Rule, Target
from tests.reliability.faults.proxy import Proxy
from tests.reliability.model.concurrent_clients import Crowd, crowd
from tests.reliability.model.simulation import new_id
from tests.reliability.model.statistics import TOTALS
from tests.reliability.model.websocket_transport import Person
from tests.support.emulator import Stack

DOINGS = ("say", "say", "say", "say", "twice", "cut", "leave", "older", "renew", "wait")

FAULTS = [row for row in ROWS if row.timeout is None]
"""Those that need no other function."""


@dataclass(frozen=True)
class Turmoil:
    """People who speak, are cut off, leave and return, all at once."""

    all_: Crowd
    rooms: Sequence[str]
    dice: random.Random

    def do(self, text: str) -> Person:
        """Let somebody do something, and say who."""
        person, room = self.dice.choice(self.all_.people), self.dice.choice(self.rooms)
        match self.dice.choice(DOINGS):
            case "say":
                person.say(room, text)
            case "twice":
                id_ = new_id()
                for line in self.all_.people:
                    if line.key == person.key:
                        line.say(room, text, id_=id_)
            case "cut":
                person.cut()
            case "leave":
                person.client.leave(room)
            case "older":
                person.client.read_older(room)
            case "renew" if sign_in := self.all_.stack.sign_in:
                person.renew(sign_in(person.key))
            case _:
                return person
        return self.all_.people[0]

    async def calm(self) -> None:
        """Everyone returns, and a last message finds the lines that are dead."""
        for person in self.all_.people:
            for room in self.rooms:
                person.client.join(room)
        await self.all_.idle()
        for room in self.rooms:
            self.all_.people[0].say(room, "the end")
        await self.all_.idle()


async def turmoil(stack: Stack, proxy: Proxy, dice: random.Random) -> None:
    """One crowd, a few kinds of faults, and the checker's verdict."""
    mark = new_id()[:12]
    rooms = [f"{mark}-{n}" for n in range(dice.randint(1, 4))]
    names = [f"{mark}-{n}{line}" for n in range(dice.randint(2, 6)) for line in ("", ".phone")]
    target = Target(mark)
    proxy.watch(target)
    rules = _faults(dice)
    async with crowd(stack, names, seed=dice.getrandbits(32)) as all_:
        await all_.enter(rooms)
        scene = Turmoil(all_, rooms, dice)
        with target.suffering(rules):
            for turn in range(dice.randint(20, 80)):
                await scene.do(f"turn {turn}").idle()
        await scene.calm()
        found = await all_.verdict(rooms)
        TOTALS.counts["faults"] += sum(rule.fired for rule in rules)
        assert found == [], (found, rules)


def _faults(dice: random.Random) -> Sequence[Rule]:
    """Those of some rows of the table; of none, at times."""
    chosen = dice.sample(FAULTS, dice.randint(0, 6))
    return [rule for row in chosen for rule in row.rules()]
