"""One run of a room's life under a fault, and what came of it."""

import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from local.deploy import client
from tests.e2e.client import Frame
from tests.emulator_fixtures import Stack
from tests.faults.people import Stubborn
from tests.faults.proxy import Proxy
from tests.faults.rows import Row
from tests.faults.rules import Rule, Target

PATIENCE = 15.0
"""Seconds within which a hang-up must show."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial leaves to be judged."""

    rules: Sequence[Rule]
    present: Sequence[Stubborn]
    absent: Stubborn
    log: Sequence[Frame]
    members: Sequence[str]
    audience: Sequence[str]

    @property
    def people(self) -> Sequence[Stubborn]:
        """Everyone."""
        return (*self.present, self.absent)

    @property
    def refusals(self) -> list[str]:
        """Every error that anybody heard."""
        return [refusal for person in self.people for refusal in person.refusals]


def run(row: Row, *, stack: Stack, proxy: Proxy) -> Outcome:
    """Alice, Bob and Dave are in a room; then the fault comes, and then it is lifted.

    Under it Alice and Bob speak, Carol connects, joins and speaks, Bob leaves and returns, and
    Dave's line goes dead.
    """
    mark = uuid.uuid4().hex[:12]
    target = Target(mark)
    proxy.watch(target)
    rules = row.rules()
    with ExitStack() as people:

        def enter(name: str) -> Stubborn:
            person = Stubborn(stack.web_socket_url, f"{name}-{mark}", mark)
            people.callback(person.hang_up)
            return person

        alice, bob, dave = enter("alice"), enter("bob"), enter("dave")
        alice.create()
        for person in (bob, dave):
            person.join()
            person.say("hello")

        with target.suffering(rules):
            alice.say("one")
            bob.say("two")
            carol = enter("carol")
            carol.join()
            carol.say("three")
            bob.leave()
            alice.say("four")
            bob.join()
            dave.hang_up()
            _until_spent(rules, alice)
        members = _settled(alice, without=dave)
        for person in (alice, bob, carol):
            person.sync()
        return Outcome(
            rules=rules,
            present=(alice, bob, carol),
            absent=dave,
            log=_log(stack, mark),
            members=members,
            audience=_audience(stack, mark),
        )


def _until_spent(rules: Sequence[Rule], alice: Stubborn) -> None:
    """A hang-up is handled behind the scenes: wait for its calls."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not all(rule.spent for rule in rules):
        alice.members()


def _settled(alice: Stubborn, *, without: Stubborn) -> list[str]:
    """The member list once somebody is out of it: a push finds who is gone at the latest."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if without.name not in (members := alice.members()):
            return members
        alice.say("still there?")
    raise AssertionError(f"a ghost: {members}")


def _log(stack: Stack, room_id: str) -> list[Frame]:
    """The room's messages as the table has them."""
    items = _query(stack, stack.rooms_table, f"ROOM#{room_id}", "MESSAGE#")
    return [
        {
            "seq": int(item["sk"]["S"].removeprefix("MESSAGE#")),
            "text": item["text"]["S"],
            "clientMessageId": item["clientMessageId"]["S"],
        }
        for item in items
        if "hole" not in item
    ]


def _audience(stack: Stack, room_id: str) -> list[str]:
    """The names on the connections that a push would go to."""
    items = _query(stack, stack.connections_table, f"ROOM#{room_id}", "CONNECTION#")
    return [item["name"]["S"] for item in items]


def _query(stack: Stack, table: str, key: str, prefix: str) -> list[Frame]:
    found = client("dynamodb", stack.endpoint_url).query(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues={":pk": {"S": key}, ":prefix": {"S": prefix}},
        ConsistentRead=True,
    )
    items: list[Frame] = found["Items"]
    return items
