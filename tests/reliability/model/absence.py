"""Steps of the tests about users who were away: miss messages, return and check."""

from tests.reliability.model.clients import enter
from tests.reliability.model.history_checker import violations
from tests.reliability.model.in_memory_transport import InMemoryUser
from tests.reliability.model.simulation import Simulation

TEA = "tea"


def start_conversation(simulation: Simulation) -> tuple[InMemoryUser, InMemoryUser]:
    """Put Alice and Bob into a room, where Alice has sent a message."""
    alice, bob = enter(simulation, "alice"), enter(simulation, "bob")
    alice.client.create(TEA)
    alice.client.say(TEA, "seen", alice.now)
    alice.settle()
    bob.client.join(TEA)
    bob.settle()
    return alice, bob


def say(user: InMemoryUser, count: int) -> None:
    """Send *count* messages, and await each acknowledgement."""
    for n in range(count):
        user.client.say(TEA, f"missed {n}", user.now)
        user.settle()


def return_and_catch_up(user: InMemoryUser) -> None:
    """Connect and catch up, with as many attempts as it takes."""
    user.client.sync()
    user.settle()
    while not (user.connection_id and user.client.is_idle):
        user.chat.clock.advance(seconds=1)
        user.settle()
    user.client.mark_synced()


def broken_rules(simulation: Simulation, *users: InMemoryUser) -> list[object]:
    """Return the violations that the checker finds."""
    records = [user.client.record for user in users]
    return [*violations(records, simulation.truth(users, [TEA]))]
