"""Exporting and erasing a user: all of the user's data, and nothing else."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from chat.dynamodb.table import unpack
from ops.user_data import Records
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Chat
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TEA = {"roomId": "tea"}


class StoredChat(Chat):
    """A chat with its stores on DynamoDB."""

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(clock=clock)
        self.client = client
        self.tables = (make_table(client), make_table(client))
        self.stores = Stores.dynamo(client, clock, tables=self.tables)

    @property
    def records(self) -> Records:
        """Return the records that the operators' commands use."""
        return Records(self.client, *self.tables)

    def everything(self) -> str:
        """Return both tables as text."""
        found = [self.client.scan(TableName=table)["Items"] for table in self.tables]
        return json.dumps([unpack(item) for items in found for item in items], default=str)


@pytest.fixture
def chat(emulator_dynamodb: "DynamoDBClient") -> StoredChat:
    """Let Alice own a room that Bob moderates, and a private room; both have sent messages."""
    chat = StoredChat(emulator_dynamodb, FakeClock())
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    role = {"action": "setRole", **TEA, "userId": chat.user_id("bob"), "role": "moderator"}
    chat.says("alice", role)
    for n in range(3):
        for who in ("alice", "bob"):
            text = f"{who}-says-{n}"
            frame = {"action": "sendMessage", **TEA, "text": text, "clientMessageId": f"m{n}"}
            chat.says(who, frame)
    chat.says("alice", {"action": "deleteMessage", **TEA, "seq": 2})
    chat.says("alice", {"action": "createRoom", "visibility": "private"})
    return chat


def texts(found: dict[str, Any]) -> list[str]:
    return [item["text"] for item in found["rooms"] if item["sk"].startswith("MESSAGE#")]


def test_exports_all_of_a_user(chat: StoredChat) -> None:
    """The export has the user's messages, rooms, roles, deletions and connections only."""
    alice = chat.user_id("alice")

    found = chat.records.export(alice)

    assert texts(found)[:1] + texts(found)[2:] == [f"alice-says-{n}" for n in range(3)]
    assert texts(found)[1] == ""
    kinds = {item["sk"].partition("#")[0] for item in found["rooms"]}
    assert kinds == {"MEMBER", "MESSAGE", "ROOM", "SENT", "USER"}
    assert {item["pk"].partition("#")[0] for item in found["connections"]} == {
        "CONNECTION",
        "ROOM",
        "USER",
    }
    assert "bob-says" not in json.dumps(found)
    assert chat.user_id("bob") not in json.dumps(found["connections"])


def test_exports_nothing_for_an_unknown_user(chat: StoredChat) -> None:
    """A user without any item has an empty export."""
    found = chat.records.export("u-nobody")

    assert (found["connections"], found["rooms"]) == ([], [])


def test_erases_all_of_a_user(chat: StoredChat) -> None:
    """No item in either table has the user's id, name or texts."""
    alice, before = chat.user_id("alice"), chat.everything()
    assert all(word in before for word in (alice, "alice-says", '"alice"'))

    changed = chat.records.erase(alice, say=lambda _: None)

    after = chat.everything()
    assert changed > 0
    assert not [word for word in (alice, "alice-says", '"alice"') if word in after]
    assert chat.records.erase(alice, say=lambda _: None) == 0


def test_messages_of_others_stay(chat: StoredChat) -> None:
    """The log keeps its order and its seqs, so that history and resuming still work."""
    before = chat.says("bob", {"action": "getHistory", **TEA})["messages"]

    chat.records.erase(chat.user_id("alice"), say=lambda _: None)

    after = chat.says("bob", {"action": "getHistory", **TEA})["messages"]
    assert [m["seq"] for m in after] == [m["seq"] for m in before]
    assert [m["text"] for m in after] == ["", "", "", "bob-says-1", "", "bob-says-2"]
    assert [m["sender"]["userId"] for m in after][::2] == ["erased"] * 3
    assert chat.says("bob", {"action": "sendMessage", **TEA, "text": "on"})["type"] == "messageSent"
    assert chat.says("alice", {"action": "hello"})["code"] == "unauthorized"


def test_a_room_may_lose_its_owner(chat: StoredChat) -> None:
    """The count of owners follows, so that a later owner can step down."""
    chat.records.erase(chat.user_id("alice"), say=lambda _: None)

    room = chat.client.get_item(
        TableName=chat.tables[1], Key={"pk": {"S": "ROOM#tea"}, "sk": {"S": "ROOM"}}
    )["Item"]

    assert unpack(room)["owners"] == 0
    assert unpack(room)["createdBy"] == "erased"
