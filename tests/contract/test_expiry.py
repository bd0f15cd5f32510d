"""The expiry of each kind of item.

An expired item has no effect, whether or not DynamoDB has deleted it yet.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chat.domain.clock import CONNECTION_KEPT
from chat.domain.rate_limit import Rate, Rates
from chat.dynamodb.items import CREATED_ROOMS_KEPT, SENT_KEPT, VISIT_KEPT
from chat.dynamodb.table import unpack
from chat.protocol import Member, SendMessage
from tests.infrastructure.synthesis import PROJECT
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Chat
from tests.support.item_kinds import EXPIRES, items_without_end
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
    ("USER", "CREATED"): CREATED_ROOMS_KEPT,
    ("ROOM", "MESSAGE"): RETENTION,
    ("ROOM", "gap"): DAY,
    ("ROOM", "SENT"): SENT_KEPT,
    ("own", "with a role"): None,
    ("own", "without one"): VISIT_KEPT,
}
"""The time that each kind of item is kept. If it is None, the item does not expire."""


class ExpiringChat(Chat):
    """A chat in DynamoDB that keeps messages for a week.

    It has stored items of every kind.
    """

    def __init__(
        self, client: "DynamoDBClient", clock: FakeClock, retention: timedelta | None = RETENTION
    ) -> None:
        super().__init__(clock=clock)
        self._client = client
        self._tables = (make_table(client), make_table(client))
        self.stores = Stores.dynamo(
            client, clock, tables=self._tables, rates=RATES, retention=retention
        )
        self.room = self.request("alice", "createRoom", visibility="public", **TEA)["room"]
        den = self.request("alice", "createRoom", visibility="private", name="Den")["room"][
            "roomId"
        ]
        self.den = {"roomId": den}
        made = self.request("alice", "createInvite", **self.den, expiresInSeconds=3_600)
        self.invite = made["invite"]
        self.request("bob", "joinRoom", **TEA)
        self.request("alice", "sendMessage", **TEA, text="old", clientMessageId="m1")
        self.request("alice", "sendMessage", **TEA, text="deleted")
        self.request("alice", "deleteMessage", **TEA, seq=2)
        self._leave_a_gap()
        self.request("alice", "sendMessage", **TEA, text="after a gap")
        self.request("bob", "getHistory", **TEA)

    def _leave_a_gap(self) -> None:
        """Take a seq, but store no message with it."""
        messages: Any = self.stores.messages
        messages.writer.number(
            SendMessage(room_id="tea", text="lost"), sender=Member(user_id="u-alice", name="Alice")
        )

    def request(self, who: str, action: str, **fields: Any) -> dict[str, Any]:
        """Return the reply, and assert that it is no error."""
        reply = self.says(who, {"action": action, **fields})
        assert reply["type"] != "error", reply
        return reply

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Return all items of the tables, each with the name of its table."""
        for table in self._tables:
            pages = self._client.get_paginator("scan").paginate(TableName=table)
            yield from ((table, unpack(item)) for page in pages for item in page["Items"])

    def delete_expired_items(self) -> int:
        """Delete the expired items, as DynamoDB does at some time. Return their number."""
        now = self.clock.now().timestamp()
        old = [(t, it) for t, it in self.items() if it.get("expiresAt", now + 1) <= now]
        for table, item in old:
            key = {name: {"S": item[name]} for name in ("pk", "sk")}
            self._client.delete_item(TableName=table, Key=key)
        return len(old)


@pytest.fixture(params=["moto", "emulator"])
def client(request: pytest.FixtureRequest) -> "DynamoDBClient":
    """DynamoDB of moto, and of the emulator's library."""
    found: DynamoDBClient = request.getfixturevalue(f"{request.param}_dynamodb")
    return found


@pytest.fixture
def chat(client: "DynamoDBClient", clock: FakeClock) -> ExpiringChat:
    """A chat whose items have not expired."""
    return ExpiringChat(client, clock)


@pytest.fixture(params=[False, True], ids=["still there", "deleted"])
def expired(request: pytest.FixtureRequest, chat: ExpiringChat) -> ExpiringChat:
    """A chat whose items have expired, before and after DynamoDB has deleted them."""
    chat.clock.advance(days=VISIT_KEPT.days + 1)
    if request.param:
        assert chat.delete_expired_items() > 0
    return chat


