"""Tokens that expire during a request: acknowledged messages stay, and nothing is added."""

from typing import TYPE_CHECKING

import pytest

from tests.reliability.model.absence import (
    TEA,
    broken_rules,
    return_and_catch_up,
    say,
    start_conversation,
)
from tests.reliability.model.clients import enter
from tests.reliability.model.in_memory_transport import InMemoryUser
from tests.reliability.model.simulation import DynamoSimulation, Simulation

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture(params=["fakes", "dynamodb"])
def simulation(request: pytest.FixtureRequest) -> Simulation:
    """Return a chat without guests."""
    if request.param == "fakes":
        return Simulation(guests=False)
    client: DynamoDBClient = request.getfixturevalue("emulator_dynamodb")
    return DynamoSimulation(client, guests=False)


def advance_to_the_last_second(simulation: Simulation, bob: InMemoryUser) -> None:
    """Advance the clock to a second before Bob's token expires."""
    simulation.clock.advance(seconds=bob.token_expires_at - bob.now - 1)


def test_a_token_expires_while_its_user_sends(simulation: Simulation) -> None:
    """The first message is stored. The second is sent once more over another connection."""
    alice, bob = start_conversation(simulation)
    first = bob.connection_id
    bob.client.say(TEA, "in time", bob.now)
    advance_to_the_last_second(simulation, bob)
    bob.settle()
    bob.client.say(TEA, "too late", bob.now)
    simulation.clock.advance(seconds=1)
    before = [entry.message["text"] for entry in simulation.log(TEA)]

    return_and_catch_up(bob)
    return_and_catch_up(alice)

    assert before == ["seen", "in time"]
    assert [entry.message["text"] for entry in simulation.log(TEA)] == [*before, "too late"]
    assert bob.connection_id != first
    assert bob.client.record.counts["error unauthorized"] == 1
    assert (len(bob.client.record.views), bob.client.record.losses) == (1, [])
    assert broken_rules(simulation, alice, bob) == []


def test_a_token_expires_while_its_user_receives(simulation: Simulation) -> None:
    """From the expiry on the old connection receives nothing. The next one catches up."""
    alice, bob = start_conversation(simulation)
    first = str(bob.connection_id)
    advance_to_the_last_second(simulation, bob)
    return_and_catch_up(alice)
    say(alice, 1)
    heard = len(simulation.heard(first))

    simulation.clock.advance(seconds=1)
    return_and_catch_up(alice)
    say(alice, 2)

    assert heard > 0
    assert len(simulation.heard(first)) == heard
    assert simulation.says(first, {"action": "leaveRoom", "roomId": TEA})["code"] == "unauthorized"
    return_and_catch_up(bob)
    assert len(bob.client.record.views[0].messages) == 4
    assert broken_rules(simulation, alice, bob) == []


@pytest.mark.parametrize("renews", [False, True])
def test_a_token_expires_during_its_renewal(simulation: Simulation, renews: bool) -> None:
    """A renewal in the last second succeeds. From the expiry on it needs another connection."""
    alice, bob = start_conversation(simulation)
    first = bob.connection_id
    advance_to_the_last_second(simulation, bob)
    bob.renew()
    simulation.clock.advance(seconds=0 if renews else 1)
    bob.settle()
    simulation.clock.advance(seconds=2)

    return_and_catch_up(alice)
    say(alice, 1)
    return_and_catch_up(bob)

    assert (bob.connection_id == first) is renews
    assert bob.client.record.counts["renewals"] == int(renews)
    assert broken_rules(simulation, alice, bob) == []


def test_each_device_has_its_own_expiry(simulation: Simulation) -> None:
    """The longer token of the phone applies to the phone alone."""
    alice, _ = start_conversation(simulation)
    page, phone = enter(simulation, "carol"), enter(simulation, "carol-phone")
    page.lifetime, phone.lifetime = 60, 600
    for device in (page, phone):
        device.client.join(TEA)
        device.settle()
    over = page.connection_id
    simulation.clock.advance(seconds=60)

    say(alice, 1)

    inside = {subscriber.connection_id for subscriber in simulation.services.subscribers.of(TEA)}
    assert (over in inside, phone.connection_id in inside) == (False, True)
    return_and_catch_up(phone)
    return_and_catch_up(page)
    assert [it.client.record.counts["connections"] for it in (phone, page)] == [1, 2]
