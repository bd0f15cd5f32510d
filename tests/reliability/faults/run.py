"""One run of a room's life under a fault, and what came of it."""

import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from local.deploy import client
from tests.reliability.faults.accounts import Teams
from tests.reliability.faults.cases import Row
from tests.reliability.faults.injection import Rule, Target
from tests.reliability.faults.proxy import Proxy
from tests.reliability.faults.retrying_client import Stubborn
from tests.reliability.model.client_record import Record
from tests.reliability.model.history_checker import Truth
from tests.reliability.model.simulation import read_log
from tests.support.emulator import Stack

PATIENCE = 15.0
"""Seconds within which a hang-up must show."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial leaves to be judged."""

    rules: Sequence[Rule]
    present: Sequence[Stubborn]
    absent: Stubborn
    truth: Truth
    members: Sequence[str]
    lasts: bool
    """Whether those who have renewed their connections have done so."""

    @property
    def people(self) -> Sequence[Stubborn]:
        """Everyone."""
        return (*self.present, self.absent)

    def histories(self) -> list[Record]:
        """What everyone did and saw; those who are present have seen all."""
        return [
            *(person.history(synced=True) for person in self.present),
            self.absent.history(synced=False),
        ]

    @property
    def refusals(self) -> list[str]:
        """Every error that anybody heard."""
        return [refusal for person in self.people for refusal in person.refusals]


def run(row: Row, *, stack: Stack, proxy: Proxy, teams: Teams) -> Outcome:
    """Alice, Bob and Dave are in a room; then the fault comes, and then it is lifted.

    Under it Alice and Bob speak, Carol connects, joins and speaks, Bob leaves and returns, he and
    Alice renew their connections, and Dave's line goes dead.
    """
    mark = uuid.uuid4().hex[:12]
    rules = row.rules()
    with teams.one() as team, ExitStack() as people:
        target = Target(mark, team.mark)
        proxy.watch(target)

        def enter(name: str) -> Stubborn:
            person = Stubborn(stack.web_socket_url, team.accounts[name], mark)
            people.callback(person.remove_connection)
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
            alice.renew()
            bob.leave()
            alice.say("four")
            bob.join()
            bob.renew()
            dave.remove_connection()
            _until_spent(rules, alice)
        members = _settled(alice, without=dave)
        for person in (alice, bob, carol):
            person.sync()
        present = (alice, bob, carol)
        truth = _truth(stack, mark, connected=[person.record.user_id for person in present])
        lasts = alice.lasts() and bob.lasts()
        return Outcome(rules, present, dave, truth, members, lasts)


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


def _truth(stack: Stack, room_id: str, *, connected: Sequence[str]) -> Truth:
    """The room as the tables have it."""
    log = read_log(client("dynamodb", stack.endpoint_url), stack.rooms_table, room_id)
    return Truth({room_id: log}, {room_id: _audience(stack, room_id)}, {room_id: connected})


def _audience(stack: Stack, room_id: str) -> list[str]:
    """The users on the connections that a push would go to."""
    found = client("dynamodb", stack.endpoint_url).query(
        TableName=stack.connections_table,
        KeyConditionExpression="pk = :room",
        ExpressionAttributeValues={":room": {"S": f"ROOM#{room_id}"}},
        ConsistentRead=True,
    )
    return [item["userId"]["S"] for item in found["Items"]]
