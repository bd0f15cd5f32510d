"""Whoever was away gets all that was missed, or is told that it cannot be had."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.reliability.model.absence import TEA, broken, come_back, meet, say
from tests.reliability.model.client_record import Frame
from tests.reliability.model.clients import enter
from tests.reliability.model.simulation import RETENTION, MotoWorld, World

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MakeWorld = Callable[..., World]


@pytest.fixture(params=["guests-fakes", "guests-moto", "signed in-fakes", "signed in-moto"])
def make_world(request: pytest.FixtureRequest) -> MakeWorld:
    """Makes chats on the fakes, and on the real adapter; of guests, and of who has signed in."""
    who, _, where = request.param.partition("-")
    if where == "fakes":
        return partial(World, guests=who == "guests")
    client: DynamoDBClient = request.getfixturevalue("moto_dynamodb")
    return partial(MotoWorld, client, guests=who == "guests")


@pytest.mark.parametrize("missed", [0, 1, 3, 4, 10])
def test_a_short_absence(make_world: MakeWorld, missed: int) -> None:
    """Nothing, one message, a full page, one more, and many pages: the view goes on."""
    world = make_world(page=3)
    alice, bob = meet(world)
    bob.drop()

    say(alice, missed)
    come_back(bob)

    assert len(bob.client.record.views) == 1
    assert len(bob.client.record.views[0].messages) == 1 + missed
    assert bob.client.record.losses == []
    assert broken(world, alice, bob) == []


def test_a_thousand_missed_messages() -> None:
    """A long absence is caught up with, page after page."""
    world = World(page=100)
    alice, bob = meet(world)
    bob.drop()

    say(alice, 1000)
    come_back(bob)

    assert len(bob.client.record.views[0].messages) == 1001
    assert bob.client.record.losses == []
    assert broken(world, alice, bob) == []


def test_a_thousand_missed_messages_on_the_real_adapter(moto_dynamodb: "DynamoDBClient") -> None:
    """So it is with DynamoDB, whose pages are its own."""
    world = MotoWorld(moto_dynamodb, page=100)
    _, bob = meet(world)
    bob.drop()
    last = world.log(TEA)[-1].message

    _copy(world, last, count=1000)
    come_back(bob)

    assert [m["seq"] for m in bob.client.record.views[0].messages] == list(range(1, 1002))
    assert bob.client.record.losses == []


def test_messages_that_keep_coming(make_world: MakeWorld) -> None:
    """What is said while somebody catches up is neither lost nor shown twice."""
    world = make_world(page=3)
    alice, bob = meet(world)
    bob.drop()
    say(alice, 10)
    world.clock.advance(seconds=1)

    while bob.step():
        say(alice, 1 if bob.client.record.counts["sends"] == 0 and len(world.log(TEA)) < 30 else 0)
    come_back(bob)

    assert len(bob.client.record.views) == 1
    assert broken(world, alice, bob) == []


def test_another_epoch(make_world: MakeWorld) -> None:
    """A claim about another life of the room gets the latest page, and no more than that."""
    world = make_world(page=3)
    alice, _ = meet(world)
    say(alice, 5)
    claim = {"action": "joinRoom", "roomId": TEA, "after": 1}

    replies = [world.says("carol", {**claim, **epoch}) for epoch in ({"epoch": "another"}, {})]

    for reply in replies:
        assert (reply["resumed"], reply["hasMore"]) == (False, True)
        assert [m["seq"] for m in reply["messages"]] == [4, 5, 6]


def test_a_claim_from_the_future(make_world: MakeWorld) -> None:
    """A seq that the room has not reached is no claim of this room."""
    world = make_world(page=3)
    meet(world)
    epoch = world.services.rooms.get(TEA).epoch

    reply = world.says("carol", {"action": "joinRoom", "roomId": TEA, "after": 2, "epoch": epoch})

    assert reply["resumed"] is False


@pytest.mark.parametrize("spoken_later", [0, 2])
def test_beyond_retention(make_world: MakeWorld, spoken_later: int) -> None:
    """Where missed messages have expired, the view begins anew and says so."""
    world = make_world(page=3)
    alice, bob = meet(world)
    bob.drop()

    say(alice, 2)
    world.clock.advance(seconds=RETENTION.total_seconds() + 60)
    come_back(alice)
    say(alice, spoken_later)
    come_back(bob)

    assert bob.client.record.losses == [TEA]
    assert len(bob.client.record.views[-1].messages) == spoken_later
    assert broken(world, alice, bob) == []


def test_just_within_retention(make_world: MakeWorld) -> None:
    """Where what was seen has expired and what was missed has not, nothing is lost."""
    world = make_world(page=3)
    alice, bob = meet(world)
    bob.drop()
    world.clock.advance(hours=12)
    say(alice, 2)

    world.clock.advance(hours=11, minutes=59)
    come_back(bob)

    assert bob.client.record.losses == []
    assert broken(world, alice, bob) == []


def test_nothing_missed_for_long(make_world: MakeWorld) -> None:
    """Whoever saw the last message resumes, however long ago that was."""
    world = make_world(page=3, retention=timedelta(days=1))
    alice, bob = meet(world)
    bob.drop()

    world.clock.advance(days=30)
    come_back(alice)
    come_back(bob)

    assert bob.client.record.losses == []
    assert broken(world, alice, bob) == []


def test_a_room_that_was_made_again(moto_dynamodb: "DynamoDBClient") -> None:
    """Same id, new room: whoever knew the old one is not taken to have seen the new one."""
    world = MotoWorld(moto_dynamodb, page=3)
    alice, bob = meet(world)
    say(alice, 2)
    bob.settle()
    bob.drop()
    _delete(world, TEA)
    again = enter(world, "carol")
    again.client.create(TEA)
    say(again, 5)

    come_back(bob)

    old, new = bob.client.record.views
    assert old.epoch != new.epoch
    assert bob.client.record.losses == [TEA]
    assert [m["seq"] for m in new.messages] == [3, 4, 5]


def _copy(world: MotoWorld, message: Frame, *, count: int) -> None:
    """Write *message* under the next *count* seqs, fast."""
    table = world.tables[1]
    key = {"pk": {"S": f"ROOM#{TEA}"}, "sk": {"S": f"MESSAGE#{message['seq']:016d}"}}
    item = world.client.get_item(TableName=table, Key=key)["Item"]
    seqs = range(message["seq"] + 1, message["seq"] + 1 + count)
    copies = [{**item, "sk": {"S": f"MESSAGE#{seq:016d}"}} for seq in seqs]
    for start in range(0, count, 25):
        puts = [{"PutRequest": {"Item": copy}} for copy in copies[start : start + 25]]
        world.client.batch_write_item(RequestItems={table: puts})  # type: ignore[dict-item]
    world.client.update_item(
        TableName=table,
        Key={**key, "sk": {"S": "ROOM"}},
        UpdateExpression="ADD lastSeq :count",
        ExpressionAttributeValues={":count": {"N": str(count)}},
    )


def _delete(world: MotoWorld, room_id: str) -> None:
    """Take a room and its log out of the table, as an operator would."""
    table = world.tables[1]
    found = world.client.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"ROOM#{room_id}"}},
    )
    for item in found["Items"]:
        world.client.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
