"""A chat whose contents are as expensive as the default limits allow, and the units it consumes."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from chat.domain.connection import Connection
from chat.domain.invites import INVITES_PER_ROOM
from chat.domain.membership import Membership
from chat.dynamodb.attribute_values import unmarshal
from chat.dynamodb.invites import DEAD_DELETED
from chat.protocol import Member, SendMessage
from ops.cost.worst_cases import WorstCase
from tests.contract.measured_chat import MeasuredChat
from tests.contract.stored_invites import store_invite
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Frame
from tests.support.in_process import items_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Key = tuple[str, str, str]
"""A table, and the pk and sk of an item."""

CRAB = "\U0001f980"
LONG_NAME = CRAB * 64
LONG_TEXT = CRAB * 4_000
USERS, DEVICES, MESSAGES, ROOMS = 60, 13, 110, 50
READ_BYTES, WRITE_BYTES = 4_096, 1_024


def long_id(n: int) -> str:
    """Return a user id of 256 bytes."""
    return f"{n:03}".ljust(256, "u")


def size_of(item: Mapping[str, Any]) -> int:
    """Return the bytes of an item in DynamoDB's notation: names and values."""
    return sum(len(name) + len(str(unmarshal(value)).encode()) for name, value in item.items())


class WorstCaseChat(MeasuredChat):
    """A public room with 780 connections of 60 users, and the longest names, ids and messages.

    The room has as many invites as it may have. A few are used up, so a new one deletes them.
    """

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(client, clock)
        self.read_units = self.write_units = 0
        self._is_measuring = False
        self._writes: list[tuple[Key, int, int]] = []
        client.meta.events.register("before-parameter-build.dynamodb", self._note_writes)
        client.meta.events.register("after-call.dynamodb", self._consume)
        self.request("alice", "createRoom", name=LONG_NAME)
        for n in range(USERS):
            self._add_user(n)
        sender = Member(user_id=long_id(0), name=LONG_NAME)
        moderator = self.stores.memberships.of("tea", long_id(0))
        expires_at = self.clock.now() + timedelta(days=30)
        for n in range(INVITES_PER_ROOM):
            uses = int(n >= DEAD_DELETED)
            store_invite(self.stores, "tea", f"{n}", expires_at=expires_at, by=moderator, uses=uses)
        for _ in range(MESSAGES):
            message = SendMessage(room_id="tea", text=LONG_TEXT)
            self.stores.messages.append(message, sender=sender)

    def _add_user(self, n: int) -> None:
        """Add a moderator with 13 connections in the tea room."""
        actor = self.stores.memberships.of("tea", self.user_id("alice"))
        visitor = Membership("tea", long_id(n), name=LONG_NAME)
        moderator = Membership("tea", long_id(n), name=LONG_NAME, role="moderator")
        self.stores.memberships.change(visitor, moderator, by=actor)
        member = Member(user_id=long_id(n), name=LONG_NAME)
        membership = self.stores.memberships.of("tea", long_id(n))
        for device in range(DEVICES):
            opened = self.clock.now() + timedelta(milliseconds=device)
            connection = Connection(f"c{n}.{device}=", member, opened)
            self.stores.handshakes.open(connection)
            self.stores.room_transactions.join("tea", connection=connection, membership=membership)

    def join_rooms(self, who: str) -> None:
        """Let a connection join as many public rooms as it may, with the longest names."""
        connection = self.stores.connections.get(who)
        for n in range(ROOMS - len(connection.rooms)):
            room_id = f"{who}-{n}".ljust(64, "-")
            self.stores.room_transactions.create_room(room_id, LONG_NAME, creator=connection)

    def worst(self, who: str, frame: Frame) -> WorstCase:
        """Return what a frame consumes, and the bytes of its reply."""
        self.says(who, {"action": "ping"})
        self.read_units = self.write_units = 0
        self._is_measuring = True
        reply: list[Frame] = []
        self.requests_of(lambda: reply.append(self.says(who, frame)))
        self._is_measuring = False
        assert reply[0]["type"] != "error", reply
        size = len(json.dumps(reply[0], ensure_ascii=False).encode())
        return WorstCase(self.read_units, self.write_units, ceil(size / 1_000))

    def _note_writes(self, model: Any, params: Mapping[str, Any], **_: Any) -> None:
        """Remember the size that each item to write has before."""
        if self._is_measuring:
            factor = 2 if model.name == "TransactWriteItems" else 1
            keys = list(_written(params))
            self._writes = [(key, factor, self._size(key)) for key in keys]

    def _size(self, key: Key) -> int:
        table, pk, sk = key
        return next(
            (size_of(it) for it in items_of(table) if (it["pk"]["S"], it["sk"]["S"]) == (pk, sk)),
            0,
        )

    def _consume(self, model: Any, parsed: Any, **_: Any) -> None:
        if not self._is_measuring:
            return
        self._consume_reads(model.name, parsed)
        for key, factor, before in self._writes:
            size = max(before, self._size(key))
            self.write_units += factor * max(1, ceil(size / WRITE_BYTES))
        self._writes = []

    def _consume_reads(self, operation: str, parsed: Any) -> None:
        match operation:
            case "GetItem":
                self.read_units += max(1, ceil(size_of(parsed.get("Item", {})) / READ_BYTES))
            case "Query":
                size = sum(map(size_of, parsed.get("Items", ())))
                self.read_units += max(1, ceil(size / READ_BYTES))
            case "BatchGetItem":
                found = [it for items in parsed["Responses"].values() for it in items]
                self.read_units += sum(max(1, ceil(size_of(it) / READ_BYTES)) for it in found)


def _written(params: Mapping[str, Any]) -> Iterator[Key]:
    """Yield the keys of the items that a request writes or checks in a transaction."""
    single = [params] if "TableName" in params and "KeyConditionExpression" not in params else []
    writes = [next(iter(it.values())) for it in params.get("TransactItems", ())]
    for write in (*single, *writes):
        if "Item" in write or any(name.endswith("Expression") for name in write):
            yield _key(write["TableName"], write.get("Item") or write["Key"])
        elif "ReturnValues" in write or write in writes:
            yield _key(write["TableName"], write["Key"])
    for table, requests in params.get("RequestItems", {}).items():
        for request in requests if isinstance(requests, list) else ():
            yield _key(table, request["DeleteRequest"]["Key"])


def _key(table: str, item: Mapping[str, Any]) -> Key:
    return table, item["pk"]["S"], item["sk"]["S"]
