"""Kicks, bans, mutes and changes of roles read a bounded part of a large room."""

from typing import TYPE_CHECKING, Any

import pytest

from chat.domain.membership import Membership
from chat.dynamodb.subscribers import MAX_SEARCHED
from tests.contract.counted_chat import CountedChat
from tests.support.fakes.clock_and_push import FakeClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TEA = {"roomId": "tea"}
OTHERS = 2 * MAX_SEARCHED


class LargeRoom(CountedChat):
    """A chat with a large tea room of Alice, that counts the subscribers which queries read.

    The connections of the users sort behind all others, where no bounded read comes to them.
    """

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(client, clock)
        self.read = 0
        for who in ("zoe", "zoe.phone"):
            self.says(who, {"action": "ping"})
        self.says("alice", {"action": "createRoom", **TEA})
        self.fill_tea_room(OTHERS)
        for who in ("zoe", "zoe.phone"):
            self.says(who, {"action": "joinRoom", **TEA})
        client.meta.events.register("after-call.dynamodb.Query", self._count_read)

    def _count_read(self, parsed: dict[str, Any], **_: Any) -> None:
        self.read += parsed["ScannedCount"]

    def reads_of(self, action: str, **fields: Any) -> int:
        """Return the items that the queries of an action of Alice on Zoe read."""
        self.read = 0
        frame = {"action": action, **TEA, "userId": self.user_id("zoe"), **fields}
        reply = self.says("alice", frame)
        assert reply["type"] != "error", reply
        return self.read


@pytest.fixture
def chat(emulator_dynamodb: "DynamoDBClient", clock: FakeClock) -> LargeRoom:
    """A large room."""
    return LargeRoom(emulator_dynamodb, clock)


@pytest.mark.parametrize("action", ["kickMember", "banMember"])
def test_a_removal_reads_a_bounded_part_of_the_room(chat: LargeRoom, action: str) -> None:
    """It finds all connections of the user nevertheless. The announcement reads a small room."""
    assert chat.reads_of(action) <= MAX_SEARCHED + chat.limits.presence + 1

    for device in ("zoe", "zoe.phone"):
        assert chat.heard(device)[-1]["type"] == "removed"
        assert chat.stores.connections.get(device).rooms == frozenset()
    here = {it.member.name for it in chat.stores.subscribers.of("tea")}
    assert "zoe" not in here


@pytest.mark.parametrize(
    ("action", "fields"),
    [("muteMember", {"seconds": 60}), ("setRole", {"role": "moderator"})],
)
def test_a_change_reads_the_room_once(chat: LargeRoom, action: str, fields: dict[str, Any]) -> None:
    """The push of the change reads all subscribers, like a message. All else is bounded."""
    all_of_them = OTHERS + 3

    assert chat.reads_of(action, **fields) <= all_of_them + MAX_SEARCHED

    changed = [it.member for it in chat.stores.subscribers.of("tea") if it.member.name == "zoe"]
    assert len(changed) == 2
    assert all(member.role or member.muted_until for member in changed)


def test_a_ban_of_a_stranger_reads_a_bounded_part(chat: LargeRoom) -> None:
    """The user id may be invented."""
    chat.read = 0

    banned = chat.says("alice", {"action": "banMember", **TEA, "userId": "u-nobody"})

    assert banned["type"] == "memberBanned"
    assert chat.read <= 2 * MAX_SEARCHED


def test_a_user_with_many_connections_is_found(chat: LargeRoom) -> None:
    """The user's list finds each connection, also those that a bounded read does not find."""
    user_id = chat.user_id("zoe")

    assert chat.stores.subscribers.display_name("tea", user_id) == "zoe"
    muted = Membership("tea", user_id, name="zoe", muted_until=chat.clock.now())
    assert list(chat.stores.subscribers.set_membership(muted)) == ["zoe", "zoe.phone"]
    assert list(chat.stores.subscribers.unsubscribe_user("tea", user_id)) == ["zoe", "zoe.phone"]
