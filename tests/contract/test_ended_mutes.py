"""Mutes leave nothing behind after their end, or after their user has left."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chat.domain.membership import Membership
from chat.dynamodb import items
from tests.contract.counted_chat import TEA, CountedChat
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.in_process import items_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def test_a_mute_of_an_absent_user_expires(
    clock: FakeClock,
) -> None:
    """A membership that is only a mute expires with it. A role or a ban does not expire."""
    until = clock.now() + timedelta(minutes=5)
    old = Membership("tea", "u-bob", name="Bob")

    for new, expires in (
        (replace(old, muted_until=until), int(until.timestamp())),
        (replace(old, muted_until=until, role="member"), None),
        (replace(old, muted_until=until, banned=True), None),
    ):
        assert items.membership_item(new, version="1")["expiresAt"] == expires


def test_leaving_a_room_removes_its_mute(emulator_dynamodb: "DynamoDBClient") -> None:
    """A connection's item does not grow by the rooms that it has left."""
    chat = CountedChat(emulator_dynamodb, FakeClock())
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    bob = chat.user_id("bob")
    chat.says("alice", {"action": "muteMember", **TEA, "userId": bob, "seconds": 600})

    chat.says("bob", {"action": "leaveRoom", **TEA})

    (item,) = (it for it in items_of(chat.tables[0]) if it["pk"]["S"] == "CONNECTION#bob")
    assert not [name for name in item if name.startswith("MUTED#")]
    assert chat.says("bob", {"action": "joinRoom", **TEA})["type"] == "roomJoined"
    muted = chat.says("bob", {"action": "sendMessage", **TEA, "text": "hi"})
    assert muted["code"] == "forbidden"
