"""The deployed stack, over real WebSockets."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.support.bad_frames import BAD
from tests.support.clients.websocket import WebSocketClient, connected

Enter = Callable[..., WebSocketClient]


@pytest.fixture
def enter(web_socket_url: str) -> Iterator[Enter]:
    """Return a function that connects users; close the connections in the end."""
    with ExitStack() as people:
        yield lambda name, **query: people.enter_context(
            connected(web_socket_url, name=name, **query)
        )


@pytest.fixture
def room() -> str:
    """Return a room id that no other test uses."""
    return uuid.uuid4().hex


def test_every_action_is_answered(enter: Enter, room: str) -> None:
    """Each row of the protocol's table has its reply, under the request's own id."""
    alice = enter("alice")

    replies = [
        alice.ask("hello"),
        alice.ask("createRoom", roomId=room, name="Tea"),
        alice.ask("joinRoom", roomId=room),
        alice.ask("sendMessage", roomId=room, text="hi"),
        alice.ask("getHistory", roomId=room),
        alice.ask("listMembers", roomId=room),
        alice.ask("leaveRoom", roomId=room),
        alice.ask("ping"),
        alice.ask("dance"),
    ]

    assert [reply["type"] for reply in replies] == [
        "welcome",
        "roomCreated",
        "roomJoined",
        "messageSent",
        "history",
        "members",
        "roomLeft",
        "pong",
        "error",
    ]
    assert alice.events == []


def test_messages_reach_their_room_only(enter: Enter, room: str) -> None:
    """Two users in a room receive each other's messages in order; others receive none."""
    alice, bob, eve = enter("alice"), enter("bob"), enter("eve")
    alice.ask("createRoom", roomId=room)
    bob.ask("joinRoom", roomId=room)
    eve.ask("createRoom", roomId=f"{room}-2")

    said = [alice.say(room, "one"), bob.say(room, "two"), alice.say(room, "three 🫖")]

    assert [m["seq"] for m in said] == sorted(m["seq"] for m in said)
    assert [bob.next_event("message")["message"] for _ in range(2)] == [said[0], said[2]]
    assert alice.next_event("message")["message"] == said[1]
    assert said[1]["sender"]["name"] == "bob"
    assert eve.ask("ping")["type"] == "pong"
    assert eve.events == []


def test_sender_cannot_be_forged(enter: Enter, room: str) -> None:
    """A frame that names its sender is refused; the sender is the connection's user."""
    alice = enter("alice")
    alice.ask("createRoom", roomId=room)

    forged = alice.ask("sendMessage", roomId=room, text="hi", sender={"userId": "bob"})

    assert forged["code"] == "bad_request"
    assert forged["message"] == "$.sender: unknown field"
    assert alice.say(room, "hi")["sender"]["name"] == "alice"


def test_member_list_follows_connections(enter: Enter, room: str) -> None:
    """The member list follows joins, a second tab, leaves, closes and a killed client."""
    alice = enter("alice")
    alice.ask("createRoom", roomId=room)
    bob, bobs_tab = (enter("bob", key="0123456789abcdef") for _ in range(2))
    carol, dave = enter("carol"), enter("dave")
    for other in (bob, bobs_tab, carol, dave):
        other.ask("joinRoom", roomId=room)

    everyone = alice.member_names(room)
    bob.close()
    carol.ask("leaveRoom", roomId=room)
    carol_left = alice.next_event("memberLeft")
    without_carol = alice.member_names(room)
    dave.reset()
    dave_left = alice.next_event("memberLeft")
    bobs_tab.close()
    bob_left = alice.next_event("memberLeft")

    assert everyone == ["alice", "bob", "carol", "dave"]
    assert without_carol == ["alice", "bob", "dave"]
    assert carol_left["memberCount"] == 3
    assert dave_left["memberCount"] == 2
    assert bob_left["memberCount"] == 1
    assert alice.member_names(room) == ["alice"]
    assert [e["member"]["name"] for e in alice.events] == ["bob", "carol", "dave"]


def test_catches_up_after_an_absence(enter: Enter, room: str) -> None:
    """A client that was away gets exactly the messages that it missed."""
    alice, bob = enter("alice"), enter("bob")
    alice.ask("createRoom", roomId=room)
    epoch = bob.ask("joinRoom", roomId=room)["room"]["epoch"]
    seen = alice.say(room, "seen")["seq"]
    bob.close()
    missed = [alice.say(room, text) for text in ("one", "two")]

    back = enter("bob").ask("joinRoom", roomId=room, after=seen, epoch=epoch)

    assert (back["resumed"], back["messages"]) == (True, missed)


def test_repeats_are_one_message(enter: Enter, room: str) -> None:
    """A resent message is the same message."""
    alice = enter("alice")
    alice.ask("createRoom", roomId=room)

    first = alice.say(room, "hi", clientMessageId="m1")
    again = alice.say(room, "hi", clientMessageId="m1")

    assert again == first
    assert alice.ask("getHistory", roomId=room)["messages"] == [first]


def test_bad_input_gets_errors_on_an_open_connection(enter: Enter) -> None:
    """The error of each bad frame names its field, and the connection stays open."""
    alice = enter("alice")
    alice.ask("createRoom", roomId="tea")
    sendable = {name: row for name, row in BAD.items() if name != "raw surrogate"}

    answered = {name: alice.exchange(frame) for name, (frame, _, _) in sendable.items()}

    for name, (_, code, message) in sendable.items():
        assert (name, answered[name]["code"]) == (name, code)
        assert answered[name]["message"].startswith(message), (name, answered[name])
    assert alice.ask("ping")["type"] == "pong"
    assert len(alice.ask("getHistory", roomId="tea")["messages"]) == 0


@pytest.mark.parametrize("frame", [b"\x00\xff\xfe", b"hello", b"\xed\xa0\x80"])
def test_binary_frames_get_errors(enter: Enter, frame: bytes) -> None:
    """Binary frames are answered, and the connection stays open."""
    alice = enter("alice")

    assert alice.exchange(frame)["code"] == "bad_request"

    assert alice.ask("ping")["type"] == "pong"


def test_limits_reach_the_client(enter: Enter) -> None:
    """`welcome` has the limits of the environment, and the server applies them."""
    alice = enter("alice")
    limit = alice.ask("hello")["limits"]["textLength"]
    room_id = alice.ask("createRoom")["room"]["roomId"]

    assert alice.say(room_id, "x" * limit)["seq"] == 1
    too_long = alice.ask("sendMessage", roomId=room_id, text="x" * (limit + 1))
    assert too_long["code"] == "too_large"
