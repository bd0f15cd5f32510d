"""Frames that claim to come from another user, or to be another action."""

import json
from typing import Any

import pytest

from tests.security.all_actions import ACTIONS, fields_of, frames
from tests.security.attacked_rooms import TEA, AttackedRooms
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
"""Fields that a client cannot set: no request has them, unless they are the action's own."""


@pytest.mark.parametrize("action", ACTIONS)
def test_forged_fields_are_rejected(rooms: AttackedRooms, action: str) -> None:
    """Every field that is not the action's own is rejected by its name, in every action."""
    frame = next(frames(action))

    for field in FORGED.keys() - fields_of(action):
        reply = rooms.chat.rejects("visitor", {**frame, field: FORGED[field]}, "bad_request")
        assert reply["message"] == f"$.{field}: unknown field"


TWICE = [
    ('{"action":"ping","action":"deleteRoom","roomId":"tea"}', "owner"),
    ('{"action":"deleteRoom","action":"ping","roomId":"tea"}', "owner"),
    ('{"action":"deleteRoom","roomId":"tea","action":"ping"}', "owner"),
    ('{"action":"ping","\\u0061ction":"deleteRoom","roomId":"tea"}', "owner"),
    ('{"roomId":"tea","action":"listMembers","action":"deleteRoom"}', "owner"),
]


@pytest.mark.parametrize(("frame", "who"), TWICE)
def test_two_actions_in_one_frame_are_rejected(rooms: AttackedRooms, frame: str, who: str) -> None:
    """A frame that could be routed as one action and handled as another is rejected."""
    rooms.chat.rejects(who, frame, "bad_request")


@pytest.mark.parametrize(
    "frame",
    [
        '{"action":"getHistory","roomId":"tea","roomId":"%s"}',
        '{"action":"listRoles","roomId":"tea","roomId":"%s"}',
        '{"action":"deleteRoom","roomId":"own-room-of-stranger","roomId":"%s"}',
    ],
)
def test_two_rooms_in_one_frame_are_rejected(rooms: AttackedRooms, frame: str) -> None:
    """The room that is checked is the room that is used. The sender's own room does not help."""
    rooms.chat.rejects("stranger", frame % rooms.private_id, "room_not_found")


def test_two_senders_in_one_frame_are_rejected(rooms: AttackedRooms) -> None:
    """A claimed sender that is repeated, escaped, or in another case is rejected."""
    for key in ("sender", "\\u0073ender", "SENDER"):
        said = f'"action":"sendMessage","roomId":"tea","text":"hi","{key}":"u-owner"'
        rooms.chat.rejects("visitor", f"{{{said},{said}}}", "bad_request")


@pytest.mark.parametrize(
    "request_id",
    [7, True, [], {}, "x" * 65, "x" * 100_000, ["r1"], {"toString": "r1"}, 10**400, 1.5],
    ids=lambda id_: str(id_)[:12],
)
def test_request_ids_are_short_strings(rooms: AttackedRooms, request_id: Any) -> None:
    """Any other request id is rejected, and not echoed."""
    frame = {"action": "joinRoom", **TEA, "requestId": request_id}

    reply = rooms.chat.rejects("stranger", frame, "bad_request")

    assert "requestId" not in reply


def test_a_request_id_is_echoed_to_its_sender_only(rooms: AttackedRooms) -> None:
    """A request id that two users send is in each user's own reply, and in no event."""
    with rooms.chat.undone():
        said = {"action": "sendMessage", **TEA, "text": "hi", "requestId": "the-same"}
        for who in ("visitor", "owner"):
            assert rooms.chat.says(who, said)["requestId"] == "the-same"

        assert "the-same" not in str(rooms.chat.push.heard)
        assert "the-same" not in rooms.chat.stored_and_pushed()


def test_a_client_message_id_belongs_to_its_user(rooms: AttackedRooms) -> None:
    """A user cannot overwrite or find another user's message by its clientMessageId."""
    with rooms.chat.undone():
        said: Frame = {"action": "sendMessage", **TEA, "clientMessageId": "m1"}
        first = rooms.chat.says("owner", {**said, "text": "mine"})["message"]
        second = rooms.chat.says("visitor", {**said, "text": "also mine"})["message"]

        assert (first["sender"]["userId"], second["sender"]["userId"]) == ("u-owner", "u-visitor")
        assert first["seq"] < second["seq"]


def test_a_user_with_the_same_name_has_no_permissions(rooms: AttackedRooms) -> None:
    """Roles and messages belong to the user id. A user with the owner's name has no role."""
    chat = rooms.chat
    with chat.undone():
        token = chat.secret(chat.issuer.token(sub="u-mallory", name="owner"))
        assert chat.handshake("mallory", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["mallory"] = []
        chat.does("mallory", "joinRoom", **TEA)
        seq = rooms.seqs["tea"]["owner"]

        chat.rejects("mallory", {"action": "deleteRoom", **TEA}, "forbidden")
        chat.rejects("mallory", {"action": "deleteMessage", **TEA, "seq": seq}, "forbidden")
        for who in ("u-owner", "u-mallory"):
            frame = {"action": "setRole", **TEA, "userId": who, "role": "owner"}
            chat.rejects("mallory", frame, "forbidden")
        said = chat.does("mallory", "sendMessage", **TEA, text="I am the owner")["message"]
        assert said["sender"] == {"userId": "u-mallory", "name": "owner"}


@pytest.mark.parametrize(
    "action", ["$connect", "$disconnect", "$default", "CONNECT", "Ping", "ping "]
)
def test_route_keys_are_not_actions(rooms: AttackedRooms, action: str) -> None:
    """A client cannot send the names of API Gateway's routes as actions."""
    frame = json.dumps({"action": action, "roomId": "tea", "userId": "u-owner"})

    rooms.chat.rejects("visitor", frame, "unknown_action")
