"""Frames that claim to be somebody else's, or to be something else than they are."""

import json
from typing import Any

import pytest

from tests.security.all_actions import ACTIONS, fields_of, frames
from tests.security.attacked_rooms import TEA, Town
from tests.support.harness import Frame

FORGED: dict[str, Any] = {
    "sender": {"userId": "u-owner", "name": "owner"},
    "userId": "u-owner",
    "user_id": "u-owner",
    "UserId": "u-owner",
    "name": "owner",
    "role": "owner",
    "roles": ["owner"],
    "member": {"userId": "u-owner", "name": "owner", "role": "owner"},
    "as": "u-owner",
    "by": "u-owner",
    "createdBy": "u-owner",
    "deletedBy": "u-owner",
    "connectionId": "owner",
    "connection_id": "owner",
    "authorizer": {"userId": "u-owner"},
    "requestContext": {"authorizer": {"userId": "u-owner"}},
    "type": "memberJoined",
    "sentAt": "2020-01-01T00:00:00.000Z",
    "lastSeq": 7,
    "owners": 9,
    "banned": False,
    "mutedUntil": None,
    "expiresAt": 2**40,
    "guests": True,
    "version": "",
    "pk": "ROOM#tea",
    "sk": "MEMBER#u-visitor",
    ":value": 1,
    "#name": 1,
    "$where": "1",
    "__proto__": {"role": "owner"},
    "constructor": {"prototype": {"role": "owner"}},
    "__class__": "Owner",
    "__struct_config__": 1,
    "": "x",
    "request_id": "r1",
}
"""What a client cannot say of itself: fields that no request has, unless it is the action's own."""


@pytest.mark.parametrize("action", ACTIONS)
def test_forged_fields(town: Town, action: str) -> None:
    """Every field that is not the action's own is refused by its name, whatever the action."""
    frame = next(frames(action))

    for field in FORGED.keys() - fields_of(action):
        reply = town.chat.refuses("visitor", {**frame, field: FORGED[field]}, "bad_request")
        assert reply["message"] == f"$.{field}: unknown field"


TWICE = [
    ('{"action":"ping","action":"deleteRoom","roomId":"tea"}', "owner"),
    ('{"action":"deleteRoom","action":"ping","roomId":"tea"}', "owner"),
    ('{"action":"deleteRoom","roomId":"tea","action":"ping"}', "owner"),
    ('{"action":"ping","\\u0061ction":"deleteRoom","roomId":"tea"}', "owner"),
    ('{"roomId":"tea","action":"listMembers","action":"deleteRoom"}', "owner"),
]


@pytest.mark.parametrize(("frame", "who"), TWICE)
def test_two_actions_in_one_frame(town: Town, frame: str, who: str) -> None:
    """A frame that is one thing to whoever routes it and another to whoever runs it is neither."""
    town.chat.refuses(who, frame, "bad_request")


@pytest.mark.parametrize(
    "frame",
    [
        '{"action":"getHistory","roomId":"tea","roomId":"%s"}',
        '{"action":"listRoles","roomId":"tea","roomId":"%s"}',
        '{"action":"deleteRoom","roomId":"lair-of-stranger","roomId":"%s"}',
    ],
)
def test_two_rooms_in_one_frame(town: Town, frame: str) -> None:
    """The room that is checked is the room that is used: one's own beside it does not help."""
    town.chat.refuses("stranger", frame % town.den, "room_not_found")


def test_two_senders_in_one_frame(town: Town) -> None:
    """Nor is a claim taken when it is repeated, escaped, or in another case."""
    for key in ("sender", "\\u0073ender", "SENDER"):
        said = f'"action":"sendMessage","roomId":"tea","text":"hi","{key}":"u-owner"'
        town.chat.refuses("visitor", f"{{{said},{said}}}", "bad_request")


@pytest.mark.parametrize(
    "request_id",
    [7, True, [], {}, "x" * 65, "x" * 100_000, ["r1"], {"toString": "r1"}, 10**400, 1.5],
    ids=lambda id_: str(id_)[:12],
)
def test_request_ids_are_short_strings(town: Town, request_id: Any) -> None:
    """Anything else is refused, and not echoed."""
    frame = {"action": "joinRoom", **TEA, "requestId": request_id}

    reply = town.chat.refuses("stranger", frame, "bad_request")

    assert "requestId" not in reply


def test_a_request_id_answers_nobody_else(town: Town) -> None:
    """The same id used by two is echoed to each in their own reply alone, in no event."""
    with town.chat.undone():
        said = {"action": "sendMessage", **TEA, "text": "hi", "requestId": "the-same"}
        for who in ("visitor", "owner"):
            assert town.chat.says(who, said)["requestId"] == "the-same"

        assert "the-same" not in str(town.chat.push.heard)
        assert "the-same" not in town.chat.kept()


def test_a_message_id_is_its_users_own(town: Town) -> None:
    """Nobody takes over, or finds out, another's message by its clientMessageId."""
    with town.chat.undone():
        said: Frame = {"action": "sendMessage", **TEA, "clientMessageId": "m1"}
        first = town.chat.says("owner", {**said, "text": "mine"})["message"]
        second = town.chat.says("visitor", {**said, "text": "also mine"})["message"]

        assert (first["sender"]["userId"], second["sender"]["userId"]) == ("u-owner", "u-visitor")
        assert first["seq"] < second["seq"]


def test_the_same_name_is_another_user(town: Town) -> None:
    """Whoever is called like the owner is nobody: rights and messages are those of the userId."""
    chat = town.chat
    with chat.undone():
        token = chat.secret(chat.issuer.token(sub="u-mallory", name="owner"))
        assert chat.knocks("mallory", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["mallory"] = []
        chat.does("mallory", "joinRoom", **TEA)
        seq = town.seqs["tea"]["owner"]

        chat.refuses("mallory", {"action": "deleteRoom", **TEA}, "forbidden")
        chat.refuses("mallory", {"action": "deleteMessage", **TEA, "seq": seq}, "forbidden")
        for who in ("u-owner", "u-mallory"):
            frame = {"action": "setRole", **TEA, "userId": who, "role": "owner"}
            chat.refuses("mallory", frame, "forbidden")
        said = chat.does("mallory", "sendMessage", **TEA, text="I am the owner")["message"]
        assert said["sender"] == {"userId": "u-mallory", "name": "owner"}


@pytest.mark.parametrize(
    "action", ["$connect", "$disconnect", "$default", "CONNECT", "Ping", "ping "]
)
def test_routes_are_no_actions(town: Town, action: str) -> None:
    """What API Gateway calls a route is nothing that a client can ask for."""
    frame = json.dumps({"action": action, "roomId": "tea", "userId": "u-owner"})

    town.chat.refuses("visitor", frame, "unknown_action")
