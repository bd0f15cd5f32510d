"""Steps of the tests about users who were away: meet, miss messages, come back, check."""

from tests.reliability.model.clients import enter
from tests.reliability.model.history_checker import violations
from tests.reliability.model.in_memory_transport import Person
from tests.reliability.model.simulation import World

TEA = "tea"


def meet(world: World) -> tuple[Person, Person]:
    """Alice and Bob are in a room, where Alice has spoken."""
    alice, bob = enter(world, "alice"), enter(world, "bob")
    alice.client.create(TEA)
    alice.client.say(TEA, "seen", alice.now)
    alice.settle()
    bob.client.join(TEA)
    bob.settle()
    return alice, bob


def say(person: Person, count: int) -> None:
    for n in range(count):
        person.client.say(TEA, f"missed {n}", person.now)
        person.settle()


def come_back(person: Person) -> None:
    """Connect and catch up, however often it takes."""
    person.client.sync()
    person.settle()
    while not (person.connection_id and person.client.is_idle):
        person.chat.clock.advance(seconds=1)
        person.settle()
    person.client.mark_synced()


def broken(world: World, *people: Person) -> list[object]:
    """What the checker finds."""
    records = [person.client.record for person in people]
    return [*violations(records, world.truth(people, [TEA]))]
