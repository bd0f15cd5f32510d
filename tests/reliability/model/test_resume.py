"""A client that was away gets all missed messages, or learns that they are incomplete."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.reliability.model.absence import (
    TEA,
    broken_rules,
    return_and_catch_up,
    say,
    start_conversation,
)
from tests.reliability.model.client_record import Frame
from tests.reliability.model.clients import enter
from tests.reliability.model.simulation import RETENTION, DynamoSimulation, Simulation

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MakeSimulation = Callable[..., Simulation]


@pytest.fixture(params=["guests-fakes", "guests-dynamodb", "signed in-fakes", "signed in-dynamodb"])
def make_simulation(request: pytest.FixtureRequest) -> MakeSimulation:
    """Return a function that makes chats on the fakes and on the real adapter.

    Their users are guests, or have signed in.
    """
    who, _, where = request.param.partition("-")
    if where == "fakes":
        return partial(Simulation, guests=who == "guests")
    client: DynamoDBClient = request.getfixturevalue("emulator_dynamodb")
    return partial(DynamoSimulation, client, guests=who == "guests")


@pytest.mark.parametrize("missed", [0, 1, 3, 4, 10])
def test_a_short_absence(make_simulation: MakeSimulation, missed: int) -> None:
    """A view continues after no message, one, a full page, one more, and many pages."""
    simulation = make_simulation(page=3)
    alice, bob = start_conversation(simulation)
    bob.drop()

    say(alice, missed)
    return_and_catch_up(bob)

    assert len(bob.client.record.views) == 1
    assert len(bob.client.record.views[0].messages) == 1 + missed
    assert bob.client.record.losses == []
    assert broken_rules(simulation, alice, bob) == []


def test_a_thousand_missed_messages() -> None:
    """A long absence is caught up with, page after page."""
    simulation = Simulation(page=100)
    alice, bob = start_conversation(simulation)
    bob.drop()

    say(alice, 1000)
    return_and_catch_up(bob)

    assert len(bob.client.record.views[0].messages) == 1001
    assert bob.client.record.losses == []
    assert broken_rules(simulation, alice, bob) == []


def test_a_thousand_missed_messages_on_the_real_adapter(
    emulator_dynamodb: "DynamoDBClient",
) -> None:
    """The same holds with DynamoDB, which has its own pages."""
    simulation = DynamoSimulation(emulator_dynamodb, page=100)
    _, bob = start_conversation(simulation)
    bob.drop()
    last = simulation.log(TEA)[-1].message

    _copy(simulation, last, count=1000)
    return_and_catch_up(bob)

    assert [m["seq"] for m in bob.client.record.views[0].messages] == list(range(1, 1002))
    assert bob.client.record.losses == []


def test_messages_that_keep_coming(make_simulation: MakeSimulation) -> None:
    """Messages sent during the catch-up are neither lost nor shown twice."""
    simulation = make_simulation(page=3)
    alice, bob = start_conversation(simulation)
    bob.drop()
    say(alice, 10)
    simulation.clock.advance(seconds=1)

    while bob.step():
        say(
            alice,
            1 if bob.client.record.counts["sends"] == 0 and len(simulation.log(TEA)) < 30 else 0,
        )
    return_and_catch_up(bob)

    assert len(bob.client.record.views) == 1
    assert broken_rules(simulation, alice, bob) == []


def test_another_epoch(make_simulation: MakeSimulation) -> None:
    """A claim with another epoch gets the latest page, and nothing else."""
    simulation = make_simulation(page=3)
    alice, _ = start_conversation(simulation)
    say(alice, 5)
    claim = {"action": "joinRoom", "roomId": TEA, "after": 1}

    replies = [simulation.says("carol", {**claim, **epoch}) for epoch in ({"epoch": "another"}, {})]

    for reply in replies:
        assert (reply["resumed"], reply["hasMore"]) == (False, True)
        assert [m["seq"] for m in reply["messages"]] == [4, 5, 6]


def test_a_claim_from_the_future(make_simulation: MakeSimulation) -> None:
    """A claim with a seq that the room has not reached is not resumed."""
    simulation = make_simulation(page=3)
    start_conversation(simulation)
    epoch = simulation.services.rooms.get(TEA).epoch

    reply = simulation.says(
        "carol", {"action": "joinRoom", "roomId": TEA, "after": 2, "epoch": epoch}
    )

    assert reply["resumed"] is False


@pytest.mark.parametrize("spoken_later", [0, 2])
def test_beyond_retention(make_simulation: MakeSimulation, spoken_later: int) -> None:
    """If missed messages have expired, the view begins anew and reports the loss."""
    simulation = make_simulation(page=3)
    alice, bob = start_conversation(simulation)
    bob.drop()

    say(alice, 2)
    simulation.clock.advance(seconds=RETENTION.total_seconds() + 60)
    return_and_catch_up(alice)
    say(alice, spoken_later)
    return_and_catch_up(bob)

    assert bob.client.record.losses == [TEA]
    assert len(bob.client.record.views[-1].messages) == spoken_later
    assert broken_rules(simulation, alice, bob) == []


def test_just_within_retention(make_simulation: MakeSimulation) -> None:
    """If seen messages have expired and missed ones have not, nothing is lost."""
    simulation = make_simulation(page=3)
    alice, bob = start_conversation(simulation)
    bob.drop()
    simulation.clock.advance(hours=12)
    say(alice, 2)

    simulation.clock.advance(hours=11, minutes=59)
    return_and_catch_up(bob)

    assert bob.client.record.losses == []
    assert broken_rules(simulation, alice, bob) == []


def test_nothing_missed_for_long(make_simulation: MakeSimulation) -> None:
    """A client that saw the last message resumes after any time."""
    simulation = make_simulation(page=3, retention=timedelta(days=1))
    alice, bob = start_conversation(simulation)
    bob.drop()

    simulation.clock.advance(days=30)
    return_and_catch_up(alice)
    return_and_catch_up(bob)

    assert bob.client.record.losses == []
    assert broken_rules(simulation, alice, bob) == []


def test_a_room_that_was_created_again(emulator_dynamodb: "DynamoDBClient") -> None:
    """A new room with the same id has a new epoch, so old claims are not resumed."""
    simulation = DynamoSimulation(emulator_dynamodb, page=3)
    alice, bob = start_conversation(simulation)
    say(alice, 2)
    bob.settle()
    bob.drop()
    _delete(simulation, TEA)
    again = enter(simulation, "carol")
    again.client.create(TEA)
    say(again, 5)

    return_and_catch_up(bob)

    old, new = bob.client.record.views
    assert old.epoch != new.epoch
    assert bob.client.record.losses == [TEA]
    assert [m["seq"] for m in new.messages] == [3, 4, 5]


def _copy(simulation: DynamoSimulation, message: Frame, *, count: int) -> None:
    """Write *message* under the next *count* seqs in batches, which is fast."""
    table = simulation.tables[1]
    key = {"pk": {"S": f"ROOM#{TEA}"}, "sk": {"S": f"MESSAGE#{message['seq']:016d}"}}
    item = simulation.client.get_item(TableName=table, Key=key)["Item"]
    seqs = range(message["seq"] + 1, message["seq"] + 1 + count)
    copies = [{**item, "sk": {"S": f"MESSAGE#{seq:016d}"}} for seq in seqs]
    for start in range(0, count, 25):
        puts = [{"PutRequest": {"Item": copy}} for copy in copies[start : start + 25]]
        simulation.client.batch_write_item(RequestItems={table: puts})  # type: ignore[dict-item]
    simulation.client.update_item(
        TableName=table,
        Key={**key, "sk": {"S": "ROOM"}},
        UpdateExpression="ADD lastSeq :count",
        ExpressionAttributeValues={":count": {"N": str(count)}},
    )


def _delete(simulation: DynamoSimulation, room_id: str) -> None:
    """Delete a room and its log from the table, as an operator would."""
    table = simulation.tables[1]
    found = simulation.client.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"ROOM#{room_id}"}},
    )
    for item in found["Items"]:
        simulation.client.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
