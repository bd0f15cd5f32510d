"""A run of a room's life under a fault, and its outcome."""

import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from local.deploy import client
from tests.reliability.faults.accounts import Teams
from tests.reliability.faults.cases import FaultCase
from tests.reliability.faults.injection import Rule, Target
from tests.reliability.faults.proxy import Proxy
from tests.reliability.faults.retrying_client import RetryingClient
from tests.reliability.model.client_record import Record
from tests.reliability.model.history_checker import Truth
from tests.reliability.model.simulation import read_log
from tests.support.emulator import Stack

SETTLE_TIMEOUT = 15.0
"""The seconds within which a closed connection must have an effect."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run, to be checked."""

    rules: Sequence[Rule]
    present: Sequence[RetryingClient]
    absent: RetryingClient
    truth: Truth
    members: Sequence[str]
    lasts: bool
    """Whether the renewed connections last as long as their fresh tokens."""

    @property
    def users(self) -> Sequence[RetryingClient]:
        """Return all users."""
        return (*self.present, self.absent)

    def histories(self) -> list[Record]:
        """Return the records of all users. The present users claim to have seen all messages."""
        return [
            *(user.history(synced=True) for user in self.present),
            self.absent.history(synced=False),
        ]

    @property
    def errors(self) -> list[str]:
        """Return every error that any user received."""
        return [error for user in self.users for error in user.errors]


def run(case: FaultCase, *, stack: Stack, proxy: Proxy, teams: Teams) -> Outcome:
    """Put Alice, Bob and Dave into a room, and apply the faults for a while.

    Meanwhile Alice and Bob send, and Carol connects, joins and sends. Bob leaves and rejoins, he
    and Alice renew their connections, and Dave's connection is lost.
    """
    mark = uuid.uuid4().hex[:12]
    rules = case.rules()
    with teams.one() as team, ExitStack() as users:
        target = Target(mark, team.mark)
        proxy.watch(target)

        def enter(name: str) -> RetryingClient:
            user = RetryingClient(stack.web_socket_url, team.accounts[name], mark)
            users.callback(user.disconnect)
            return user

        alice, bob, dave = enter("alice"), enter("bob"), enter("dave")
        alice.create()
        for user in (bob, dave):
            user.join()
            user.say("hello")

        with target.applying(rules):
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
            dave.disconnect()
            _until_spent(rules, alice)
        members = _settled(alice, without=dave)
        for user in (alice, bob, carol):
            user.sync()
        present = (alice, bob, carol)
        truth = _truth(stack, mark, connected=[user.record.user_id for user in present])
        lasts = alice.lasts() and bob.lasts()
        return Outcome(rules, present, dave, truth, members, lasts)


def _until_spent(rules: Sequence[Rule], alice: RetryingClient) -> None:
    """Wait until a lost connection's calls to AWS have met their faults."""
    deadline = time.monotonic() + SETTLE_TIMEOUT
    while time.monotonic() < deadline and not all(rule.spent for rule in rules):
        alice.members()


def _settled(alice: RetryingClient, *, without: RetryingClient) -> list[str]:
    """Return the member list without a user, whose lost connection a push finds at the latest."""
    deadline = time.monotonic() + SETTLE_TIMEOUT
    while time.monotonic() < deadline:
        if without.name not in (members := alice.members()):
            return members
        alice.say("still there?")
    raise AssertionError(f"a ghost: {members}")


def _truth(stack: Stack, room_id: str, *, connected: Sequence[str]) -> Truth:
    """Return the state of the room in the tables."""
    log = read_log(client("dynamodb", stack.endpoint_url), stack.rooms_table, room_id)
    return Truth({room_id: log}, {room_id: _subscribers(stack, room_id)}, {room_id: connected})


def _subscribers(stack: Stack, room_id: str) -> list[str]:
    """Return the users of the connections that a push would go to."""
    found = client("dynamodb", stack.endpoint_url).query(
        TableName=stack.connections_table,
        KeyConditionExpression="pk = :room",
        ExpressionAttributeValues={":room": {"S": f"ROOM#{room_id}"}},
        ConsistentRead=True,
    )
    return [item["userId"]["S"] for item in found["Items"]]
