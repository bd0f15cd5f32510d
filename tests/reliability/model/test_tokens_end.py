"""A token that ends in the middle of something: what was acknowledged stays, and nothing more."""

from typing import TYPE_CHECKING

import pytest

from tests.reliability.model.absence import TEA, broken, come_back, meet, say
from tests.reliability.model.clients import enter
from tests.reliability.model.in_memory_transport import Person
from tests.reliability.model.simulation import MotoWorld, World

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture(params=["fakes", "moto"])
def world(request: pytest.FixtureRequest) -> World:
    """A chat where nobody is a guest."""
    if request.param == "fakes":
        return World(guests=False)
    client: DynamoDBClient = request.getfixturevalue("moto_dynamodb")
    return MotoWorld(client, guests=False)


def short_of_the_end(world: World, bob: Person) -> None:
    """A second is left of Bob's token."""
    world.clock.advance(seconds=bob.token_expires_at - bob.now - 1)


def test_in_the_middle_of_speaking(world: World) -> None:
    """The first message is in the log; the second is sent again over another connection, once."""
    alice, bob = meet(world)
    first = bob.connection_id
    bob.client.say(TEA, "in time", bob.now)
    short_of_the_end(world, bob)
    bob.settle()
    bob.client.say(TEA, "too late", bob.now)
    world.clock.advance(seconds=1)
    before = [entry.message["text"] for entry in world.log(TEA)]

    come_back(bob)
    come_back(alice)

    assert before == ["seen", "in time"]
    assert [entry.message["text"] for entry in world.log(TEA)] == [*before, "too late"]
    assert bob.connection_id != first
    assert bob.client.record.counts["error unauthorized"] == 1
    assert (len(bob.client.record.views), bob.client.record.losses) == (1, [])
    assert broken(world, alice, bob) == []


def test_in_the_middle_of_listening(world: World) -> None:
    """From then on nothing is pushed to the old connection; the next one has all of it."""
    alice, bob = meet(world)
    first = str(bob.connection_id)
    short_of_the_end(world, bob)
    come_back(alice)
    say(alice, 1)
    heard = len(world.heard(first))

    world.clock.advance(seconds=1)
    come_back(alice)
    say(alice, 2)

    assert heard > 0
    assert len(world.heard(first)) == heard
    assert world.says(first, {"action": "leaveRoom", "roomId": TEA})["code"] == "unauthorized"
    come_back(bob)
    assert len(bob.client.record.views[0].messages) == 4
    assert broken(world, alice, bob) == []


@pytest.mark.parametrize("renews", [False, True])
def test_in_the_middle_of_a_renewal(world: World, renews: bool) -> None:
    """Up to the last second it goes on; from the end on it takes another connection."""
    alice, bob = meet(world)
    first = bob.connection_id
    short_of_the_end(world, bob)
    bob.renew()
    world.clock.advance(seconds=0 if renews else 1)
    bob.settle()
    world.clock.advance(seconds=2)

    come_back(alice)
    say(alice, 1)
    come_back(bob)

    assert (bob.connection_id == first) is renews
    assert bob.client.record.counts["renewals"] == int(renews)
    assert broken(world, alice, bob) == []


def test_two_devices_end_for_themselves(world: World) -> None:
    """The phone's longer token is the phone's alone."""
    alice, _ = meet(world)
    laptop, phone = enter(world, "carol"), enter(world, "carol-phone")
    laptop.lifetime, phone.lifetime = 60, 600
    for device in (laptop, phone):
        device.client.join(TEA)
        device.settle()
    over = laptop.connection_id
    world.clock.advance(seconds=60)

    say(alice, 1)

    inside = {attendee.connection_id for attendee in world.services.subscribers.of(TEA)}
    assert (over in inside, phone.connection_id in inside) == (False, True)
    come_back(phone)
    come_back(laptop)
    assert [it.client.record.counts["connections"] for it in (phone, laptop)] == [1, 2]