def kind(item: dict[str, Any]) -> tuple[str, str]:
    """Return the kind of an item, as in `KEPT`."""
    pk, sk = (item[name].partition("#")[0] for name in ("pk", "sk"))
    if (pk, sk) == ("USER", "ROOM"):
        return ("own", "with a role" if "role" in item else "without one")
    return (pk, "gap" if "hole" in item else sk)


def kept(chat: ExpiringChat, now: datetime) -> set[tuple[tuple[str, str], timedelta | None]]:
    """Return each kind of item in the tables, and the time that it is kept from *now*."""
    return {
        (
            kind(item),
            timedelta(seconds=int(item["expiresAt"]) - int(now.timestamp()))
            if "expiresAt" in item
            else None,
        )
        for _, item in chat.items()
    }


def test_the_document_has_each_kind_of_item() -> None:
    """docs/architecture/data-model.md has both tables, and the same kinds that expire."""
    text = (PROJECT / "docs" / "architecture" / "data-model.md").read_text()
    section = text.partition("## What is kept")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", section, re.MULTILINE)[2:]

    expires = {kind: end != "no" and not end.startswith("after `") for kind, end in rows}

    assert expires == EXPIRES


def test_an_item_without_its_expiry_is_found() -> None:
    """Items of unknown kinds are found too. A message may have no expiry."""
    sent = {"pk": "ROOM#tea", "sk": "SENT#u#m"}
    message = {"pk": "ROOM#tea", "sk": "MESSAGE#1"}
    strange = {"pk": {"S": "ROOM#tea"}, "sk": {"S": "POLL#1"}, "expiresAt": {"N": "1"}}

    found = items_without_end([sent, {**sent, "expiresAt": 1}, message, strange])

    assert found == ["sent: ROOM#tea / SENT#u#m", "unknown kind: ROOM#tea / POLL#1"]


def test_each_kind_of_item_has_its_expiry(chat: ExpiringChat) -> None:
    """Every item is of a known kind and has the expiry of its kind.

    A deleted message has the same expiry as other messages.
    """
    assert kept(chat, chat.clock.now()) == set(KEPT.items())


def test_without_retention_messages_do_not_expire(
    client: "DynamoDBClient", clock: FakeClock
) -> None:
    """All other items expire as before."""
    chat = ExpiringChat(client, clock, retention=None)

    assert kept(chat, clock.now()) == {*({**KEPT, ("ROOM", "MESSAGE"): None}.items())}


def test_expired_messages_are_not_returned(expired: ExpiringChat) -> None:
    """Neither a page nor a resume has an expired message.

    It cannot be deleted, and its clientMessageId can be used again.
    """
    resumed = expired.request(
        "alice.expired", "joinRoom", **TEA, after=0, epoch=expired.room["epoch"]
    )
    page = expired.request("alice.expired", "getHistory", **TEA)
    gone = expired.says("alice.expired", {"action": "deleteMessage", **TEA, "seq": 1})
    again = expired.request("alice.expired", "sendMessage", **TEA, text="new", clientMessageId="m1")

    assert resumed["resumed"] is False
    assert resumed["messages"] == page["messages"] == []
    assert (gone["code"], gone["message"]) == (
        "bad_request",
        "$.seq: there is no message with this seq",
    )
    assert (again["message"]["text"], again["message"]["seq"]) == ("new", 5)
    texts = [m["text"] for m in expired.request("alice.expired", "getHistory", **TEA)["messages"]]
    assert texts == ["new"]


def test_expired_connections_visits_and_invites_have_no_effect(expired: ExpiringChat) -> None:
    """An expired connection, visit or invite has no effect. A role does not expire."""
    expired.request("alice.expired", "joinRoom", **TEA)

    stale = expired.says("bob", {"action": "hello"})
    invited = expired.says("eve", {"action": "joinRoom", **expired.den, "invite": expired.invite})
    members = expired.request("alice.expired", "listMembers", **TEA)["members"]
    own = {who: expired.request(f"{who}.expired", "listRooms")["rooms"] for who in ("alice", "bob")}

    assert stale["code"] == "unauthorized"
    assert invited["code"] == "room_not_found"
    assert [m["name"] for m in members] == ["alice"]
    assert {it["room"]["roomId"] for it in own["alice"]} == {"tea", expired.den["roomId"]}
    assert own["bob"] == []
