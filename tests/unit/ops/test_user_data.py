"""Exporting and erasing a user: all of the user's data, and nothing else."""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

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
    assert kinds == {"CREATED", "MEMBER", "MESSAGE", "ROOM", "SENT", "USER"}
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


@pytest.mark.parametrize("user", ["a", "a#b", "a#b#c"])
def test_a_user_is_not_taken_for_another(emulator_dynamodb: "DynamoDBClient", user: str) -> None:
    """Ids that begin alike, with the separator of keys, are different users."""
    clock = FakeClock()
    chat = StoredChat(emulator_dynamodb, clock)
    for who in ("a", "a#b", "a#b#c"):
        end = str(int(clock.now().timestamp()) + 3_600)
        assert chat.is_let_in(who, userId=quote(who), name=f"name-of-{who}", expiresAt=end) == 200
        chat.says(who, {"action": "createRoom" if who == "a" else "joinRoom", **TEA})
        frame = {"action": "sendMessage", **TEA, "text": f"by {who}.", "clientMessageId": "m1"}
        chat.says(who, frame)

    found = chat.records.export(user)
    chat.records.erase(user, say=lambda _: None)

    assert texts(found) == [f"by {user}."]
    assert [it["sk"] for it in found["rooms"] if "SENT" in it["sk"]] == [f"SENT#{user}#m1"]
    for who in {"a", "a#b", "a#b#c"} - {user}:
        again = {"action": "sendMessage", **TEA, "text": "again", "clientMessageId": "m1"}
        assert chat.says(who, again)["message"]["text"] == f"by {who}."


def test_a_ban_outlives_the_erasure(emulator_dynamodb: "DynamoDBClient") -> None:
    """A banned user who asks to be erased stays banned, and no item has the id."""
    clock = FakeClock()
    chat = StoredChat(emulator_dynamodb, clock)
    eve = {"userId": "u-eve", "name": "Eve", "expiresAt": str(int(clock.now().timestamp()) + 60)}
    chat.stores.bans.ban("u-eve")

    chat.records.erase("u-eve", say=lambda _: None)

    assert "u-eve" not in chat.everything()
    assert chat.is_let_in("eve", **eve) == 403
    assert [item["sk"] for item in chat.records.export("u-eve")["rooms"]] == ["BAN"]
    chat.records.erase("u-eve", say=lambda _: None)
    assert chat.is_let_in("eve", **eve) == 403
    chat.stores.bans.lift("u-eve")
    assert chat.is_let_in("eve", **eve) == 200
