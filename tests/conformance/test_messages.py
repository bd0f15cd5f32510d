"""Messages: their order, repetition and recipients, and how a client resumes."""

import pytest

from tests.conformance.client import Connect, ValidatingClient
from tests.support.clients.websocket import Frame


@pytest.fixture
def epoch(bob: ValidatingClient, room: str) -> str:
    """Let bob join the room; return its epoch."""
    return str(bob.get("joinRoom", "roomJoined", roomId=room)["room"]["epoch"])


def history(who: ValidatingClient, room: str, **fields: int) -> Frame:
    return who.get("getHistory", "history", roomId=room, **fields)


def test_a_message_reaches_the_room(
    alice: ValidatingClient, bob: ValidatingClient, room: str, epoch: str
) -> None:
    """Other users receive a message as it was stored; its sender is the connection's user."""
    assert epoch
    sent = alice.say(room, "hi 🫖\n\tthere")

    assert bob.next_event("message")["message"] == sent
    assert sent["sender"]["userId"] == alice.user_id()
    assert (sent["roomId"], sent["text"]) == (room, "hi 🫖\n\tthere")


def test_a_sender_cannot_be_forged(alice: ValidatingClient, room: str) -> None:
    """A frame that names its sender is `bad_request`."""
    forged = {"roomId": room, "text": "hi", "sender": {"userId": "bob"}}

    assert alice.refused("sendMessage", **forged) == "bad_request"


def test_the_senders_other_connections_get_the_event(
    alice: ValidatingClient, connect: Connect, room: str
) -> None:
    """The sending connection gets the reply and no event; the user's others get the event."""
    tab = connect("alice")
    tab.get("joinRoom", "roomJoined", roomId=room)

    sent = alice.say(room, "hi")

    assert tab.next_event("message")["message"] == sent
    assert "message" not in alice.event_types()


def test_messages_reach_only_the_room(
    alice: ValidatingClient, bob: ValidatingClient, connect: Connect, room: str
) -> None:
    """A connection that is not in the room, or has left it, receives no event of it."""
    inside = connect("bob")
    for client in (inside, bob):
        client.get("joinRoom", "roomJoined", roomId=room)
    bob.get("leaveRoom", "roomLeft", roomId=room)

    alice.say(room, "hi")

    inside.next_event("message")
    assert "message" not in bob.event_types()


def test_seqs_rise(alice: ValidatingClient, bob: ValidatingClient, room: str, epoch: str) -> None:
    """Each `seq` is unique and higher than the one before; the history has that order."""
    assert epoch
    said = [who.say(room, "hi") for who in (alice, bob, alice, bob)]

    seqs = [message["seq"] for message in said]
    assert seqs == sorted(set(seqs))
    assert history(bob, room)["messages"] == said


def test_a_repetition_is_one_message(
    alice: ValidatingClient, bob: ValidatingClient, connect: Connect, room: str, epoch: str
) -> None:
    """The same clientMessageId of the same user is the same message, from any connection."""
    assert epoch
    tab = connect("alice")
    tab.get("joinRoom", "roomJoined", roomId=room)

    first = alice.say(room, "hi", clientMessageId="m1")
    copies = [alice.say(room, "hi", clientMessageId="m1"), tab.say(room, "x", clientMessageId="m1")]

    assert copies == [first, first]
    assert first["clientMessageId"] == "m1"
    assert bob.say(room, "hi", clientMessageId="m1")["seq"] != first["seq"], "another user's"
    assert len(history(alice, room)["messages"]) == 2


def test_pages(alice: ValidatingClient, room: str) -> None:
    """Pages before and after a `seq` are in its order; `hasMore` is about their direction."""
    said = [alice.say(room, str(n)) for n in range(4)]
    seqs = [message["seq"] for message in said]

    pages = [
        history(alice, room, limit=3),
        history(alice, room, before=seqs[1]),
        history(alice, room, after=seqs[0], limit=2),
        history(alice, room, after=seqs[3]),
    ]

    assert [page["messages"] for page in pages] == [said[1:], said[:1], said[1:3], []]
    assert [page["hasMore"] for page in pages] == [True, False, True, False]


def test_resuming(alice: ValidatingClient, bob: ValidatingClient, room: str, epoch: str) -> None:
    """A client that joins with `after` and `epoch` gets exactly the messages that it missed."""
    seen = alice.say(room, "seen")["seq"]
    bob.get("leaveRoom", "roomLeft", roomId=room)
    missed = [alice.say(room, text) for text in ("one", "two")]

    back = bob.get("joinRoom", "roomJoined", roomId=room, after=seen, epoch=epoch)

    assert (back["resumed"], back["messages"], back["hasMore"]) == (True, missed, False)


def test_not_resuming(
    alice: ValidatingClient, bob: ValidatingClient, room: str, epoch: str
) -> None:
    """With another room's epoch, or only one of both, `resumed` is false with the latest page."""
    said = [alice.say(room, text) for text in ("one", "two")]

    other = bob.get("joinRoom", "roomJoined", roomId=room, after=said[0]["seq"], epoch="another")
    half = bob.get("joinRoom", "roomJoined", roomId=room, after=said[0]["seq"])

    assert epoch != "another"
    assert [(it["resumed"], it["messages"]) for it in (other, half)] == [(False, said)] * 2


def test_a_message_is_deleted(
    alice: ValidatingClient, bob: ValidatingClient, room: str, epoch: str
) -> None:
    """A deleted message keeps its place without its text; resuming clients get its `seq`."""
    seen = alice.say(room, "oops")["seq"]

    left = alice.get("deleteMessage", "messageDeleted", roomId=room, seq=seen)["message"]

    assert (left["seq"], left["text"], left["deletedBy"]) == (seen, "", alice.user_id())
    assert bob.next_event("messageChanged")["message"] == left
    assert history(bob, room)["messages"] == [left]
    back = bob.get("joinRoom", "roomJoined", roomId=room, after=seen, epoch=epoch)
    assert (back["resumed"], back["deleted"]) == (True, [seen])
