"""The operators' commands, on the deployed stack."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from local.deploy import client
from tests.reliability.model.simulation import read_log
from tests.support.clients.websocket import connected
from tests.support.emulator import Stack
from tests.support.operators import announced_chat, operate


def test_exports_and_erases(stack: Stack, tmp_path: Path) -> None:
    """The export has a user's messages as JSON; after erasing, other users cannot read them."""
    room, text = uuid.uuid4().hex, f"from {uuid.uuid4()}"
    with connected(stack.web_socket_url, name="alice") as alice:
        user_id = alice.ask("hello")["userId"]
        alice.ask("createRoom", roomId=room)
        alice.say(room, text)

    with announced_chat(tmp_path, stack.web_socket_url):
        exported = operate("export-user", tmp_path, USER=user_id)
        unconfirmed = operate("erase-user", tmp_path, USER=user_id)
        erased = operate("erase-user", tmp_path, USER=user_id, CONFIRM=user_id)
        after = operate("export-user", tmp_path, USER=user_id)

    assert exported[0] == 0, exported
    assert text in exported[1]
    assert (unconfirmed[0], unconfirmed[2].count("\n")) == (1, 1)
    assert erased[0] == 0, erased
    assert json.loads(after[1])["rooms"] == []
    with connected(stack.web_socket_url, name="bob") as bob:
        (message,) = bob.ask("joinRoom", roomId=room)["messages"]
    assert (message["text"], message["sender"]["userId"]) == ("", "erased")


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({}, "USER is missing: make export-user USER=...\n"),
        ({"USER": "u"}, "The chat is not running here. Start it: make run\n"),
        (
            {"USER": "u", "ENV": "mars"},
            "ENV=mars: cdk.json has no such environment; it has local, dev, staging, prod\n",
        ),
    ],
)
def test_complains_in_a_line(tmp_path: Path, variables: dict[str, str], complaint: str) -> None:
    """The line names the missing or wrong variable."""
    assert operate("export-user", tmp_path, **variables) == (1, "", complaint)


def test_an_unknown_command_is_one_line(tmp_path: Path) -> None:
    """The line names the command and lists the known ones; there is no trace."""
    expected = (
        "unknown command 'forget'; expected one of: "
        "ban-user, unban-user, export-user, erase-user, restore, canary-users\n"
    )

    assert operate("forget", tmp_path) == (1, "", expected)


def epoch(dynamodb: Any, table: str, room_id: str) -> str:
    """Return the epoch of a room in a table."""
    key = {"pk": {"S": f"ROOM#{room_id}"}, "sk": {"S": "ROOM"}}
    return str(dynamodb.get_item(TableName=table, Key=key)["Item"]["epoch"]["S"])


def test_restores_beside_the_original(stack: Stack, tmp_path: Path) -> None:
    """The copy has every message and expiry; the original does not change."""
    room = uuid.uuid4().hex
    with connected(stack.web_socket_url, name="alice") as alice:
        alice.ask("createRoom", roomId=room)
        said = alice.say(room, "keep me")
    with announced_chat(tmp_path, stack.web_socket_url):
        status, out, err = operate("restore", tmp_path)
    assert status == 0, err
    copy = re.search(r'"roomsTable": "(.*)"', out)
    assert copy is not None

    with connected(stack.web_socket_url, name="alice") as alice:
        alice.ask("joinRoom", roomId=room)
        alice.say(room, "said later")
    dynamodb = client("dynamodb", stack.endpoint_url)

    assert [entry.message["text"] for entry in read_log(dynamodb, copy[1], room)] == [said["text"]]
    expiry = dynamodb.describe_time_to_live(TableName=copy[1])["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}
    assert len(read_log(dynamodb, stack.rooms_table, room)) == 2
    lives = {table: epoch(dynamodb, table, room) for table in (copy[1], stack.rooms_table)}
    assert len(set(lives.values())) == 2, "a resuming client would not notice"
    dynamodb.delete_table(TableName=copy[1])


@pytest.mark.parametrize("at", ["yesterday", "2026-11-23T09:30:00"])
def test_names_a_wrong_time(tmp_path: Path, at: str) -> None:
    """A value that is no time, or has no zone, is refused."""
    complaint = f"AT={at}: expected a time with its zone, like 2026-11-23T09:30:00Z\n"

    assert operate("restore", tmp_path, AT=at) == (1, "", complaint)
