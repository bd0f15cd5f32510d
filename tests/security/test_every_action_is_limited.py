"""A user who floods with any action, over twenty connections, is rate limited and disconnected."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chat.domain.rate_limit import Kind, Rate, Rates
from tests.security.all_actions import ACTIONS, frames
from tests.support.dynamodb import make_table
from tests.support.harness import Chat, Frame
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

KINDS: tuple[Kind, ...] = ("messages", "joins", "changes", "reads")
CONNECTION = Rate(1, 1, burst=5)
USER = Rate(1, 1, burst=20)
USER_FRAMES = Rate(1, 1, burst=40)
RATES = Rates(
    connection=dict.fromkeys(KINDS, CONNECTION),
    user=dict.fromkeys(KINDS, USER),
    frames=Rate(1, 1, burst=8),
    user_frames=USER_FRAMES,
    strikes=Rate(1, 1, burst=10),
    cooldown=timedelta(seconds=30),
)
SOCKETS = [f"eve.{n}" for n in range(20)]
ROUNDS = 10

UNCOUNTED_FRAMES = {"ping", "an unknown action", "no JSON"}
"""Frames that only the bucket of frames counts: they make no request to DynamoDB."""
FRAMES: dict[str, str] = {
    **{action: json.dumps(next(frames(action))) for action in ACTIONS},
    "an unknown action": '{"action": "nope"}',
    "no JSON": "{",
}


@pytest.fixture
def chat(emulator_dynamodb: "DynamoDBClient") -> Chat:
    """Provide a chat with Eve's twenty connections and Alice's tea room with a message."""
    chat = Chat()
    tables = (make_table(emulator_dynamodb), make_table(emulator_dynamodb))
    chat.stores = Stores.dynamo(emulator_dynamodb, chat.clock, tables=tables, rates=RATES)
    for who in SOCKETS:
        chat.replies[who] = []
        assert chat.connects(who) == 200
    chat.says("alice", {"action": "createRoom", "roomId": "tea"})
    chat.says("alice", {"action": "sendMessage", "roomId": "tea", "text": "hi"})
    return chat


def flood(chat: Chat, frame: str) -> Iterator[Frame]:
    """Send a frame from each connection in turn, until the user is disconnected."""
    for _ in range(ROUNDS):
        for who in SOCKETS:
            if not chat.push.closed:
                yield chat.says(who, frame)


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("what", FRAMES)
def test_a_flood_over_twenty_connections(chat: Chat, what: str, joined: bool) -> None:
    """Twenty connections get the burst of one user and no more, and are closed soon after.

    Alice is not affected.
    """
    if joined:
        for who in SOCKETS:
            chat.says(who, {"action": "joinRoom", "roomId": "tea"})
        chat.clock.advance(minutes=2)

    replies = list(flood(chat, FRAMES[what]))

    served = [reply for reply in replies if reply.get("code") != "rate_limited"]
    frames_below_a_batch = len(SOCKETS)
    limit = USER_FRAMES.burst + frames_below_a_batch if what in UNCOUNTED_FRAMES else USER.burst
    assert 0 < len(served) <= limit
    assert chat.push.closed == set(SOCKETS)
    assert len(replies) < ROUNDS * len(SOCKETS)
    assert chat.says("alice", {"action": "ping"})["type"] == "pong"


def test_every_action_is_tried() -> None:
    """Each action of the protocol has a frame here."""
    assert FRAMES.keys() == {*ACTIONS, *UNCOUNTED_FRAMES}
