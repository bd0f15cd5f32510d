"""Rooms with roles, on the deployed stack over real WebSockets."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.support.clients.websocket import Frame, WebSocketClient, connected

Enter = Callable[..., WebSocketClient]


@pytest.fixture
def enter(web_socket_url: str) -> Iterator[Enter]:
    """Return a function that connects users by name; close the connections in the end."""
    salt = uuid.uuid4().hex
    with ExitStack() as people:
        yield lambda name: people.enter_context(
            connected(web_socket_url, name=name, key=f"{name}-{salt}")
        )


@pytest.fixture
def room() -> str:
    """Return a room id that no other test uses."""
    return uuid.uuid4().hex


def user_id(who: WebSocketClient) -> str:
    return str(who.ask("hello")["userId"])


def test_every_action_on_roles_is_answered(enter: Enter, room: str) -> None:
    """Each request about rooms and roles has its reply."""
    alice, bob = enter("alice"), enter("bob")
    bobs = user_id(bob)
    alice.ask("createRoom", roomId=room)
    bob.ask("joinRoom", roomId=room)
    seq = alice.say(room, "hi")["seq"]
    at_bob = {"roomId": room, "userId": bobs}

    replies = [
        alice.ask("setRole", **at_bob, role="moderator"),
        bob.ask("deleteMessage", roomId=room, seq=seq),
        alice.ask("muteMember", **at_bob, seconds=60),
        alice.ask("listRoles", roomId=room),
        alice.ask("createInvite", roomId=room),
        alice.ask("inviteMember", roomId=room, userId="carol"),
        alice.ask("kickMember", **at_bob),
        bob.ask("joinRoom", roomId=room),
        alice.ask("banMember", **at_bob),
        alice.ask("unbanMember", **at_bob),
        alice.ask("updateRoom", roomId=room, name="Coffee"),
        alice.ask("listRooms"),
        alice.ask("deleteRoom", roomId=room),
        bob.ask("ping"),
    ]

    assert [reply["type"] for reply in replies] == [
        "roleSet",
        "messageDeleted",
        "memberMuted",
        "roles",
        "inviteCreated",
        "memberInvited",
        "memberKicked",
        "roomJoined",
        "memberBanned",
        "memberUnbanned",
        "roomUpdated",
        "rooms",
        "roomDeleted",
        "pong",
    ]
    assert [event["type"] for event in bob.events] == [
        "message",
        "memberChanged",
        "memberChanged",
        "removed",
        "removed",
    ]


def test_a_private_room_opens_by_invite_alone(enter: Enter) -> None:
    """The room is not found without the invite; with it one user may join, once."""
    alice, bob, eve = enter("alice"), enter("bob"), enter("eve")
    room = alice.ask("createRoom", visibility="private")["room"]["roomId"]
    secret = alice.ask("createInvite", roomId=room)["invite"]

    refused = eve.ask("joinRoom", roomId=room)
    joined = bob.ask("joinRoom", roomId=room, invite=secret)
    alice.say(room, "psst")

    assert _bare(refused) == _bare(eve.ask("joinRoom", roomId=f"private-{0:032}"))
    assert joined["room"]["visibility"] == "private"
    assert bob.next_event("message")["message"]["text"] == "psst"
    assert eve.ask("joinRoom", roomId=room, invite=secret)["code"] == "room_not_found"
    assert eve.ask("getHistory", roomId=room)["code"] == "room_not_found"
    assert eve.events == []


def test_a_ban_reaches_every_device(enter: Enter, room: str) -> None:
    """Both of the user's connections are removed from the room and cannot rejoin."""
    alice, phone, tablet = enter("alice"), enter("bob"), enter("bob")
    alice.ask("createRoom", roomId=room)
    for device in (phone, tablet):
        device.ask("joinRoom", roomId=room)

    alice.ask("banMember", roomId=room, userId=user_id(phone))
    alice.say(room, "now we are alone")

    for device in (phone, tablet):
        assert device.next_event("removed")["reason"] == "banned"
        assert device.ask("sendMessage", roomId=room, text="hey")["code"] == "not_a_member"
        assert device.ask("joinRoom", roomId=room)["code"] == "forbidden"
        assert [e for e in device.events if e["type"] == "message"] == []
    assert alice.member_names(room) == ["alice"]


def test_a_long_room_is_deleted_in_parts(enter: Enter, room: str) -> None:
    """Repeated requests delete all of it; meanwhile a client that joins can read nothing."""
    alice, bob = enter("alice"), enter("bob")
    alice.ask("createRoom", roomId=room)
    for n in range(60):
        alice.say(room, str(n), clientMessageId=f"m{n}")

    replies = [alice.ask("deleteRoom", roomId=room)]
    while not replies[-1]["complete"]:
        replies.append(alice.ask("deleteRoom", roomId=room))

    assert bob.ask("joinRoom", roomId=room)["code"] == "room_not_found"
    assert alice.ask("deleteRoom", roomId=room)["code"] == "room_not_found"
    assert alice.ask("createRoom", roomId=room)["code"] == "room_exists"


def _bare(error: Frame) -> Frame:
    return {name: value for name, value in error.items() if name != "requestId"}
