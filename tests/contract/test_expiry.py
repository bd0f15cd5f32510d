"""What expires, and when; and that nobody can tell whether DynamoDB has deleted it yet."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chat.domain.clock import CONNECTION_KEPT
from chat.domain.rate_limit import Rate, Rates
from chat.dynamodb.items import SENT_KEPT, VISIT_KEPT
from chat.dynamodb.table import unpack
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Chat
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DAY = timedelta(days=1)
RETENTION = 7 * DAY
BURST = Rate(10, 1, 40)
RATES = Rates(user={"messages": BURST, "joins": BURST})
TEA = {"roomId": "tea"}

KEPT: dict[tuple[str, str], timedelta | None] = {
    ("CONNECTION", "CONNECTION"): CONNECTION_KEPT,
    ("USER", "CONNECTIONS"): CONNECTION_KEPT,
    ("USER", "RATES"): DAY + BURST.depth,
    ("ROOM", "CONNECTION"): CONNECTION_KEPT,
    ("ROOM", "ROOM"): None,
    ("ROOM", "MEMBER"): None,
    ("ROOM", "INVITE"): timedelta(hours=1),
    ("PUBLIC", "ROOM"): None,
    ("USER", "USER"): None,
    ("ROOM", "MESSAGE"): RETENTION,
    ("ROOM", "hole"): DAY,
    ("ROOM", "SENT"): SENT_KEPT,
    ("own", "with a role"): None,
    ("own", "without one"): VISIT_KEPT,
}
"""How long each kind of item is kept; None is for ever."""


class Archive(Chat):
    """A chat in DynamoDB that keeps messages for a week; Alice's tea room has seen all kinds."""

    def __init__(
        self, client: "DynamoDBClient", clock: FakeClock, retention: timedelta | None = RETENTION
    ) -> None:
        super().__init__(clock=clock)
        self._client = client
        self._tables = (make_table(client), make_table(client))
        self.stores = Stores.dynamo(
            client, clock, tables=self._tables, rates=RATES, retention=retention
        )
        self.room = self.does("alice", "createRoom", visibility="public", **TEA)["room"]
        den = self.does("alice", "createRoom", visibility="private", name="Den")["room"]["roomId"]
        self.den = {"roomId": den}
        made = self.does("alice", "createInvite", **self.den, expiresInSeconds=3_600)
        self.invite = made["invite"]
        self.does("bob", "joinRoom", **TEA)
        self.does("alice", "sendMessage", **TEA, text="old", clientMessageId="m1")
        self.does("alice", "sendMessage", **TEA, text="taken back")
        self.does("alice", "deleteMessage", **TEA, seq=2)
        self._lose_a_writer()
        self.does("alice", "sendMessage", **TEA, text="after a hole")
        self.does("bob", "getHistory", **TEA)

    def _lose_a_writer(self) -> None:
        """Take a seq that nobody will write under."""
        messages: Any = self.stores.messages
        messages._next_seq("tea", None)

    def does(self, who: str, action: str, **fields: Any) -> dict[str, Any]:
        """The reply, which is no error."""
        reply = self.says(who, {"action": action, **fields})
        assert reply["type"] != "error", reply
        return reply

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All that is in the tables, with the table's name."""
        for table in self._tables:
            pages = self._client.get_paginator("scan").paginate(TableName=table)
            yield from ((table, unpack(item)) for page in pages for item in page["Items"])

    def deletes_the_expired(self) -> int:
        """What DynamoDB does, some time; how many items it was."""
        now = self.clock.now().timestamp()
        old = [(t, it) for t, it in self.items() if it.get("expiresAt", now + 1) <= now]
        for table, item in old:
            key = {name: {"S": item[name]} for name in ("pk", "sk")}
            self._client.delete_item(TableName=table, Key=key)
        return len(old)


@pytest.fixture(params=["moto", "emulator"])
def client(request: pytest.FixtureRequest) -> "DynamoDBClient":
    """DynamoDB, as two others play it."""
    found: DynamoDBClient = request.getfixturevalue(f"{request.param}_dynamodb")
    return found


@pytest.fixture
def archive(client: "DynamoDBClient", clock: FakeClock) -> Archive:
    """The chat."""
    return Archive(client, clock)


@pytest.fixture(params=[False, True], ids=["still there", "deleted"])
def late(request: pytest.FixtureRequest, archive: Archive) -> Archive:
    """The chat when all has expired that can, before DynamoDB has deleted it and after."""
    archive.clock.advance(days=VISIT_KEPT.days + 1)
    if request.param:
        assert archive.deletes_the_expired() > 0
    return archive


def kind(item: dict[str, Any]) -> tuple[str, str]:
    """What an item is, as `KEPT` calls it."""
    pk, sk = (item[name].partition("#")[0] for name in ("pk", "sk"))
    if (pk, sk) == ("USER", "ROOM"):
        return ("own", "with a role" if "role" in item else "without one")
    return (pk, "hole" if "hole" in item else sk)


def kept(archive: Archive, now: datetime) -> set[tuple[tuple[str, str], timedelta | None]]:
    """Each kind of item in the tables, and how long from *now* it is kept."""
    return {
        (
            kind(item),
            timedelta(seconds=int(item["expiresAt"]) - int(now.timestamp()))
            if "expiresAt" in item
            else None,
        )
        for _, item in archive.items()
    }


def test_everything_is_kept_for_its_time(archive: Archive) -> None:
    """Each kind of item, none left out; a message that was taken back, no longer than the rest."""
    assert kept(archive, archive.clock.now()) == set(KEPT.items())


def test_without_retention_messages_stay(client: "DynamoDBClient", clock: FakeClock) -> None:
    """And everything else goes as it would."""
    archive = Archive(client, clock, retention=None)

    assert kept(archive, clock.now()) == {*({**KEPT, ("ROOM", "MESSAGE"): None}.items())}


def test_old_messages_are_not_served(late: Archive) -> None:
    """Not in pages, not by resuming, and they can be neither repeated nor taken back."""
    resumed = late.does("alice.late", "joinRoom", **TEA, after=0, epoch=late.room["epoch"])
    page = late.does("alice.late", "getHistory", **TEA)
    gone = late.says("alice.late", {"action": "deleteMessage", **TEA, "seq": 1})
    again = late.does("alice.late", "sendMessage", **TEA, text="new", clientMessageId="m1")

    assert resumed["resumed"] is False
    assert resumed["messages"] == page["messages"] == []
    assert (gone["code"], gone["message"]) == (
        "bad_request",
        "$.seq: there is no message with this seq",
    )
    assert (again["message"]["text"], again["message"]["seq"]) == ("new", 5)
    texts = [m["text"] for m in late.does("alice.late", "getHistory", **TEA)["messages"]]
    assert texts == ["new"]


def test_old_connections_visits_and_invites_are_over(late: Archive) -> None:
    """Nobody of then is in the room or has its invite; who has a role in it has it still."""
    late.does("alice.late", "joinRoom", **TEA)

    stale = late.says("bob", {"action": "hello"})
    invited = late.says("eve", {"action": "joinRoom", **late.den, "invite": late.invite})
    members = late.does("alice.late", "listMembers", **TEA)["members"]
    own = {who: late.does(f"{who}.late", "listRooms")["rooms"] for who in ("alice", "bob")}

    assert stale["code"] == "unauthorized"
    assert invited["code"] == "room_not_found"
    assert [m["name"] for m in members] == ["alice"]
    assert {it["room"]["roomId"] for it in own["alice"]} == {"tea", late.den["roomId"]}
    assert own["bob"] == []
