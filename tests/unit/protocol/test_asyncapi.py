"""docs/asyncapi.yaml: up to date, valid, and true of the server's frames."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.support.harness import Chat, Frame
from tools.common import ROOT
from tools.generate import asyncapi

SPECS = ROOT / "node_modules" / "@asyncapi" / "specs" / "schemas"
TEA = {"roomId": "tea"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the AsyncAPI document on disk."""
    found: dict[str, Any] = yaml.safe_load(asyncapi.TARGET.read_text(encoding="utf-8"))
    return found


def test_is_fresh() -> None:
    """The file equals the output of `make asyncapi`."""
    assert asyncapi.TARGET.read_text(encoding="utf-8") == asyncapi.render()


def test_is_valid(document: dict[str, Any]) -> None:
    """The document fits the schema of AsyncAPI 3."""
    schema = json.loads(Path(SPECS / "3.0.0-without-$id.json").read_text(encoding="utf-8"))

    jsonschema.Draft7Validator(schema).validate(document)


def test_every_reference_resolves(document: dict[str, Any]) -> None:
    """Each `$ref` has its target."""
    for reference in references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_describes_a_conversation(document: dict[str, Any]) -> None:
    """Requests, replies and events of a real conversation validate against their schemas."""
    schemas = {
        message["name"]: message["payload"]
        for message in document["components"]["messages"].values()
    }

    for frame in conversation():
        payload = schemas[frame.get("type") or frame["action"]]
        jsonschema.Draft202012Validator({**document, **payload}).validate(frame)


def conversation() -> list[Frame]:
    chat = Chat()
    script: list[tuple[str, Frame]] = [
        ("alice", {"action": "hello", "requestId": "1"}),
        ("alice", {"action": "createRoom", **TEA, "name": "Tea"}),
        ("bob", {"action": "joinRoom", **TEA}),
        ("alice", {"action": "sendMessage", **TEA, "text": "hi", "clientMessageId": "m1"}),
        ("bob", {"action": "getHistory", **TEA}),
        ("bob", {"action": "listMembers", **TEA}),
        ("bob", {"action": "leaveRoom", **TEA}),
        ("bob", {"action": "ping"}),
    ]
    replies = [chat.says(who, frame) for who, frame in script]
    refused = chat.says("bob", {"action": "dance"})
    events = [*chat.heard("alice"), *chat.heard("bob")]
    assert {e["type"] for e in events} == {"memberJoined", "message", "memberLeft"}
    return [*(frame for _, frame in script), *replies, refused, *events]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []
